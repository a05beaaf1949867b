"""Entries as they are searched: one unit for each language, its phrasings folded, and the table of exact phrasings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.normalize import exact_key, fold
from knowledge.politeness import without_courtesy

MOST_CHANGED = 100

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
    """Which entries may be used for this message, and which were passed over."""

    channel: str | None = None
    today: date | None = None
    said: str = ""
    """The whole question, folded: a negative phrasing bars its entry wherever it stands, also beside the clause that is ranked."""
    passed: dict[str, str] = field(default_factory=dict)
    """Entries that would have had a chance, with the reason why they had none."""

    def allow(self, entry: KnowledgeEntry) -> bool:
        """Say whether an entry may be used."""
        return entry.is_valid(self.today, self.channel)

    def saying(self, folded: str) -> Limits:
        """Return the same limits for one question of the message."""
        return replace(self, said=folded)

    def refuse(self, unit: Unit) -> str | None:
        """Return why an entry may not answer this, None where it may."""
        entry = unit.entry
        if not entry.is_valid(self.today, self.channel):
            if entry.is_valid(self.today):
                return f"“{entry.question}” is not for this channel"
            return f"“{entry.question}” is not valid today"
        written = unit.bars(self.said)
        return None if written is None else f"“{entry.question}” is not for “{written}”"


def units_of(entries: Iterable[KnowledgeEntry], before: Sequence[Unit] = ()) -> list[Unit]:
    """Return the units of all entries, numbered in their order; a language without a phrasing has none.

    An entry that stands in ``before`` already, the very object, is not folded again.
    """
    known: dict[int, list[Unit]] = {}
    for unit in before:
        known.setdefault(id(unit.entry), []).append(unit)
    found: list[Unit] = []
    for entry in entries:
        held = known.get(id(entry))
        for unit in _fold_entry(entry) if held is None else held:
            number = len(found)
            found.append(unit if unit.number == number else replace(unit, number=number))
    return found


def _fold_entry(entry: KnowledgeEntry) -> Iterator[Unit]:
    # Barred in one language, barred in all: the message may mix them.
    bars = _bars(word for wording in entry.wordings.values() for word in wording.not_for)
    for wording in entry.wordings.values():
        pairs = [(text, folded) for text in wording.all_phrasings if (folded := fold(text))]
        if pairs:
            texts, folded_texts = zip(*pairs, strict=True)
            yield Unit(0, entry, wording, texts, folded_texts, bars)


def origins(units: Sequence[Unit], before: Sequence[Unit]) -> list[int | None]:
    """Return which unit of ``before`` had the phrasings of each one, None for new phrasings."""
    place = {id(unit.folded): unit.number for unit in before}
    found = [place.get(id(unit.folded)) for unit in units]
    if None in found:  # read anew, which need not mean that its phrasings changed
        worded = {unit.folded: unit.number for unit in before}
        found = [worded.get(unit.folded) if at is None else at for unit, at in zip(units, found, strict=True)]
    return found


def exact_table(
    units: Sequence[Unit], before: Sequence[Unit] = (), table_before: Exact | None = None
) -> Exact:
    """Return which units hold each very phrasing, one for each entry; of an earlier table, what still holds is kept."""
    if table_before is None or len(units) != len(before):
        return _with_holders({}, units)
    was_and_is = [pair for pair in zip(before, units, strict=True) if pair[0] is not pair[1]]
    if len(was_and_is) > MOST_CHANGED:
        return _with_holders({}, units)
    table = dict(table_before)
    keys = {exact_key(folded) for pair in was_and_is for unit in pair for folded in unit.folded}
    gone = {id(was) for was, _ in was_and_is}
    fresh = [unit for _, unit in was_and_is]
    stayed = {id(held): held for key in keys for held in table.pop(key, ()) if id(held) not in gone}
    concerned = sorted((*stayed.values(), *fresh), key=lambda unit: unit.number)
    return _with_holders(table, concerned, keys)


def _with_holders(
    table: dict[str, tuple[Unit, ...]], units: Iterable[Unit], only: Container[str] | None = None
) -> Exact:
    for unit in units:
        for folded in unit.folded:
            key = exact_key(folded)
            held = table.get(key, ())
            if (only is None or key in only) and all(other.entry.id != unit.entry.id for other in held):
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
