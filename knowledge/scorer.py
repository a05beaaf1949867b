"""Which group of phrasings a text means, with the probability of being right; "none of these" is one of the options."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter, mul
from typing import NamedTuple

import numpy as np

from knowledge.features import Reader
from knowledge.group_meanings import GroupMeanings
from knowledge.index import Floats, Index, Scores
from knowledge.postings import Ints
from knowledge.weights import FITTED, ROUGH, Evidence
from knowledge.word_vectors import word_vectors

SHORTLIST, CANDIDATES = 48, 12
WORTH_A_LOOK = 0.01
BLOCK = 32


class Candidate(NamedTuple):
    """A group that may be meant: its number, its probability, how well each of its phrasings fits (None: word for word)."""

    group: int
    probability: float
    phrasings: Floats | None = None
    evidence: Evidence | None = None

    @property
    def phrasing(self) -> int:
        """Its nearest phrasing, counted from its first; -1 if it is too unlikely to look."""
        if self.phrasings is None:
            return 0
        return int(self.phrasings.argmax()) if self.probability > WORTH_A_LOOK else -1


@dataclass(frozen=True, slots=True)
class Found:
    """What a message has in common with the groups worth weighing, in no order, and the most with any group."""

    groups: Sequence[int]
    evidence: Sequence[Evidence]
    highest: Evidence
    scores: Scores
    has_head: bool
    has_meaning: bool


class Scorer:
    """Groups of folded phrasings, one group per entry and language; read-only once built."""

    def __init__(
        self,
        groups: Sequence[Sequence[str]],
        reader: Reader | None = None,
        index: Index | None = None,
        *,
        with_meaning: bool = True,
        before: object = None,
    ) -> None:
        """Take the ``index`` of these groups, and what the scorer ``before`` knew of them, where there are any.

        The meaning of words counts where the extra ``words`` is installed, unless ``with_meaning`` says otherwise.
        """
        self._reader = reader or Reader()
        self._index = index or (Index(groups, self._reader) if groups else None)
        vectors = word_vectors() if with_meaning else None
        self._meanings = None
        if vectors is not None:
            self._meanings = GroupMeanings(
                groups, vectors, before._meanings if isinstance(before, Scorer) else None
            )

    @property
    def index(self) -> Index | None:
        """The index; None without groups."""
        return self._index

    def prepare(self, folded: Sequence[str]) -> None:
        """Nothing: by words, several texts take the time of each."""

    def rank(self, folded: str) -> list[Candidate]:
        """Return the likeliest groups, best first; their probabilities leave room for "none of these"."""
        found = self.look(folded)
        if self._index is None or found is None:
            return []
        return [
            Candidate(
                found.groups[n],
                probability,
                self._index.phrasings_of(found.groups[n], found.scores),
                found.evidence[n],
            )
            for n, probability in weigh(found)
        ]

    def look(self, folded: str) -> Found | None:
        """Gather the evidence for the groups worth weighing; None if the text holds nothing to read."""
        tokens = self._reader.tokens(folded)
        if self._index is None or not tokens:
            return None
        scores = self._index.scores(tokens)
        vector = self._meanings.vector(folded, self._index.nearest) if self._meanings else None
        rough = ROUGH.best * scores.best + ROUGH.centroid * scores.centroid
        meaning = None
        if self._meanings is None or vector is None:
            chosen = _highest(rough, CANDIDATES)
        else:
            listed = _highest(rough, SHORTLIST)
            near = self._meanings.cosines(vector, listed)
            places = _highest(rough[listed] + ROUGH.meaning * near, CANDIDATES)
            chosen, meaning = listed[places], near[places]
        votes = self._index.votes(chosen, scores)
        nothing = [0.0] * len(chosen)
        evidence = [
            Evidence(*each)
            for each in zip(
                scores.best[chosen].tolist(),
                scores.centroid[chosen].tolist(),
                self._index.coverage(chosen, scores).tolist(),
                nothing if votes is None else votes.tolist(),
                nothing if meaning is None else meaning.tolist(),
                strict=True,
            )
        ]
        highest = Evidence(*map(max, zip(*evidence, strict=True)))
        return Found(chosen.tolist(), evidence, highest, scores, votes is not None, meaning is not None)


def _highest(value: Floats, most: int) -> Ints:
    """Return the places of the highest values, in no order; of equal ones at the end, the first.

    Of many values the highest of each block are looked at first: most blocks hold nothing worth sorting.
    """
    if most >= len(value):
        return np.arange(len(value))
    if most * BLOCK > len(value):
        return np.argpartition(value, -most)[-most:]
    tops = np.maximum.reduceat(value, np.arange(0, len(value), BLOCK))
    least = np.partition(tops, -most)[-most]
    found = np.flatnonzero(value > least)
    if len(found) < most:
        return np.concatenate([found, np.flatnonzero(value == least)[: most - len(found)]])
    return found[np.argpartition(value[found], -most)[-most:]]


def weigh(found: Found) -> list[tuple[int, float]]:
    """Turn evidence into probabilities, best first, by place in ``found``: a softmax over its groups and "none of these".

    A dozen numbers are worked through sooner one by one than by twenty calls into an array library.
    """
    weights = FITTED[found.has_head, found.has_meaning]
    none = weights.none + _product(weights.highest, found.highest)
    value = [_product(weights.entry, one) for one in found.evidence]
    ranked = sorted(enumerate(value), key=itemgetter(1), reverse=True)
    top = max(ranked[0][1], none)
    share = [math.exp(one - top) for _, one in ranked]
    whole = sum(share) + math.exp(none - top)
    return [(n, each / whole) for (n, _), each in zip(ranked, share, strict=True)]


def _product(weights: Evidence, found: Evidence) -> float:
    total: float = sum(map(mul, weights, found))
    return total
