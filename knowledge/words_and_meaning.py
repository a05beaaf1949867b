"""What speaks for each entry when words and meaning are both looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from knowledge.index import Floats, Index
from knowledge.meaning import Meaning, joined
from knowledge.postings import Ints
from knowledge.scorer import CANDIDATES
from knowledge.semantic import Encoder

SHORTLIST = 48
# How much counts for being looked at at all, before anything is weighed: best phrasing, centroid, the same by meaning.
ROUGH = (6.0, 5.0, 2.0, 15.0)


class Weighed(NamedTuple):
    """Five numbers for each chosen group, and the highest of each among all.

    They are the cosines by words to the best phrasing and to the centroid, the same by meaning, and the head's vote.
    """

    chosen: Ints
    rows: Floats
    highest: Floats
    has_head: bool
    phrasings: list[Floats]
    """How well each phrasing of each chosen group fits."""


class WordsAndMeaning:
    """Groups of folded phrasings by their words (``index``) and by their meaning; safe to read from many threads."""

    def __init__(
        self, groups: Sequence[Sequence[str]], index: Index, encoder: Encoder, *, with_head: bool = True
    ) -> None:
        """Encode the phrasings and, unless there are too many, train a head on both kernels."""
        self.index = index
        self._meaning = Meaning(groups, encoder)
        self._count = len(groups)
        self._head: Floats | None = None
        if with_head and len(groups) > 1 and self._meaning.is_small:
            self._head = self._meaning.train(self._cosines([text for group in groups for text in group]))

    def prepare(self, folded: Sequence[str]) -> None:
        """Read several texts that will be weighed, all at once."""
        self._meaning.prepare(folded)

    def weighed(self, folded: str) -> Weighed | None:
        """Return what is weighed of a message; None if it holds nothing to read."""
        tokens = self.index.reader.tokens(folded)
        if not tokens:
            return None
        words, read = self.index.scores(tokens), self._meaning.read(folded)
        near = self._meaning.nearness(read)
        rough = ROUGH[0] * words.best + ROUGH[1] * words.centroid + ROUGH[3] * near.centroid
        listed = _best_of(np.arange(self._count), rough, SHORTLIST)
        cosines = self._meaning.phrasings_of(listed, read, near)
        best = np.array([one.max() for one in cosines])
        places = _best_of(np.arange(len(listed)), rough[listed] + ROUGH[2] * best, CANDIDATES)
        chosen = listed[places]
        votes = np.zeros(self._count)
        if self._head is not None and near.phrasings is not None:
            votes = self._head @ joined(near.phrasings, words.phrasings)
        columns = (words.best, words.centroid, near.centroid, votes)
        rows = np.stack([each[chosen] for each in columns], axis=1)
        highest = np.array([each.max() for each in columns])
        return Weighed(
            chosen=chosen,
            rows=np.insert(rows, 2, best[places], axis=1),
            highest=np.insert(highest, 2, best.max()),
            has_head=self._head is not None,
            phrasings=[cosines[n] + self.index.phrasings_of(int(listed[n]), words) for n in places],
        )

    def _cosines(self, texts: Sequence[str]) -> Floats:
        """Return the cosine by words of every phrasing with every other."""
        tokens = self.index.reader.tokens
        rows = np.stack([self.index.scores(tokens(text)).phrasings for text in texts])
        both: Floats = (rows + rows.T) / 2
        return both


def _best_of(ids: Ints, scores: Floats, count: int) -> Ints:
    """Return those ``count`` of ``ids`` whose scores are highest, in no order."""
    return ids if len(ids) <= count else ids[np.argpartition(scores, -count)[-count:]]
