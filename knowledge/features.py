"""What of a question is compared: stems, word pairs and letter groups; characters, character pairs and their sound."""

from __future__ import annotations

from functools import lru_cache

from knowledge.normalize import is_cjk, runs
from knowledge.pinyin import sound
from knowledge.stem import stem

FIRST_CJK = "\u3400"

# How much each family of features counts (reference: measured on dev data, docs/explanation/matching.md).
STEM, WORD_PAIR, LETTERS = 3.0, 1.0, 1.0
CHARACTER, CHARACTER_PAIR, SOUND = 2.0, 1.0, 0.3


def tokens(folded: str) -> list[str]:
    """Cut a folded text into the units whose features are remembered: words, word pairs, characters, character pairs.

    A pair of words is two stems around a space; a lone Chinese character carries a trailing ``|``.
    """
    found: list[str] = []
    before = ""
    for run in runs(folded):
        if is_cjk(run):
            found += run if len(run) > 1 else (run + "|",)
            found += [run[n : n + 2] for n in range(len(run) - 1)]
            before = ""
        else:
            found.append(run)
            root = stem(run)
            if before:
                found.append(f"{before} {root}")
            before = root
    return found


def is_word(token: str) -> bool:
    """Say whether a token is one Latin word or number."""
    return token < FIRST_CJK and " " not in token


@lru_cache(maxsize=50_000)
def features(token: str) -> tuple[tuple[str, float], ...]:
    """Return a token's features with their family weights; the first is the one that names it."""
    if token >= FIRST_CJK:
        if token.endswith("|"):
            return (token[0], CHARACTER), (f"~{sound(token[0])}", SOUND)
        if len(token) == 1:
            return ((token, CHARACTER),)
        return (token, CHARACTER_PAIR), (f"~{sound(token[0])}|{sound(token[1])}", SOUND)
    if " " in token:
        return ((token, WORD_PAIR),)
    return ((f"={stem(token)}", STEM), *((group, LETTERS) for group in _letter_groups(token)))


def _letter_groups(word: str) -> list[str]:
    framed = f"<{word}>"
    size = len(framed)
    return [framed[n : n + k] for k in (2, 3, 4) for n in range(size - k + 1)]
