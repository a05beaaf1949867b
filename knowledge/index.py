"""An inverted index over phrasings, read one token at a time.

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
from knowledge.layout import Layout
from knowledge.postings import Ints, Postings, read_postings, renewed
from knowledge.stem import stem
from knowledge.token_rows import RememberedRows, TokenRow

Floats = NDArray[np.floating[Any]]

REPAIR_CUTOFF = 78.0
REPAIR_LENGTH = 4
MOST_MEANT = 20_000
DENSE_SHARE = 0.12
LEAST_IN_USE = 0.75
"""Of the features' numbers; below it an edited index is built anew, so that what is gone takes no room for ever."""


@dataclass(frozen=True, slots=True)
class Scores:
    """A message's cosines: to each group's best phrasing, to its centroid, and to every phrasing."""

    best: Floats
    centroid: Floats
    total: Floats
    """All of them, as ``layout`` has it."""
    layout: Layout
    rows: Sequence[TokenRow]
    square: float

    @property
    def phrasings(self) -> Floats:
        """The cosine to every phrasing, in their order."""
        return self.total[self.layout.places]


class Index:
    """Built once from ``phrasings[e]``, the folded phrasings of entry ``e``; safe to read from many threads."""

    def __init__(
        self,
        phrasings: Sequence[Sequence[str]],
        reader: Reader | None = None,
        *,
        with_head: bool = True,
        postings: Postings | None = None,
        head: NDArray[np.float32] | None = None,
    ) -> None:
        """Take ``postings`` and ``head`` where they are known already, from disk or from the version before."""
        self.entry_count = len(phrasings)
        self.reader = reader or Reader()
        self.postings = postings or read_postings(phrasings, self.reader)
        self._vocabulary = self.postings.vocabulary
        self._head = head
        self._reckon(self.postings, is_headless=head is None and with_head)
        self._words = _words(self.postings)
        self._rows = RememberedRows()
        self._meant: dict[str, str | None] = {}

    @property
    def head(self) -> NDArray[np.float32] | None:
        """The trained votes, entries by phrasings; None where the FAQ is too large for a head."""
        return self._head

    def _reckon(self, postings: Postings, *, is_headless: bool) -> None:
        size, entries, docs = len(postings.scales), self.entry_count, len(postings.sizes)
        pair = postings.group_elements()
        column = postings.group_features[pair]
        seen_in = np.bincount(postings.group_features, minlength=size)
        self.weight = (np.log((1 + entries) / (1 + seen_in)) + 1) * postings.scales
        self._unknown = math.log(1 + entries) + 1
        amount = self.weight[column]
        repeated = np.flatnonzero(postings.counts > 1)
        amount[repeated] *= 1 + np.log(postings.counts[repeated].astype(np.float64))
        amount /= np.repeat(_lengths(amount, postings.sizes), postings.sizes)
        sums = np.bincount(pair, weights=amount, minlength=len(postings.group_features)).astype(np.float64)
        self._middle_lengths = _lengths(sums, postings.group_sizes).astype(np.float32)
        self.layout = Layout(postings.phrasings)
        self._group_bounds: list[int] = [0, *np.cumsum(postings.group_sizes).tolist()]
        order = postings.order
        # "clip" spares the check of each place; they are all in range.
        self._places = np.repeat(self.layout.places, postings.sizes).take(order, mode="clip")
        self._amounts = amount.astype(np.float32).take(order, mode="clip")
        self._offsets = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=size))])
        if is_headless and entries > 1 and docs <= MOST_PHRASINGS:
            doc = np.repeat(np.arange(docs), postings.sizes)
            self._head = train_head(_kernel(doc, column, amount, docs, size), postings.owners, entries)

    def scores(self, found: Sequence[str]) -> Scores:
        """Score the tokens of a message against everything."""
        rows = [self._row(token) for token in found]
        total = np.zeros(self.layout.width, dtype=np.float32)
        for row in rows:
            row.add_to(total)
        square = sum(row.square for row in rows)
        total /= math.sqrt(square) or 1.0
        # A centroid is the sum of its phrasings, so its cosine is the sum of theirs, but for its length.
        centroid = self.layout.sums(total) / self._middle_lengths
        return Scores(self.layout.best(total), centroid, total, self.layout, rows, square or 1.0)

    def coverage(self, chosen: Ints, scores: Scores) -> Floats:
        """Return the share of the message's squared length that each of the ``chosen`` has in any of its phrasings."""
        squares = np.zeros(len(self.weight))
        for row in scores.rows:
            np.add.at(squares, row.columns, row.squares)
        bounds, features = self._group_bounds, self.postings.group_features
        held = [squares[features[bounds[one] : bounds[one + 1]]].sum() for one in chosen.tolist()]
        return np.array(held) / scores.square

    def votes(self, chosen: Ints, scores: Scores) -> Floats | None:
        """Return the head's vote for each of the ``chosen`` entries; None where the FAQ is too large for a head."""
        return None if self._head is None else self._head[chosen] @ scores.phrasings

    def phrasings_of(self, entry: int, scores: Scores) -> Floats:
        """Return the scores of an entry's phrasings, in their order."""
        return self.layout.phrasings_of(entry, scores.total)

    def read_as(self, word: str) -> str | None:
        """Return the stem a Latin word is taken for, or the character itself; None where it is not known."""
        name = next((name for name, _ in self._repaired(word)), "")
        return name.removeprefix("=") if name in self._vocabulary else None

    def _row(self, token: str) -> TokenRow:
        """Return what ``token`` adds to the scores, from memory where it was met lately."""
        row = self._rows.get(token)
        if row is None:
            row = self._work_out(token)
            self._rows.put(token, row)
        return row

    def _work_out(self, token: str) -> TokenRow:
        square, columns, by = 0.0, list[int](), list[float]()
        for name, scale in self._repaired(token):
            column = self._vocabulary.get(name)
            weight = self._unknown * scale if column is None else float(self.weight[column])
            square += weight * weight
            if column is not None:
                columns.append(column)
                by.append(weight)
        parts = [slice(self._offsets[column], self._offsets[column + 1]) for column in columns]
        known, squares = np.array(columns, dtype=np.int32), np.square(by, dtype=np.float64)
        if sum(part.stop - part.start for part in parts) > DENSE_SHARE * self.layout.width:
            everywhere = np.zeros(self.layout.width, dtype=np.float32)
            for part, weight in zip(parts, by, strict=True):
                np.add.at(everywhere, self._places[part], self._amounts[part] * weight)
            return TokenRow(everywhere, None, known, squares, square)
        amounts = [self._amounts[part] * weight for part, weight in zip(parts, by, strict=True)]
        return TokenRow(
            _all_of(amounts, np.float32),
            _all_of([self._places[part] for part in parts], np.int32),
            known,
            squares,
            square,
        )

    def nearest(self, word: str) -> str | None:
        """Return the stem that an unknown word was meant to be; None for known words, short ones and new ones."""
        root = stem(word)
        if f"={root}" in self._vocabulary or len(root) < REPAIR_LENGTH:
            return None
        if root not in self._meant:
            best = process.extractOne(root, self._words, scorer=fuzz.ratio, score_cutoff=REPAIR_CUTOFF)
            if len(self._meant) >= MOST_MEANT:
                self._meant = {}
            self._meant[root] = best[0] if best else None
        return self._meant[root]

    def _repaired(self, token: str) -> tuple[tuple[str, float], ...]:
        """Give an unknown word the stem and meaning of the nearest known one: a typo should not hide its word."""
        found = self.reader.features(token)
        if not found or not is_word(token) or found[0][0][0] != "=":
            return found
        meant = self.nearest(token)
        return ((f"={meant}", found[0][1]), *found[1:]) if meant else found


def _lengths(amounts: Floats, sizes: Ints) -> Floats:
    """Return the lengths of vectors that stand one behind the other, ``sizes`` numbers each."""
    starts = np.minimum(np.cumsum(sizes) - sizes, len(amounts) - 1)
    lengths: Floats = np.sqrt(np.add.reduceat(np.square(amounts), starts))
    return lengths


def renewed_index(old: Index, groups: Sequence[Sequence[str]], origins: Sequence[int | None]) -> Index:
    """Return the index of ``groups``, reading only those that are new; ``origins`` says where the others stood.

    Most edits are to answers: then all groups stand where they stood, and the old index is the new one.
    """
    if list(origins) == list(range(old.entry_count)):
        return old
    left = len(old.postings.vocabulary) / max(1, len(old.postings.scales))
    if left < LEAST_IN_USE:
        return Index(groups, old.reader)
    known = [group if at is None else at for group, at in zip(groups, origins, strict=True)]
    return Index(groups, old.reader, postings=renewed(old.postings, known, old.reader))


def _words(postings: Postings) -> list[str]:
    """Return the words a typo may have meant, in the order of their first appearance, however they are numbered."""
    firsts = np.full(len(postings.scales), len(postings.group_features))
    np.minimum.at(firsts, postings.group_features, np.arange(len(postings.group_features)))
    words = [
        (name[1:], number)
        for name, number in postings.vocabulary.items()
        if name[0] == "=" and len(name) > REPAIR_LENGTH
    ]
    place = firsts.tolist()
    return [word for word, number in sorted(words, key=lambda each: place[each[1]])]


def _all_of(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


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
