"""The phrasings as vectors: how near a message is to each entry in meaning, and a head that weighs meaning with words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.head import MOST_PHRASINGS, train_head
from knowledge.index import Floats
from knowledge.postings import Ints
from knowledge.repair import Repair
from knowledge.semantic import Encoder, Vectors

# The kernel of the head: this share of meaning, the rest words; nearness in meaning falls off with this steepness.
MEANING_SHARE, STEEPNESS, RIDGE = 0.65, 2.5, 0.15
REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Nearness:
    """A message's cosines to each entry's centroid and to each phrasing (None: too many phrasings to look at all)."""

    centroid: Floats
    phrasings: Floats | None


class Meaning:
    """Vectors of groups of folded phrasings; safe to read from many threads."""

    def __init__(self, groups: Sequence[Sequence[str]], encoder: Encoder) -> None:
        """Encode every phrasing, which takes the better part of a millisecond each."""
        self._encoder = encoder
        texts = [text for group in groups for text in group]
        self._repair = Repair(texts)
        self._bounds = np.concatenate([[0], np.cumsum([len(group) for group in groups])])
        self.owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        vectors = encoder.encode(texts)
        middle = np.add.reduceat(vectors, self._bounds[:-1], axis=0)
        self._centroids = middle / np.linalg.norm(middle, axis=1, keepdims=True)
        self.is_small = len(texts) <= MOST_PHRASINGS
        self._vectors = vectors if self.is_small else vectors.astype(np.float16)
        self._read: dict[str, Vectors] = {}

    def read(self, folded: str) -> Vectors:
        """Return the vectors of a message: as it stands and, where that differs, with its typos undone."""
        known = self._read.get(folded)
        return self._read_all([folded])[folded] if known is None else known

    def prepare(self, folded: Sequence[str]) -> None:
        """Read several texts at once, which takes a third of the time of one after the other."""
        self._read_all([text for text in folded if text not in self._read])

    def _read_all(self, folded: Sequence[str]) -> dict[str, Vectors]:
        readings = {text: list(dict.fromkeys((text, self._repair(text)))) for text in folded}
        rows = iter(self._encoder.encode([text for both in readings.values() for text in both]))
        fresh = {text: np.stack([next(rows) for _ in both]) for text, both in readings.items()}
        self._read = fresh if len(self._read) >= REMEMBERED else self._read | fresh
        return fresh

    def nearness(self, read: Vectors) -> Nearness:
        """Compare a message, as ``read`` gave it, with everything."""
        phrasings = (self._vectors @ read.T).max(axis=1) if self.is_small else None
        return Nearness((self._centroids @ read.T).max(axis=1), phrasings)

    def phrasings_of(self, groups: Ints, read: Vectors, near: Nearness) -> list[Floats]:
        """Return the cosines to the phrasings of each of the ``groups``, in their order."""
        own = [slice(self._bounds[group], self._bounds[group + 1]) for group in groups.tolist()]
        if near.phrasings is not None:
            return [near.phrasings[part] for part in own]
        vectors = np.concatenate([self._vectors[part] for part in own]).astype(np.float32)
        ends = np.cumsum([part.stop - part.start for part in own])
        return np.split((vectors @ read.T).max(axis=1), ends[:-1])

    def train(self, cosines: Floats) -> Vectors:
        """Return how each phrasing votes on each group, given the phrasings' cosines by words."""
        kernel = joined(self._vectors @ self._vectors.T, cosines)
        return train_head(kernel, self.owners, len(self._bounds) - 1, RIDGE)


def joined(meaning: Floats, words: Floats) -> Floats:
    """Return one likeness out of the cosines by meaning and by words."""
    both: Floats = MEANING_SHARE * np.exp(STEEPNESS * (meaning - 1)) + (1 - MEANING_SHARE) * words
    return both
