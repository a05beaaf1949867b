"""Texts as unit vectors of what the matcher compares, and the cosines of all of them with each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Reader

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

COMMON_SHARE, COMMON_LEAST = 0.02, 32
"""A feature that more of the texts have than this goes through a matrix; the rest through lists of places."""
BLOCK = 256


@dataclass(frozen=True, slots=True)
class Vector:
    """The features of a text that are there at all: their columns, and how much of each; of length one."""

    columns: Ints
    amounts: Floats


def vectors(folded: Sequence[str], background: Sequence[str] = ()) -> list[Vector]:
    """Return a vector for each folded text, weighted by how rare its features are here and in ``background``."""
    names: dict[str, tuple[int, float]] = {}
    reader = Reader()
    rows = [_counted(text, reader, names) for text in folded]
    seen = Counter(column for row in rows for column in row)
    for text in background:
        seen.update(list(_counted(text, reader, names)))
    texts = 1 + len(folded) + len(background)
    weight = np.zeros(len(names))
    for column, scale in names.values():
        weight[column] = (math.log(texts / (1 + seen[column])) + 1) * scale
    return [_vector(row, weight) for row in rows]


def middle(members: Sequence[Vector]) -> Vector:
    """Return the vector that lies between all of ``members``."""
    columns, place = np.unique(np.concatenate([one.columns for one in members]), return_inverse=True)
    amounts = np.bincount(place, weights=np.concatenate([one.amounts for one in members]))
    return Vector(columns, _unit(amounts))


def cosines(all_of: Sequence[Vector]) -> Iterator[Floats]:
    """Yield each vector's cosines with all of them, in order.

    What many texts have in common is multiplied as a matrix, block by block; what few have, by the list of
    those few.
    """
    count = len(all_of)
    if not count:
        return
    column = np.concatenate([one.columns for one in all_of])
    amount = np.concatenate([one.amounts for one in all_of])
    row_of = np.repeat(np.arange(count), [len(one.columns) for one in all_of])
    used = np.bincount(column)
    is_common = used > max(COMMON_SHARE * count, COMMON_LEAST)
    dense = np.zeros((count, int(is_common.sum())), dtype=np.float32)
    common = is_common[column]
    dense[row_of[common], (np.cumsum(is_common) - 1)[column[common]]] = amount[common]
    order = np.flatnonzero(~common)
    order = order[np.argsort(column[order], kind="stable")]
    rows, values = row_of[order], amount[order]
    ends = np.cumsum(np.where(is_common, 0, used))
    for start in range(0, count, BLOCK):
        block = dense[start : start + BLOCK] @ dense.T
        for line, one in zip(block, all_of[start : start + BLOCK], strict=True):
            rare = ~is_common[one.columns]
            last, many = ends[one.columns[rare]], used[one.columns[rare]]
            if many.size:
                at = np.repeat(last - np.cumsum(many), many) + np.arange(many.sum())
                by = np.repeat(one.amounts[rare], many)
                line += np.bincount(rows[at], weights=values[at] * by, minlength=count)
            yield line


def _counted(text: str, reader: Reader, names: dict[str, tuple[int, float]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for token in reader.tokens(text):
        for name, scale in reader.features(token):
            column = names.setdefault(name, (len(names), scale))[0]
            found[column] = found.get(column, 0) + 1
    return found


def _vector(counted: dict[int, int], weight: NDArray[Any]) -> Vector:
    columns = np.fromiter(counted, np.int64, len(counted))
    counts = np.fromiter(counted.values(), np.float64, len(counted))
    return Vector(columns, _unit((1 + np.log(counts)) * weight[columns]))


def _unit(amounts: NDArray[Any]) -> Floats:
    return (amounts / (math.sqrt(float(amounts @ amounts)) or 1.0)).astype(np.float32)
