"""What the phrasings hold, counted and ordered by feature: the part of an index that an edit need not read again.

Features are numbered as they come. Nothing that is reckoned from postings depends on the numbers, so postings
that were brought up to date, or read back from disk, give the very figures that fresh ones give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Reader

Ints = NDArray[np.integer[Any]]
Group = Sequence[str]

MOST_IN_A_PHRASING = 60_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Postings:
    """Groups of phrasings (one group for an entry in a language), taken apart into features.

    An *element* is a feature of a phrasing.
    """

    vocabulary: dict[str, int]
    """Every feature that some phrasing has, with its number."""
    scales: NDArray[np.float64]
    """How much each feature's family counts, by number; a feature that is gone leaves its number unused."""
    group_features: Ints
    """The features of each group, in the order of their first appearance in it."""
    group_sizes: Ints
    """How many features each group has."""
    within: Ints
    """For each feature of each phrasing: which of its group's features it is."""
    counts: Ints
    """How often the phrasing has it."""
    sizes: Ints
    """How many features each phrasing has."""
    phrasings: Ints
    """How many phrasings each group has."""
    order: Ints
    """All elements, by their features; among those of one feature the order means nothing."""

    @property
    def owners(self) -> Ints:
        """The group of each phrasing."""
        return np.repeat(np.arange(len(self.phrasings)), self.phrasings)

    def group_elements(self) -> Ints:
        """For each element, return where its group has the same feature."""
        first = np.cumsum(self.group_sizes) - self.group_sizes
        return self.within + np.repeat(first[self.owners], self.sizes)

    def features(self) -> Ints:
        """Return the feature of every element."""
        return self.group_features[self.group_elements()]


class _Span(NamedTuple):
    """Neighbouring groups, and where their features, phrasings and phrasings' features stand."""

    groups: slice
    features: slice
    phrasings: slice
    held: slice


def read_postings(groups: Sequence[Group], reader: Reader) -> Postings:
    """Take every phrasing of every group apart."""
    made = _take_apart(groups, reader, {}, [])
    return replace(made, order=_sorted_by(made.features()).astype(np.int32))


def renewed(old: Postings, groups: Sequence[Group | int], reader: Reader) -> Postings:
    """Return the postings of ``groups``; a group given by its number in ``old`` is taken from there, unread."""
    unread = [group for group in groups if not isinstance(group, int)]
    fresh = _take_apart(unread, reader, dict(old.vocabulary), old.scales.tolist())
    runs = list(_runs(groups, old, fresh))
    made = Postings(
        vocabulary=fresh.vocabulary,
        scales=fresh.scales,
        group_features=np.concatenate([part.group_features[span.features] for part, span in runs]),
        group_sizes=np.concatenate([part.group_sizes[span.groups] for part, span in runs]),
        within=np.concatenate([part.within[span.held] for part, span in runs]),
        counts=np.concatenate([part.counts[span.held] for part, span in runs]),
        sizes=np.concatenate([part.sizes[span.phrasings] for part, span in runs]),
        phrasings=np.concatenate([part.phrasings[span.groups] for part, span in runs]),
        order=old.order,
    )
    return _reordered(made, old, runs)


def _take_apart(
    groups: Sequence[Group], reader: Reader, names: dict[str, int], scales: list[float]
) -> Postings:
    """Read the groups with the numbers already given; the order is left open."""
    group_features, group_sizes = list[int](), list[int]()
    within, counts, sizes = list[int](), list[int](), list[int]()
    for texts in groups:
        mine: dict[int, int] = {}
        for text in texts:
            found: dict[int, int] = {}
            for token in reader.tokens(text):
                for name, scale in reader.features(token):
                    number = names.setdefault(name, len(scales))
                    if number == len(scales):
                        scales.append(scale)
                    found[number] = found.get(number, 0) + 1
            within.extend([mine.setdefault(number, len(mine)) for number in found])
            counts.extend(found.values())
            sizes.append(len(found))
        group_features.extend(mine)
        group_sizes.append(len(mine))
    return Postings(
        vocabulary=names,
        scales=np.array(scales, dtype=np.float64),
        group_features=np.array(group_features, dtype=np.int32),
        group_sizes=np.array(group_sizes, dtype=np.int32),
        within=np.array(within, dtype=np.int32),
        counts=np.minimum(np.array(counts, dtype=np.int64), MOST_IN_A_PHRASING).astype(np.uint16),
        sizes=np.array(sizes, dtype=np.int32),
        phrasings=np.array([len(texts) for texts in groups], dtype=np.int32),
        order=np.zeros(0, dtype=np.int32),
    )


def _runs(groups: Sequence[Group | int], old: Postings, fresh: Postings) -> Iterator[tuple[Postings, _Span]]:
    """Yield whence the groups come: stretches of neighbours in ``old``, or in ``fresh``."""
    edges = {id(part): _edges(part) for part in (old, fresh)}
    read = iter(range(len(groups)))
    numbered = [(True, group) if isinstance(group, int) else (False, next(read)) for group in groups]
    for (is_old, _), members in groupby(
        enumerate(numbered), key=lambda each: (each[1][0], each[1][1] - each[0])
    ):
        run = [number for _, (_, number) in members]
        part = old if is_old else fresh
        first, stop = run[0], run[-1] + 1
        by_group, by_phrasing, by_held = edges[id(part)]
        a, b = int(by_phrasing[first]), int(by_phrasing[stop])
        yield (
            part,
            _Span(
                slice(first, stop),
                slice(int(by_group[first]), int(by_group[stop])),
                slice(a, b),
                slice(int(by_held[a]), int(by_held[b])),
            ),
        )


def _edges(part: Postings) -> tuple[Ints, Ints, Ints]:
    return _bounds(part.group_sizes), _bounds(part.phrasings), _bounds(part.sizes)


def _bounds(sizes: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(sizes)])


def _reordered(made: Postings, old: Postings, runs: Sequence[tuple[Postings, _Span]]) -> Postings:
    """Bring the old order up to date: leave out what is gone, renumber what stayed, put the new in its place."""
    place = np.full(len(old.order), -1, dtype=np.int32)
    fresh, begin = list[Ints](), 0
    for part, span in runs:
        end = begin + span.held.stop - span.held.start
        mine = np.arange(begin, end, dtype=np.int32)
        if part is old:
            place[span.held] = mine
        else:
            fresh.append(mine)
        begin = end
    moved = place[old.order]
    moved = moved[moved >= 0]
    features_of = made.features()
    added = np.concatenate(fresh) if fresh else np.zeros(0, dtype=np.int32)
    added = added[np.argsort(features_of[added], kind="stable")]
    size = len(made.scales)
    alive = np.bincount(features_of, minlength=size)
    ends = np.cumsum(alive - np.bincount(features_of[added], minlength=size))
    vocabulary = made.vocabulary
    if np.count_nonzero(alive) < len(vocabulary):
        living = (alive > 0).tolist()
        vocabulary = {name: number for name, number in vocabulary.items() if living[number]}
    order = np.insert(moved, ends[features_of[added]], added)
    return replace(made, vocabulary=vocabulary, order=order)


def _sorted_by(numbers: Ints) -> Ints:
    """Return the places of ``numbers`` in rising order: two passes over halves, which numpy sorts by radix."""
    low = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable")
    high = (numbers >> 16).astype(np.uint16)
    return low[np.argsort(high[low], kind="stable")] if high.any() else low
