"""Which language a message is in, in the words of triage: zh-Hans, zh-Hant, en, or mixed."""

import re

from knowledge.normalize import simplify

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"(?<![A-Za-z0-9@._/:#-])[A-Za-z][A-Za-z'’]*(?![A-Za-z0-9@_/:#]|[.-][A-Za-z0-9])")
_MEANS_LITTLE = frozenset(
    {
        "app",
        "ok",
        "vip",
        "wifi",
        "ios",
        "id",
        "sim",
        "line",
        "pos",
        "atm",
        "otp",
        "hi",
        "hello",
        "ps",
        "no",
        "kb",
        "gb",
        "mb",
    }
)


def language(text: str) -> str:
    """Return ``zh-Hans``, ``zh-Hant``, ``en`` or ``mixed`` (a clause or phrase in each); ``en`` where nothing says."""
    han = len(_HAN.findall(text))
    words = [word for word in _LATIN.findall(text) if len(word) > 1]
    if not han:
        return "en" if words else ("en" if text.isascii() else "zh-Hans")
    meaning = [word for word in words if word.islower() and word not in _MEANS_LITTLE]
    if len(meaning) >= 2 or (len(meaning) == 1 and han <= 12 and len(meaning[0]) >= 4):
        return "mixed"
    return "zh-Hant" if any(simplify(sign) != sign for sign in _HAN.findall(text)) else "zh-Hans"
