"""An inverted index over phrasings and over each entry's centroid, read one token at a time.

Scores are cosines of tf-idf vectors, idf counted per entry. What a token adds to every score does not depend on
its neighbours, so it is worked out once, remembered, and a message is a sum over its tokens.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.features import Reader, is_word
from knowledge.head import MOST_PHRASINGS, train_head
from knowledge.stem import stem

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

REPAIR_CUTOFF = 78.0
REPAIR_LENGTH = 4
REMEMBERED_BYTES = 48_000_000
DENSE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class TokenRow:
    """What one token adds: to the scores (everywhere, or at ``places``), and to the squared length."""

    amounts: Floats
    places: Ints | None
    square: float


@dataclass(frozen=True, slots=True)
class Scores:
    """A message's cosines: to each entry's best phrasing, to its centroid, and to every phrasing."""

    best: Floats
    centroid: Floats
    phrasings: Floats


class Index:
    """Built once from ``phrasings[e]``, the folded phrasings of entry ``e``; safe to read from many threads."""

    def __init__(
        self, phrasings: Sequence[Sequence[str]], reader: Reader | None = None, *, with_head: bool = True
    ) -> None:
        self.entry_count = len(phrasings)
        self.reader = reader or Reader()
        self._vocabulary: dict[str, int] = {}
        self._build(phrasings, with_head)
        self._words = [name[1:] for name in self._vocabulary if name[0] == "=" and len(name) > REPAIR_LENGTH]
        self._rows: dict[str, TokenRow] = {}
        self._remembered = 0

    def _build(self, phrasings: Sequence[Sequence[str]], with_head: bool) -> None:
        names, columns, counts = self._vocabulary, list[int](), list[float]()
        scales, doc_sizes, owners = list[float](), list[int](), list[int]()
        for entry, texts in enumerate(phrasings):
            for text in texts:
                found: dict[int, float] = {}
                for token in self.reader.tokens(text):
                    for name, scale in self.reader.features(token):
                        number = names.setdefault(name, len(names))
                        if number == len(scales):
                            scales.append(scale)
                        found[number] = found.get(number, 0) + 1
                columns.extend(found)
                counts.extend(found.values())
                doc_sizes.append(len(found))
                owners.append(entry)
        size, entries, docs = len(names), self.entry_count, len(owners)
        column = np.array(columns, dtype=np.int64)
        doc = np.repeat(np.arange(docs), doc_sizes)
        owner = np.array(owners, dtype=np.int64)
        pair, inverse = np.unique(owner[doc] * size + column, return_inverse=True)
        pair_entry, pair_column = pair // size, pair % size
        seen_in = np.bincount(pair_column, minlength=size)
        self.weight = (np.log((1 + entries) / (1 + seen_in)) + 1) * np.array(scales)
        self._unknown = math.log(1 + entries) + 1
        amount = (1 + np.log(np.array(counts, dtype=np.float64))) * self.weight[column]
        amount = amount / np.sqrt(np.bincount(doc, weights=amount * amount, minlength=docs))[doc]
        middle = np.bincount(inverse, weights=amount, minlength=len(pair))
        middle = (
            middle / np.sqrt(np.bincount(pair_entry, weights=middle * middle, minlength=entries))[pair_entry]
        )
        # One score vector: places 0..entries-1 are centroids, then one place for each phrasing.
        places = np.concatenate([pair_entry, entries + doc])
        by_column = np.argsort(np.concatenate([pair_column, column]), kind="stable")
        self._places = places[by_column].astype(np.int32)
        self._amounts = np.concatenate([middle, amount])[by_column].astype(np.float32)
        both = seen_in + np.bincount(column, minlength=size)
        self._offsets = np.concatenate([[0], np.cumsum(both)])
        self.width = entries + docs
        self.starts = np.searchsorted(owner, np.arange(entries))
        self._bounds: list[int] = [*self.starts.tolist(), docs]
        self._head = None
        if with_head and entries > 1 and docs <= MOST_PHRASINGS:
            self._head = train_head(_kernel(doc, column, amount, docs, size), owner, entries)

    def row(self, token: str) -> TokenRow:
        """Return what ``token`` adds to the scores, from memory where it was met before."""
        row = self._rows.get(token)
        if row is None:
            row = self._work_out(token)
            if self._remembered > REMEMBERED_BYTES:
                self._rows, self._remembered = {}, 0
            self._rows[token] = row
            self._remembered += (
                2 * len(row.amounts) + 50 + (self.entry_count if self._head is not None else 0)
            )
        return row

    def scores(self, found: Sequence[str]) -> Scores:
        """Score the tokens of a message against everything."""
        known, square = self._rows, 0.0
        everywhere, places, amounts = [], [], []
        for token in found:
            row = known.get(token) or self.row(token)
            square += row.square
            if row.places is None:
                everywhere.append(row.amounts)
            elif row.amounts.size:
                places.append(row.places)
                amounts.append(row.amounts)
        if places:
            total = _summed(places, amounts, self.width).astype(np.float32)
        else:
            total = np.zeros(self.width, dtype=np.float32)
        for amount in everywhere:
            total += amount
        total /= math.sqrt(square) or 1.0
        phrasings = total[self.entry_count :]
        return Scores(np.maximum.reduceat(phrasings, self.starts), total[: self.entry_count], phrasings)

    def votes(self, chosen: Ints, scores: Scores) -> Floats | None:
        """Return the head's vote for each of the ``chosen`` entries; None where the FAQ is too large for a head."""
        return None if self._head is None else self._head[chosen] @ scores.phrasings

    def phrasings_of(self, entry: int, scores: Scores) -> Floats:
        """Return the scores of an entry's phrasings, in their order."""
        return scores.phrasings[self._bounds[entry] : self._bounds[entry + 1]]

    def _work_out(self, token: str) -> TokenRow:
        square, picked, by = 0.0, [], []
        for name, scale in self._repaired(token):
            column = self._vocabulary.get(name)
            weight = self._unknown * scale if column is None else float(self.weight[column])
            square += weight * weight
            if column is not None:
                picked.append(slice(self._offsets[column], self._offsets[column + 1]))
                by.append(weight)
        if not picked:
            return TokenRow(np.zeros(0, np.float32), np.zeros(0, np.intp), square)
        parts = [self._amounts[part] * weight for part, weight in zip(picked, by, strict=True)]
        total = _summed([self._places[part] for part in picked], parts, self.width)
        places = np.flatnonzero(total)
        if len(places) > DENSE_SHARE * self.width:
            return TokenRow(total.astype(np.float32), None, square)
        return TokenRow(total[places], places, square)

    def _repaired(self, token: str) -> tuple[tuple[str, float], ...]:
        """Give an unknown word the stem and meaning of the nearest known one: a typo should not hide its word."""
        found = self.reader.features(token)
        name = found[0][0] if found else ""
        if not is_word(token) or name[:1] != "=" or name in self._vocabulary or len(name) <= REPAIR_LENGTH:
            return found
        best = process.extractOne(stem(token), self._words, scorer=fuzz.ratio, score_cutoff=REPAIR_CUTOFF)
        return ((f"={best[0]}", found[0][1]), *found[1:]) if best else found


def _summed(places: Sequence[Ints], amounts: Sequence[Floats], width: int) -> Floats:
    total = np.bincount(np.concatenate(places), weights=np.concatenate(amounts), minlength=width)
    return total.astype(np.float64, copy=False)


def _kernel(doc: Ints, column: Ints, amount: Floats, docs: int, size: int) -> NDArray[np.float32]:
    """Return the cosine of every phrasing with every other."""
    kernel = np.empty((docs, docs), dtype=np.float32)
    order = np.argsort(column, kind="stable")
    by_column, by_doc, by_amount = column[order], doc[order], amount[order].astype(np.float32)
    first = np.searchsorted(doc, np.arange(docs + 1))
    begins = np.searchsorted(by_column, np.arange(size + 1))
    for row in range(docs):
        mine = slice(first[row], first[row + 1])
        start, count = begins[column[mine]], begins[column[mine] + 1] - begins[column[mine]]
        at = np.repeat(start - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(count.sum())
        kernel[row] = np.bincount(
            by_doc[at], weights=by_amount[at] * np.repeat(amount[mine], count), minlength=docs
        )
    return kernel
