"""What the entries themselves can prove: their phrasings asked as if nobody had written them down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.match import Matcher

Build = Callable[[Sequence[KnowledgeEntry]], Matcher]
Kind = Literal["phrasing", "must", "must_not", "left out", "elsewhere"]
FOLDS = 5
LOOKED_AT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question put to the matcher, and what came of it: ids with probabilities, best first."""

    kind: Kind
    entry: str
    lang: str
    text: str
    found: tuple[tuple[str, float], ...]

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest entry; ``("", 0.0)`` where nothing was found."""
        return self.found[0] if self.found else ("", 0.0)


def held_out(
    entries: Sequence[KnowledgeEntry], build: Build = Matcher, folds: int = FOLDS
) -> Iterator[Asked]:
    """Ask every phrasing once while a fifth of all phrasings, this one among them, is taken out.

    A fifth at a time costs five builds instead of one a phrasing, and judges a little too strictly. A wording
    of a single phrasing is not asked: without it nothing would be left to find.
    """
    for fold in range(folds):
        matcher = build([_without(entry, fold, folds) for entry in entries])
        for entry in entries:
            for wording in entry.wordings.values():
                texts = wording.all_phrasings
                for text in texts[fold::folds] if len(texts) > 1 else ():
                    yield _asked(matcher, "phrasing", entry, wording, text)


def own_tests(entries: Sequence[KnowledgeEntry], build: Build = Matcher) -> Iterator[Asked]:
    """Ask every test of every entry, with nothing taken out."""
    matcher = build(entries)
    for entry in entries:
        for wording in entry.wordings.values():
            for text in wording.must:
                yield _asked(matcher, "must", entry, wording, text)
            for text in wording.must_not:
                yield _asked(matcher, "must_not", entry, wording, text)


def left_out(
    entries: Sequence[KnowledgeEntry], build: Build = Matcher, folds: int = FOLDS
) -> Iterator[Asked]:
    """Ask the phrasings and tests of entries that are left out in turn: near to the rest, and not answered by it."""
    for fold in range(folds if len(entries) > folds else 0):
        matcher = build([entry for n, entry in enumerate(entries) if n % folds != fold])
        for entry in entries[fold::folds]:
            for wording in entry.wordings.values():
                for text in (*wording.all_phrasings, *wording.must):
                    yield _asked(matcher, "left out", entry, wording, text)


def elsewhere(
    entries: Sequence[KnowledgeEntry], texts: Sequence[str], build: Build = Matcher
) -> Iterator[Asked]:
    """Ask questions that are nobody's matter here."""
    matcher = build(entries)
    for text in texts:
        found = tuple(matcher.search(text, LOOKED_AT))
        yield Asked(kind="elsewhere", entry="", lang="", text=text, found=found)


def _asked(
    matcher: Matcher,
    kind: Kind,
    entry: KnowledgeEntry,
    wording: Wording,
    text: str,
) -> Asked:
    found = tuple(matcher.search(text, LOOKED_AT))
    return Asked(kind=kind, entry=entry.id, lang=wording.lang, text=text, found=found)


def _without(entry: KnowledgeEntry, fold: int, folds: int) -> KnowledgeEntry:
    return replace(entry, wordings={lang: _fewer(each, fold, folds) for lang, each in entry.wordings.items()})


def _fewer(wording: Wording, fold: int, folds: int) -> Wording:
    texts = wording.all_phrasings
    kept = [text for n, text in enumerate(texts) if n % folds != fold] if len(texts) > 1 else list(texts)
    return replace(wording, question=kept[0], phrasings=tuple(kept[1:]))
