"""Which group of phrasings a text means, with the probability of being right; "none of these" is one of the options."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.features import tokens
from knowledge.index import Floats, Index

CANDIDATES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """The fitted weights: best phrasing and centroid for a group, and what speaks for "none of these"."""

    best: float = 6.343
    centroid: float = 18.209
    none: float = 3.957
    none_best: float = -0.079
    none_centroid: float = 8.838


@dataclass(frozen=True, slots=True)
class Candidate:
    """A group that may be meant: its number, its probability, and the number of its nearest phrasing."""

    group: int
    probability: float
    phrasing: int


class Scorer:
    """Groups of folded phrasings, one group per entry and language; read-only once built."""

    def __init__(self, groups: Sequence[Sequence[str]], constants: Constants | None = None) -> None:
        self.constants = constants or Constants()
        self._index = Index(groups) if groups else None

    def rank(self, folded: str) -> list[Candidate]:
        """Return the likeliest groups, best first; their probabilities leave room for "none of these"."""
        found = tokens(folded)
        if self._index is None or not found:
            return []
        best, centroid, nearest = self._index.scores(found)
        return self._weigh(best, centroid, nearest)

    def _weigh(self, best: Floats, centroid: Floats, phrasings: Floats) -> list[Candidate]:
        c = self.constants
        value = c.best * best + c.centroid * centroid
        none = c.none + c.none_best * float(best.max()) + c.none_centroid * float(centroid.max())
        count = min(CANDIDATES, len(value))
        order = np.argpartition(value, -count)[-count:] if count < len(value) else np.arange(count)
        order = order[np.argsort(-value[order], kind="stable")]
        top = max(float(value[order[0]]), none)
        share = np.exp(value[order] - top)
        share /= share.sum() + math.exp(none - top)
        assert self._index is not None
        return [
            Candidate(group, probability, self._index.nearest(group, phrasings))
            for group, probability in zip(order.tolist(), share.tolist(), strict=True)
        ]
