"""Fold what does not change a question's meaning: width, case, script, invisible signs, spaced-out characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

MAX_CHARACTERS = 50_000

CJK = "\u3400-\u9fff"
_NOT_WORD = re.compile(rf"[^0-9a-z\u00c0-\u024f{CJK}]+")
_SPACED_OUT = re.compile(rf"(?<![{CJK}])[{CJK}](?: [{CJK}](?![{CJK}]))+")
_RUN = re.compile(rf"[{CJK}]+|[0-9a-z\u00c0-\u024f]+")
_HAS_CJK = re.compile(rf"[{CJK}]")
_LATIN_WORD = re.compile(r"[a-z]{2,}", re.IGNORECASE)


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """One table for ``str.translate``: Traditional to Simplified, and signs that nobody sees to nothing."""
    signs = [chr(code) for code in range(0x3400, 0xA000)]
    plain = opencc.OpenCC("t2s").convert("\n".join(signs)).split("\n")
    rare = opencc.OpenCC("s2t").convert("\n".join(signs)).split("\n")
    # Read backwards, the other table knows a few signs that the first forgets (暱).
    table = {ord(other): sign for sign, other in zip(signs, rare, strict=True) if sign != other}
    table.update({ord(sign): other for sign, other in zip(signs, plain, strict=True) if sign != other})
    # A few signs go two steps (薴, 苧, 苎): take both at once, so that folding twice changes nothing.
    table = {sign: table.get(ord(other), other) for sign, other in table.items()}
    # Soft hyphen, zero width, direction marks, variation selectors, BOM; apostrophes join (don't = dont).
    unseen = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff'\u2018\u2019`\u00b4"
    table.update({ord(sign): "" for sign in unseen})
    return table


def simplify(text: str) -> str:
    """Replace Traditional characters by Simplified ones, sign by sign, and drop what is invisible."""
    return text.translate(_table())


def fold(text: str) -> str:
    """Return the text as words and Chinese runs between single spaces; two texts that fold alike are the same question."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    folded = _NOT_WORD.sub(" ", simplify(text.lower())).strip()
    if " " in folded and not folded.isascii():
        folded = _SPACED_OUT.sub(lambda m: m[0].replace(" ", ""), folded)
    return folded


def exact_key(folded: str) -> str:
    """What must be equal for two folded texts to count as the same phrasing."""
    return folded.replace(" ", "") if not folded.isascii() else folded


def runs(folded: str) -> list[str]:
    """Split a folded text into Latin words and unbroken Chinese runs."""
    return _RUN.findall(folded)


def is_cjk(run: str) -> bool:
    """Say whether a run consists of Chinese characters."""
    return "\u3400" <= run[0] <= "\u9fff"


def guess_language(text: str) -> str:
    """Guess ``zh-CN`` or ``en``: Chinese unless Latin words clearly outweigh the Chinese characters."""
    chinese = len(_HAS_CJK.findall(text))
    if not chinese:
        return "en" if _LATIN_WORD.search(text) else "zh-CN"
    return "en" if sum(1 for _ in _LATIN_WORD.finditer(text)) > 2 * chinese else "zh-CN"
