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

from knowledge.features import features, is_word, tokens
from knowledge.stem import stem

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

REPAIR_CUTOFF = 78.0
REPAIR_LENGTH = 4
REMEMBERED_POSTINGS = 2_000_000


@dataclass(frozen=True, slots=True)
class TokenRow:
    """What one token adds: to which places of the score vector, how much, and to the message's squared length."""

    places: Ints
    amounts: Floats
    square: float


class Index:
    """Built once from ``phrasings[e]``, the folded phrasings of entry ``e``; safe to read from many threads."""

    def __init__(self, phrasings: Sequence[Sequence[str]]) -> None:
        self.entry_count = len(phrasings)
        self._vocabulary: dict[str, int] = {}
        self._build(phrasings)
        self._words = [name[1:] for name in self._vocabulary if name[0] == "=" and len(name) > REPAIR_LENGTH]
        self._rows: dict[str, TokenRow] = {}
        self._remembered = 0

    def _build(self, phrasings: Sequence[Sequence[str]]) -> None:
        names, columns, counts = self._vocabulary, list[int](), list[float]()
        scales, doc_sizes, owners = list[float](), list[int](), list[int]()
        for entry, texts in enumerate(phrasings):
            for text in texts:
                found: dict[int, float] = {}
                for token in tokens(text):
                    for name, scale in features(token):
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
        pair, inverse = np.unique(owner[doc] * max(size, 1) + column, return_inverse=True)
        pair_entry, pair_column = pair // max(size, 1), pair % max(size, 1)
        seen_in = np.bincount(pair_column, minlength=size)
        self.weight = (np.log((1 + entries) / (1 + seen_in)) + 1) * np.array(scales)
        self._unknown = math.log(1 + entries) + 1
        amount = (1 + np.log(np.array(counts, dtype=np.float64))) * self.weight[column]
        length = np.sqrt(np.bincount(doc, weights=amount * amount, minlength=docs))
        amount = amount / length[doc]
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

    def row(self, token: str) -> TokenRow:
        """Return what ``token`` adds to the scores, from memory where it was met before."""
        row = self._rows.get(token)
        if row is None:
            row = self._work_out(token)
            if self._remembered > REMEMBERED_POSTINGS:
                self._rows, self._remembered = {}, 0
            self._rows[token] = row
            self._remembered += len(row.places) + 20
        return row

    def scores(self, found: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """Return cosines for the tokens of a message: each entry's best phrasing, its centroid, and every phrasing."""
        rows = [self.row(token) for token in dict.fromkeys(found)]
        length = math.sqrt(sum(row.square for row in rows)) or 1.0
        total: Floats = np.zeros(self.width)
        if any(len(row.places) for row in rows):
            total = _summed([row.places for row in rows], [row.amounts for row in rows], self.width) / length
        phrasings = total[self.entry_count :]
        return np.maximum.reduceat(phrasings, self.starts), total[: self.entry_count], phrasings

    def nearest(self, entry: int, phrasings: Floats) -> int:
        """Return which of an entry's phrasings scored best, counted from its first."""
        start = int(self.starts[entry])
        end = int(self.starts[entry + 1]) if entry + 1 < self.entry_count else len(phrasings)
        return int(phrasings[start:end].argmax())

    def _work_out(self, token: str) -> TokenRow:
        names = [(self._repaired(token, name), scale) for name, scale in features(token)]
        square, picked, by = 0.0, [], []
        for name, scale in names:
            column = self._vocabulary.get(name)
            weight = self._unknown * scale if column is None else float(self.weight[column])
            square += weight * weight
            if column is not None:
                picked.append(slice(self._offsets[column], self._offsets[column + 1]))
                by.append(weight)
        if not picked:
            return TokenRow(np.zeros(0, np.intp), np.zeros(0), square)
        amounts = [self._amounts[part] * weight for part, weight in zip(picked, by, strict=True)]
        total = _summed([self._places[part] for part in picked], amounts, self.width)
        places = np.flatnonzero(total)
        return TokenRow(places, total[places], square)

    def _repaired(self, token: str, name: str) -> str:
        """Replace an unknown word's stem by the nearest known one: a typo should not hide its word."""
        if name[0] != "=" or name in self._vocabulary or len(name) <= REPAIR_LENGTH or not is_word(token):
            return name
        best = process.extractOne(stem(token), self._words, scorer=fuzz.ratio, score_cutoff=REPAIR_CUTOFF)
        return f"={best[0]}" if best else name


def _summed(places: Sequence[Ints], amounts: Sequence[Floats], width: int) -> Floats:
    total = np.bincount(np.concatenate(places), weights=np.concatenate(amounts), minlength=width)
    return total.astype(np.float64, copy=False)
