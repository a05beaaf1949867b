"""Words that ask the same thing, from an editable file: ``refund, reimburse, money back``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from knowledge.normalize import fold, is_cjk
from knowledge.stem import stem

WORDS = Path(__file__).parent / "words"
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Which groups of synonyms a word belongs to; Latin words and pairs by their stems."""

    groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    long_words: re.Pattern[str] = _NOTHING

    def meanings(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the groups that hold ``word``."""
        return self.groups.get(word, ())


def read_lexicon(lines: Iterable[str]) -> Lexicon:
    """Read groups, one a line, separated by commas; ``#`` begins a comment. Longer phrases than two words are left out."""
    groups: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(lines):
        for word in line.partition("#")[0].replace("，", ",").split(","):
            name = _name(fold(word))
            if name:
                groups[name] = (*groups.get(name, ()), number)
    long_words = sorted((w for w in groups if is_cjk(w) and len(w) > 2), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, long_words))) if long_words else _NOTHING
    return Lexicon(groups=groups, long_words=pattern)


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Return the synonyms that come with the product."""
    return read_lexicon((WORDS / "synonyms.txt").read_text(encoding="utf-8").splitlines())


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Return the English words whose letters say nothing about what is asked."""
    lines = (WORDS / "function_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _name(folded: str) -> str:
    if not folded or is_cjk(folded):
        return folded
    stems = [stem(word) for word in folded.split()]
    return " ".join(stems) if len(stems) <= 2 else ""
