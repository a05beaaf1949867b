"""Phone numbers as one compares them: digits only, however they are written."""

import unicodedata

LEAST, MOST = 5, 18
_PREFIXES = ("0086", "86")


def phone_key(text: str) -> str | None:
    """Return the digits of a number, without China's own prefix before a mobile one; None if it is no phone number."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())
    for prefix in _PREFIXES:
        if digits.startswith(prefix) and len(digits) == len(prefix) + 11:
            digits = digits[len(prefix) :]
            break
    return digits if LEAST <= len(digits) <= MOST else None


def spellings(word: str) -> tuple[str, ...]:
    """Return how an address or a telephone's number may stand in the records that is looked for in full."""
    forms = [word, word.lower()]
    if digits := phone_key(word):
        forms += [digits, f"+86{digits}", f"+{digits}"]
    return tuple(dict.fromkeys(forms))
