"""Learning weights: one softmax a field, all at once, pulled towards what the rules' authors thought (which is nought)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.triage.fields import SLICES, WIDTH

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix, row by row: row ``i`` has ``values[starts[i]:starts[i+1]]`` at ``columns[…]``; no row is empty."""

    columns: NDArray[np.int64]
    values: NDArray[np.float32]
    starts: NDArray[np.int64]
    width: int

    def times(self, weights: Matrix) -> Matrix:
        """Return this matrix times ``weights`` (width × outputs)."""
        picked = weights.astype(np.float32)[self.columns]
        picked *= self.values[:, None]
        return np.add.reduceat(picked, self.starts[:-1], axis=0).astype(np.float64)

    def turned(self) -> "Rows":
        """Return the transpose's rows that are not empty, with ``places`` of them to be had from ``filled``."""
        lengths = np.diff(self.starts)
        rows = np.repeat(np.arange(len(lengths)), lengths)
        order = np.argsort(self.columns, kind="stable")
        columns = self.columns[order]
        begins = np.flatnonzero(np.r_[True, columns[1:] != columns[:-1]])
        return Rows(rows[order], self.values[order], np.r_[begins, len(columns)], len(lengths))

    @property
    def filled(self) -> NDArray[np.int64]:
        """Which columns hold anything, ascending."""
        return np.unique(self.columns)


def rows_of(parts: Sequence[tuple[Sequence[int], Sequence[float]]], width: int) -> Rows:
    """Return the sparse matrix of these rows, each a pair of columns and values."""
    lengths = [len(columns) for columns, _ in parts]
    return Rows(
        np.concatenate([np.asarray(columns, dtype=np.int64) for columns, _ in parts]),
        np.concatenate([np.asarray(values, dtype=np.float32) for _, values in parts]),
        np.r_[0, np.cumsum(lengths)].astype(np.int64),
        width,
    )


def learn(rows: Rows, given: Matrix, wanted: Matrix, weight: Matrix, *, steps: int = 80) -> Matrix:
    """Return weights (width × outputs) that make ``given + rows × weights`` tell ``wanted``.

    ``given`` are the scores of the rules, ``wanted`` probabilities, ``weight`` how much each case counts for each
    output. A column's pull towards nought is in the size of its values: half its square is added to the loss.
    """
    turned, filled = rows.turned(), rows.filled
    shape = (len(filled), WIDTH)
    inverse = np.zeros(rows.width, dtype=np.int64)
    inverse[filled] = np.arange(len(filled))
    dense = Rows(inverse[rows.columns], rows.values, rows.starts, len(filled))

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(shape)
        scores = given + dense.times(weights)
        slope = np.empty_like(scores)
        total = 0.5 * float(flat @ flat)
        for part in SLICES.values():
            shifted = scores[:, part] - scores[:, part].max(axis=1, keepdims=True)
            logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            counts = weight[:, part]
            total -= float((wanted[:, part] * logs * counts).sum())
            mass = (wanted[:, part] * counts).sum(axis=1, keepdims=True)
            slope[:, part] = np.exp(logs) * mass - wanted[:, part] * counts
        return total, (turned.times(slope) + weights).ravel()

    found = np.zeros((rows.width, WIDTH))
    found[filled] = minimise(loss, np.zeros(shape).ravel(), steps).reshape(shape)
    return found


def minimise(
    loss: Callable[[Matrix], tuple[float, Matrix]],
    start: Matrix,
    steps: int,
    memory: int = 8,
    enough: float = 1e-5,
) -> Matrix:
    """Return where ``loss`` (value and slope) is least, by L-BFGS with halving steps."""
    at, (value, slope) = start, loss(start)
    moves: list[tuple[Matrix, Matrix, float]] = []
    for _ in range(steps):
        direction = -_curved(slope, moves)
        length = 1.0 if moves else min(1.0, 1.0 / float(np.abs(slope).sum() + 1e-12))
        falling = float(direction @ slope)
        for _ in range(30):
            there = at + length * direction
            new_value, new_slope = loss(there)
            if new_value <= value + 1e-4 * length * falling:
                break
            length /= 2
        else:
            return at
        step, turn = there - at, new_slope - slope
        if (curve := float(step @ turn)) > 1e-12:
            moves = [*moves[-(memory - 1) :], (step, turn, 1.0 / curve)]
        done = value - new_value <= enough * abs(value)
        at, value, slope = there, new_value, new_slope
        if done:
            return at
    return at


def _curved(slope: Matrix, moves: Sequence[tuple[Matrix, Matrix, float]]) -> Matrix:
    """Return the slope as the moves so far bend it (the two loops of L-BFGS)."""
    found = slope.copy()
    used = []
    for step, turn, share in reversed(moves):
        much = share * float(step @ found)
        found -= much * turn
        used.append(much)
    if moves:
        step, turn, share = moves[-1]
        found /= share * float(turn @ turn)
    for (step, turn, share), much in zip(moves, reversed(used), strict=True):
        found += (much - share * float(turn @ found)) * step
    return found
