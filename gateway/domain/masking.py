"""What of a person is shown: finding personal data in text, and covering it.

Used where text leaves its place: logs, messages on unencrypted channels (K6), lists. It would rather cover a
number too many than show one, but leaves order, ticket and tracking numbers alone, or nobody could work.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["email", "id_number", "bank_card", "phone", "password", "token"]

# Full-width digits and marks, one character for one, so that places in the text stay true.
_NARROW = str.maketrans("０１２３４５６７８９－＠．：＋（）Ｘｘ　", "0123456789-@.:+()Xx ")

_LONG_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?!\d{4}-\d\d-\d\d(?!\d))"  # a date says nothing of anybody
    r"(?:[A-Za-z0-9]*\d{6,}[A-Za-z0-9]*(?:-\d+)*|[A-Za-z]{0,4}\d(?:[ -]?\d){5,})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A piece of personal data: ``text[start:end]``."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str) -> tuple[Found, ...]:
    """Return the personal data in ``text`` in order of place, none overlapping."""
    narrow = text.translate(_NARROW)
    found: list[Found] = []
    for kind, pattern, is_one in _DETECTORS:
        for match in pattern.finditer(narrow):
            start, end = match.span(match.lastgroup or 0)
            if is_one(narrow[start:end]) and not any(start < one.end and one.start < end for one in found):
                found.append(Found(kind=kind, start=start, end=end))
    return tuple(sorted(found, key=lambda one: one.start))


def mask_text(text: str) -> str:
    """Return ``text`` with every piece of personal data covered."""
    return "".join(_pieces(text, find_personal(text)))


def strike(text: str) -> str:
    """Return ``text`` with personal data and long numbers (orders, parcels, tickets) replaced by ``…``.

    For words that are to be shown to everybody: of the covered forms, too, somebody could be recognised.
    """
    found, reached, kept = find_personal(text), 0, ""
    for one in found:
        kept += text[reached : one.start] + "…"
        reached = one.end
    return _LONG_NUMBER.sub("…", kept + text[reached:])


def mask(kind: Kind, value: str) -> str:
    """Return one value covered in the way of its kind: enough to recognise it, too little to use it."""
    match kind:
        case "email":
            return mask_email(value)
        case "phone":
            return mask_phone(value)
        case "id_number":
            return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"
        case "bank_card":
            return f"**** {''.join(c for c in value if c.isdigit())[-4:]}"
        case _:
            return f"[{kind}]"


def mask_email(address: str) -> str:
    """Return ``zhang.wei@shop.example`` as ``z***@shop.example``."""
    local, at, domain = address.translate(_NARROW).rpartition("@")
    return f"{local[:1]}***{at}{domain}"


def mask_phone(number: str) -> str:
    """Return ``138 1234 5678`` as ``138****5678``; a short number keeps its last two digits only."""
    digits = "".join(c for c in number.translate(_NARROW) if c.isdigit() or c == "+")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"****{digits[-2:]}"


def _pieces(text: str, found: tuple[Found, ...]) -> Iterator[str]:
    reached = 0
    for one in found:
        yield text[reached : one.start]
        yield mask(one.kind, text[one.start : one.end])
        reached = one.end
    yield text[reached:]


def _always(_: str) -> bool:
    return True


def _has_birthday(value: str) -> bool:
    """Tell an 18-digit identity number from an order number by the birthday inside (GB 11643)."""
    try:
        return 1800 <= date(int(value[6:10]), int(value[10:12]), int(value[12:14])).year <= 2100
    except ValueError:
        return False


def _is_card(value: str) -> bool:
    """Check length and check digit (ISO/IEC 7812: Luhn)."""
    digits = [int(c) for c in value if c.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _is_personal_phone(value: str) -> bool:
    """Leave service hotlines (400, 800) readable: they belong to no person."""
    return not value.startswith(("400", "800"))


_Detector = tuple[Kind, re.Pattern[str], Callable[[str], bool]]

# In order of certainty: what an earlier one has taken, a later one leaves. A named group is the part covered.
_DETECTORS: tuple[_Detector, ...] = (
    ("email", re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"), _always),
    ("token", re.compile(r"(?<!\d)\d{6,12}:[\w-]{30,}"), _always),  # a Telegram bot's
    ("token", re.compile(r"\b(?:[Bb]earer|[Bb]asic) +(?P<token>[\w.~+/=-]{8,})"), _always),
    ("token", re.compile(r"\b(?:whsec|ghp|sk|xox[bp])[-_][\w-]{16,}"), _always),
    ("token", re.compile(r"[?&](?:token|key|secret|signature|password|code)=(?P<token>[^&\s]+)"), _always),
    ("password", re.compile(r"://[^\s/:@]+:(?P<password>[^\s/@]+)@"), _always),
    (
        "password",
        re.compile(
            r"(?:密码|密碼|口令|验证码|驗證碼|[Pp]ass(?:word|code)|PIN|pin code)"
            r"(?:是|为|為|:| is|=)+\s*(?P<password>[!-~]{4,})"
        ),
        _always,
    ),
    ("id_number", re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])"), _has_birthday),
    ("id_number", re.compile(r"(?<![0-9A-Za-z])[A-Z][12]\d{8}(?![0-9A-Za-z])"), _always),  # Taiwan
    ("id_number", re.compile(r"(?<![0-9A-Za-z])[A-Z]{1,2}\d{6}\([0-9A]\)"), _always),  # Hong Kong
    ("id_number", re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), _always),  # United States
    ("bank_card", re.compile(r"(?<![\d-])(?:[3-6]|2[2-7])(?:[ -]?\d){11,18}(?![\d-])"), _is_card),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"), _always),
    ("phone", re.compile(r"\+\d{1,3}(?:[ -]?\(?\d\)?){6,12}(?!\d)"), _always),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"), _always),  # Chinese land line
    ("phone", re.compile(r"(?<!\d)09\d{2}-?\d{3}-?\d{3}(?!\d)"), _always),  # Taiwan
    ("phone", re.compile(r"(?<!\d)07\d{3} ?\d{6}(?!\d)"), _always),  # United Kingdom
    (
        "phone",
        re.compile(r"(?<![\d-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d-])"),
        _is_personal_phone,
    ),
)
