"""What was claimed against what is on file: both in one form, then equal or not. Nothing is similar here.

A near miss is a miss: whoever may guess until it is nearly right has guessed.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gateway.domain.records import Claims

TAIL = 4
_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212_/().]+")
_IN_NAMES = re.compile(r"[\s\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65]+")
_COVERED = re.compile(r"[*＊•xX#?？]{2,}|[*＊]")
_LEAST_NAME = 2


def folded(text: str) -> str:
    """Return ``text`` in half-width signs (NFKC), without anything that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(c for c in narrow if unicodedata.category(c) not in ("Cc", "Cf") or c in "\t\n\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderForm:
    """What the house's order numbers look like, so that nothing else is ever looked up."""

    pattern: re.Pattern[str] = re.compile(r"[0-9A-Z]{6,32}")
    check: str = ""
    """The check digits at the end: "", "luhn" (digits only) or "mod97" (ISO 7064 MOD 97-10)."""

    def key(self, given: str) -> str | None:
        """Return the one form of an order number; None if it cannot be one."""
        if len(given) > 100:
            return None
        key = folded(given)
        if not (key.isascii() and key.isalnum()):
            key = _GAPS.sub("", key).lstrip("#")
        key = key.upper()
        return key if self.pattern.fullmatch(key) and _is_checked(key, self.check) else None


def _is_checked(key: str, check: str) -> bool:
    if check == "luhn":
        return key.isascii() and key.isdigit() and _luhn(key)
    if check == "mod97":
        return key.isascii() and key.isalnum() and int("".join(str(int(c, 36)) for c in key)) % 97 == 1
    return True


def _luhn(digits: str) -> bool:
    doubled = ((int(d) * (1 + i % 2)) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def tail_of(phone: str) -> str:
    """Return the last four digits of a telephone, also of one that is covered before them; "" if there are none."""
    digits = _GAPS.sub("", folded(phone))
    found = re.search(r"[0-9]{4}$", digits)
    return found.group() if found else ""


def phone_of(phone: str, region: str) -> str:
    """Return a telephone in E.164, read as one of ``region`` unless it says otherwise; "" if it is none."""
    import phonenumbers  # 20 ms and 5 MB that only verification needs

    text = re.sub(r"^00(?=[1-9])", "+", _GAPS.sub("", folded(phone)))
    if not re.fullmatch(r"\+?[0-9]{5,18}", text):
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def name_of(name: str) -> str:
    """Return a full name without spaces and ``·``, case folded; "" if it is covered or shorter than a full name."""
    if _COVERED.search(folded(name)):
        return ""
    key, before = name, ""
    while key != before:  # a sign that was parted from its letter by a blank joins it once the blank is gone
        key, before = _IN_NAMES.sub("", folded(key)).casefold(), key
    return key if len(key) >= _LEAST_NAME else ""


def email_of(address: str) -> str:
    """Return an address of mail, case folded; "" if it is none."""
    key = folded(address).strip().casefold()
    return key if re.fullmatch(r"[^\s@*]+@[^\s@*]+\.[^\s@*]+", key) else ""


def agrees(
    claims: Claims,
    attrs: Mapping[str, str] | None,
    *,
    key: bytes,
    chance: Callable[[int], bytes],
    region: str = "CN",
) -> bool:
    """Return whether all that is claimed is on file. ``attrs`` None: there is no such order, and the same work is done.

    Every claim is compared, as HMACs under ``key`` and in constant time; where the file has nothing, with chance.
    """
    agreed, given = attrs is not None, 0
    for kind, claimed, on_file in _pairs(claims, attrs or {}, region):
        stored = _digest(key, kind, on_file) if on_file else chance(32)
        equal = hmac.compare_digest(_digest(key, kind, claimed), stored)
        agreed, given = agreed & equal & bool(claimed), given + 1
    return agreed and given > 0


def _pairs(claims: Claims, attrs: Mapping[str, str], region: str) -> Iterator[tuple[str, str, str]]:
    """Yield what is claimed and what is on file, in one form each; what has no right form is empty."""
    phone, name, email = attrs.get("phone", ""), attrs.get("name", ""), attrs.get("email", "")
    if claims.phone_tail:
        tail = _GAPS.sub("", folded(claims.phone_tail))
        yield "tail", tail if re.fullmatch(r"[0-9]{4}", tail) else "", tail_of(phone)
    if claims.phone:
        yield "phone", phone_of(claims.phone, region), phone_of(phone, region)
    if claims.name:
        yield "name", name_of(claims.name), name_of(name)
    if claims.email:
        yield "email", email_of(claims.email), email_of(email)


def _digest(key: bytes, kind: str, value: str) -> bytes:
    return hmac.digest(key, f"{kind}\0{value}".encode(), "sha256")
