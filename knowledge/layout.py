"""Where each number of a score vector stands, so that every group's phrasings are gone through in a few long strides."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.postings import Ints

Floats = NDArray[np.floating[Any]]

FILLED = 0.8
"""Of the groups so many have a phrasing for each row of the rectangle; more would leave gaps, fewer a long rest."""


class Layout:
    """A rectangle with all first phrasings, all second, …; then the rest, group by group.

    A place of the rectangle that no phrasing has stays 0, which no sum and no maximum minds: no score is less.
    """

    def __init__(self, phrasings: Ints) -> None:
        """Lay out groups of so many ``phrasings`` each."""
        self.groups = len(phrasings)
        self.rows = max(1, int(np.sort(phrasings)[int((1 - FILLED) * self.groups)]))
        ends = np.cumsum(phrasings)
        owner = np.repeat(np.arange(self.groups), phrasings)
        nth = np.arange(len(owner)) - np.repeat(ends - phrasings, phrasings)
        self._rest = self.groups * self.rows
        places = nth * self.groups + owner
        is_rest = nth >= self.rows
        places[is_rest] = self._rest + np.arange(np.count_nonzero(is_rest))
        self.places: NDArray[np.int32] = places.astype(np.int32)
        """The place of each phrasing."""
        self.width = self._rest + int(np.count_nonzero(is_rest))
        self._bounds: list[int] = [0, *ends.tolist()]
        self._long = np.flatnonzero(phrasings > self.rows)
        beyond = phrasings[self._long] - self.rows
        self._long_starts = np.cumsum(beyond) - beyond

    def best(self, total: Floats) -> Floats:
        """Return each group's highest number among its phrasings'."""
        best: Floats = total[: self._rest].reshape(self.rows, self.groups).max(axis=0)
        if len(self._long):
            rest = np.maximum.reduceat(total[self._rest :], self._long_starts)
            best[self._long] = np.maximum(best[self._long], rest)
        return best

    def sums(self, total: Floats) -> Floats:
        """Return the sum of each group's numbers."""
        sums: Floats = total[: self._rest].reshape(self.rows, self.groups).sum(axis=0)
        if len(self._long):
            sums[self._long] += np.add.reduceat(total[self._rest :], self._long_starts)
        return sums

    def phrasings_of(self, group: int, total: Floats) -> Floats:
        """Return the numbers of a group's phrasings, in their order."""
        return total[self.places[self._bounds[group] : self._bounds[group + 1]]]
