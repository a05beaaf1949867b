"""Where each group of phrasings lies among the meanings of English words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from knowledge.index import Floats
from knowledge.postings import Ints
from knowledge.word_vectors import DIMENSIONS, Vector, WordVectors


class GroupMeanings:
    """The middle of each group, as the words' vectors have it; read-only once built."""

    def __init__(
        self, groups: Sequence[Sequence[str]], vectors: WordVectors, before: GroupMeanings | None = None
    ) -> None:
        """Take the groups that stand in ``before`` word for word from there."""
        self._vectors = vectors
        known = before._places if before is not None and before._vectors is vectors else {}
        self._places: dict[tuple[str, ...], int]
        keys = [tuple(group) for group in groups]
        self._middles = np.zeros((len(groups), DIMENSIONS), dtype=np.float32)
        for n, key in enumerate(keys):
            at = known.get(key)
            self._middles[n] = vectors.middle(key) if at is None or before is None else before._middles[at]
        self._places = {key: n for n, key in enumerate(keys)}

    def vector(self, folded: str, meant: Callable[[str], str | None]) -> Vector | None:
        """Return what a message means; None if it is not in English. ``meant`` guesses what a mistyped word stands for."""
        return self._vectors.of(folded, meant)

    def cosines(self, vector: Vector, groups: Ints) -> Floats:
        """Return how near a message is to these groups; 0 for groups of other languages."""
        found: Floats = self._middles[groups] @ vector
        return found
