"""A second reading of a message with its likely typos undone, for what reads words and cannot guess them.

Both readings are kept and the better one counts, so that a wrong guess costs little.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.lexicon import function_words
from knowledge.normalize import CJK, is_cjk, runs
from knowledge.pinyin import sound
from knowledge.stem import stem

_RUN = re.compile(rf"[{CJK}]+|[a-z\u00c0-\u024f]+")
SHORTEST, LIKENESS = 4, 0.7
MOST_REPAIRS = 8
REMEMBERED = 20_000


class Repair:
    """Knows the words and the pairs of characters that the phrasings use."""

    def __init__(self, folded: Iterable[str]) -> None:
        """Read the folded phrasings."""
        words, pairs = set[str](), Counter[str]()
        for text in folded:
            for run in runs(text):
                if is_cjk(run):
                    pairs.update(run[n : n + 2] for n in range(len(run) - 1))
                else:
                    words.add(run)
        self._words, self._stems = words, {stem(word) for word in words}
        self._meant = sorted(word for word in words | function_words() if len(word) >= SHORTEST - 1)
        self._pairs = frozenset(pairs)
        # Of two pairs that sound alike, the one the phrasings use more often is meant.
        self._heard = {_heard(pair): pair for pair, _ in sorted(pairs.items(), key=lambda each: each[1])}
        self._guessed: dict[str, str] = {}

    def __call__(self, folded: str) -> str:
        """Return the folded text with unknown words and pairs replaced by known ones that look or sound like them."""
        left = MOST_REPAIRS

        def known(found: re.Match[str]) -> str:
            nonlocal left
            run = found[0]
            better = self._by_sound(run) if is_cjk(run) else self._by_look(run) if left else run
            left -= better != run
            return better

        return _RUN.sub(known, folded)

    def _by_look(self, word: str) -> str:
        if (
            len(word) < SHORTEST
            or word in self._words
            or word in function_words()
            or stem(word) in self._stems
        ):
            return word
        guess = self._guessed.get(word)
        if guess is None:
            best = process.extractOne(
                word, self._meant, scorer=OSA.normalized_similarity, score_cutoff=LIKENESS
            )
            if len(self._guessed) > REMEMBERED:
                self._guessed = {}
            guess = self._guessed[word] = best[0] if best else word
        return guess

    def _by_sound(self, run: str) -> str:
        signs = list(run)
        for n in range(len(signs) - 1):
            pair = signs[n] + signs[n + 1]
            meant = None if pair in self._pairs else self._heard.get(_heard(pair))
            if meant is not None and (meant[0] == pair[0] or meant[1] == pair[1]):
                signs[n : n + 2] = meant
        return "".join(signs)


def _heard(pair: str) -> str:
    return f"{sound(pair[0])} {sound(pair[1])}"
