"""What of a person is shown: finding personal data in text, and covering it.

Used where text leaves its place, as in logs: it would rather cover a number too many than show one, but leaves order,
ticket and tracking numbers alone. What is kept in the database is covered by ``covering``.
"""

import re
from collections.abc import Iterator

from gateway.domain.sensitive import Detector, found_by
from gateway.domain.sensitive_mail import emails
from gateway.domain.sensitive_numbers import cards, identities
from gateway.domain.sensitive_phones import phones
from gateway.domain.sensitive_secrets import secrets, tokens
from gateway.domain.sensitive_text import Found, Kind, narrow

_CAN_HOLD = re.compile(
    "[0-9０-９@＠=＝]|://|[零〇○一二三四五六七八九幺][零〇○一二三四五六七八九幺 -]{5}|[码碼令]|[Pp][Aa][Ss][Ss]|P[Ii][Nn]|pin|pw|"
    "earer|asic|whsec|ghp|sk[-_]|xox"
)
"""Without any of these there is nothing to find: most of what is logged."""

_LONG_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?!\d{4}-\d\d-\d\d(?!\d))"  # a date says nothing of anybody
    r"(?:[A-Za-z0-9]*\d{6,}[A-Za-z0-9]*(?:-\d+)*|[A-Za-z]{0,4}\d(?:[ -]?\d){5,})"
)

_COVERED = re.compile(r"[+A-Za-z0-9]*\*{3,}[A-Za-z0-9@.-]*")
"""What is covered already: ``138****5678``, ``z***@shop.example``."""


def find_personal(text: str) -> tuple[Found, ...]:
    """Return the personal data in ``text`` in order of place, none overlapping; also what only looks like it."""
    if not _CAN_HOLD.search(text):
        return ()
    return found_by(_DETECTORS, text, with_doubt=True)


def mask_text(text: str) -> str:
    """Return ``text`` with every piece of personal data covered."""
    return "".join(_pieces(text, find_personal(text)))


def strike(text: str) -> str:
    """Return ``text`` with personal data and long numbers (orders, parcels, tickets) replaced by ``…``.

    For words that are to be shown to everybody: of the covered forms, too, somebody could be recognised.
    """
    text = _COVERED.sub("…", text)
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
    local, at, domain = narrow(address).rpartition("@")
    return f"{local[:1]}***{at}{domain}"


def mask_phone(number: str) -> str:
    """Return ``138 1234 5678`` as ``138****5678``; a short number keeps its last two digits only."""
    digits = "".join(c for c in narrow(number) if c.isdigit() or c == "+")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"****{digits[-2:]}"


def _pieces(text: str, found: tuple[Found, ...]) -> Iterator[str]:
    reached = 0
    for one in found:
        yield text[reached : one.start]
        yield mask(one.kind, text[one.start : one.end])
        reached = one.end
    yield text[reached:]


_DETECTORS: tuple[Detector, ...] = (emails, tokens, secrets, identities, cards, phones)
