"""Which group of phrasings a text means, with the probability of being right; "none of these" is one of the options."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from knowledge.features import Reader
from knowledge.index import Floats, Index, Scores
from knowledge.postings import Ints

CANDIDATES = 12
WORTH_A_LOOK = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """The fitted weights: what speaks for a group, and what for "none of these"."""

    best: float
    centroid: float
    head: float
    none: float
    none_best: float
    none_centroid: float
    none_head: float


# Fitted on the dev halves' tune queries by benchmarks/faq_fit.py; the second set is for FAQs too large for a head.
WITH_HEAD = Constants(
    best=6.837,
    centroid=11.213,
    head=4.482,
    none=4.202,
    none_best=1.115,
    none_centroid=5.233,
    none_head=-1.144,
)
WITHOUT_HEAD = Constants(
    best=8.449, centroid=16.143, head=0, none=3.876, none_best=0.509, none_centroid=9.295, none_head=0
)


class Candidate(NamedTuple):
    """A group that may be meant: its number, its probability, how well each of its phrasings fits (None: word for word)."""

    group: int
    probability: float
    phrasings: Floats | None = None

    @property
    def phrasing(self) -> int:
        """Its nearest phrasing, counted from its first; -1 if it is too unlikely to look."""
        if self.phrasings is None:
            return 0
        return int(self.phrasings.argmax()) if self.probability > WORTH_A_LOOK else -1


class Scorer:
    """Groups of folded phrasings, one group per entry and language; read-only once built."""

    def __init__(
        self, groups: Sequence[Sequence[str]], reader: Reader | None = None, index: Index | None = None
    ) -> None:
        """Take the ``index`` of these groups where there is one already."""
        self._reader = reader or Reader()
        self._index = index or (Index(groups, self._reader) if groups else None)

    @property
    def index(self) -> Index | None:
        """The index; None without groups."""
        return self._index

    def prepare(self, folded: Sequence[str]) -> None:
        """Nothing: by words, several texts take the time of each."""

    def rank(self, folded: str) -> list[Candidate]:
        """Return the likeliest groups, best first; their probabilities leave room for "none of these"."""
        found = self._reader.tokens(folded)
        if self._index is None or not found:
            return []
        scores = self._index.scores(found)
        chosen, votes = candidates(self._index, scores)
        return [
            Candidate(group, probability, self._index.phrasings_of(group, scores))
            for group, probability in weigh(scores, chosen, votes)
        ]


def candidates(index: Index, scores: Scores) -> tuple[Ints, Floats | None]:
    """Return the groups worth weighing, and the head's votes on them where there is a head."""
    value = WITHOUT_HEAD.best * scores.best + WITHOUT_HEAD.centroid * scores.centroid
    count = min(CANDIDATES, len(value))
    chosen = np.argpartition(value, -count)[-count:] if count < len(value) else np.arange(count)
    return chosen, index.votes(chosen, scores)


def weigh(scores: Scores, chosen: Ints, votes: Floats | None) -> list[tuple[int, float]]:
    """Turn scores into probabilities, best first: a softmax over the chosen groups and "none of these".

    A dozen numbers are worked through sooner one by one than by twenty calls into an array library.
    """
    c = WITHOUT_HEAD if votes is None else WITH_HEAD
    best, centroid = scores.best[chosen].tolist(), scores.centroid[chosen].tolist()
    none = c.none + c.none_best * float(scores.best.max()) + c.none_centroid * float(scores.centroid.max())
    voted = [0.0] * len(best) if votes is None else votes.tolist()
    if votes is not None:
        none += c.none_head * max(voted)
    value = [c.best * b + c.centroid * m + c.head * v for b, m, v in zip(best, centroid, voted, strict=True)]
    ranked = sorted(zip(value, chosen.tolist(), strict=True), key=itemgetter(0), reverse=True)
    top = max(ranked[0][0], none)
    share = [math.exp(one - top) for one, _ in ranked]
    whole = sum(share) + math.exp(none - top)
    return [(group, each / whole) for (_, group), each in zip(ranked, share, strict=True)]
