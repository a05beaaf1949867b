"""Entries as they are searched: one unit for each language, its phrasings folded, and the table of exact phrasings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.normalize import exact_key, fold
from knowledge.politeness import without_courtesy

Exact = Mapping[str, tuple["Unit", ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One entry in one language, as it is searched."""

    number: int
    entry: KnowledgeEntry
    wording: Wording
    phrasings: tuple[str, ...]
    folded: tuple[str, ...]
    barred: tuple[tuple[str, str], ...]
    """What the entry is not for: folded, and as the editor wrote it."""

    def bars(self, folded: str) -> str | None:
        """Return the negative phrasing found in ``folded``, as written; plain text, so no pattern can explode."""
        if not self.barred:
            return None
        padded = f" {folded} "
        return next((written for word, written in self.barred if word in padded), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """Which entries may be used for this message."""

    channel: str | None = None
    today: date | None = None

    def allow(self, entry: KnowledgeEntry) -> bool:
        """Say whether an entry may be used."""
        return entry.is_valid(self.today, self.channel)


def units_of(entries: Iterable[KnowledgeEntry]) -> list[Unit]:
    """Return the units of all entries, numbered in their order; a language without a phrasing has none."""
    found: list[Unit] = []
    for entry in entries:
        for wording in entry.wordings.values():
            pairs = [(text, folded) for text in wording.all_phrasings if (folded := fold(text))]
            if pairs:
                texts, folded_texts = zip(*pairs, strict=True)
                found.append(Unit(len(found), entry, wording, texts, folded_texts, _bars(wording.not_for)))
    return found


def exact_table(units: Iterable[Unit]) -> Exact:
    """Return which units hold each very phrasing, one for each entry."""
    table: dict[str, tuple[Unit, ...]] = {}
    for unit in units:
        for folded in unit.folded:
            key = exact_key(folded)
            held = table.get(key, ())
            if all(other.entry.id != unit.entry.id for other in held):
                table[key] = (*held, unit)
    return table


def holders(table: Exact, folded: str, limits: Limits) -> list[Unit]:
    """Return the units that hold this very phrasing and may be used, also under words of courtesy."""
    held = table.get(exact_key(folded)) or table.get(exact_key(without_courtesy(folded))) or ()
    return [unit for unit in held if limits.allow(unit.entry)]


def _bars(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Fold forbidden words; a Latin one must stand as a whole word."""
    folded = ((fold(word), word) for word in words)
    return tuple((f" {word} " if word.isascii() else word, written) for word, written in folded if word)
