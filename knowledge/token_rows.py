"""What single tokens add to the scores, the latest of them remembered in a bounded number of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.postings import Ints

Floats = NDArray[np.floating[Any]]

REMEMBERED_BYTES, ROW_OVERHEAD = 32_000_000, 700


@dataclass(frozen=True, slots=True)
class TokenRow:
    """What one token adds: to the scores (everywhere, or at ``places``, some of them named twice), and to the length."""

    amounts: Floats
    places: Ints | None
    columns: Ints
    """The features it has here."""
    squares: Floats
    """What each of them adds to the squared length of a message."""
    square: float
    """What all of them and those unknown here add."""

    def add_to(self, total: Floats) -> None:
        """Add the amounts where they belong."""
        if self.places is None:
            total += self.amounts
        else:
            np.add.at(total, self.places, self.amounts)

    @property
    def size(self) -> int:
        """The bytes it takes; a view of the index's own arrays takes none."""
        own = (self.amounts, self.places, self.columns, self.squares)
        return ROW_OVERHEAD + sum(one.nbytes for one in own if one is not None and one.base is None)


class RememberedRows:
    """Rows by token. When the younger half is full it becomes the older one, whose rows stay only if met again.

    Safe to use from many threads: they may do the same work twice, no more.
    """

    def __init__(self, most: int = REMEMBERED_BYTES) -> None:
        self._half = most // 2
        self._young: dict[str, TokenRow] = {}
        self._old: dict[str, TokenRow] = {}
        self._size = 0

    def get(self, token: str) -> TokenRow | None:
        """Return the row of a token met lately, None where it is not remembered."""
        row = self._young.get(token)
        if row is None:
            row = self._old.get(token)
            if row is not None:
                self.put(token, row)
        return row

    def put(self, token: str, row: TokenRow) -> None:
        """Remember a row."""
        if self._size + row.size > self._half:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[token] = row
        self._size += row.size
