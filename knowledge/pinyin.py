"""How a character sounds, as a southern keyboard hears it: no tones, zh=z, ch=c, sh=s, l=n, -ng=-n."""

from __future__ import annotations

import os
from functools import lru_cache

# Its dictionary of phrases is 45 MB; a single character never needs one.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin


@lru_cache(maxsize=30_000)
def sound(character: str) -> str:
    """Return one character's toneless syllable with the usual confusions folded."""
    syllable = str(lazy_pinyin(character)[0])
    for full, flat in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if syllable.startswith(full):
            syllable = flat + syllable[2:]
    if syllable.startswith("l"):
        syllable = "n" + syllable[1:]
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable
