"""The entries as an editor looks through them: by words, by meaning, by what needs care. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gateway.editing.reviews import is_overdue
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.load import Loaded
from knowledge.normalize import fold
from knowledge.problem import Problem

WORTH_SHOWING = 0.02
"""The least probability with which a search by meaning shows an entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entry of a search, and why it is in it."""

    entry: KnowledgeEntry
    score: float | None
    """The probability that the matcher gives it; None where only its words were found."""
    has_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the entries to show; empty means all."""

    q: str = ""
    kind: str = ""
    owner: str = ""
    show: str = ""
    """``overdue``, ``problem``, ``unused`` or ``invalid`` (outside its dates)."""


class Catalogue:
    """One version of the folder, made ready for searching; build it in a thread where the folder is large."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.problems = _by_entry(loaded)
        self._words = {entry.id: _words_of(entry) for entry in loaded.entries}

    @property
    def owners(self) -> list[str]:
        """Everybody who owns an entry, in order."""
        return sorted({entry.owner for entry in self.loaded.entries if entry.owner})

    @property
    def orphans(self) -> tuple[Problem, ...]:
        """What is wrong with files that no served entry is made of."""
        return tuple(one for one in self.loaded.problems if not self._serves(one.file))

    def find(
        self, wanted: Wanted, today: date, *, meant: Mapping[str, float], uses: Callable[[str], int]
    ) -> list[Found]:
        """Return what is wanted: by ``q`` the likeliest first, otherwise what is used most; ``meant`` is the matcher's word."""
        terms = fold(wanted.q).split()
        found = []
        for entry in self.loaded.entries:
            if not self._is_wanted(entry, wanted, today, uses):
                continue
            score = meant.get(entry.id, 0.0)
            has_words = bool(terms) and all(term in self._words[entry.id] for term in terms)
            if not terms or has_words or score >= WORTH_SHOWING:
                found.append(
                    Found(entry=entry, score=score if score >= WORTH_SHOWING else None, has_words=has_words)
                )
        return sorted(found, key=lambda one: (-(one.score or 0), -uses(one.entry.id), one.entry.id))

    def totals(self, today: date, *, uses: Callable[[str], int]) -> dict[str, int]:
        """Return how many entries there are, and how many each of ``Wanted.show`` would show; files count as problems."""
        entries = self.loaded.entries
        return {
            "all": len(entries),
            "overdue": sum(is_overdue(entry, today) for entry in entries),
            "problem": len(self.problems) + len({one.file for one in self.orphans}),
            "unused": sum(uses(entry.id) == 0 for entry in entries),
            "invalid": sum(not entry.is_valid(today) for entry in entries),
        }

    def _is_wanted(
        self, entry: KnowledgeEntry, wanted: Wanted, today: date, uses: Callable[[str], int]
    ) -> bool:
        if (wanted.kind and entry.kind != wanted.kind) or (wanted.owner and entry.owner != wanted.owner):
            return False
        match wanted.show:
            case "overdue":
                return is_overdue(entry, today)
            case "problem":
                return bool(self.problems.get(entry.id))
            case "unused":
                return uses(entry.id) == 0
            case "invalid":
                return not entry.is_valid(today)
            case _:
                return True

    def _serves(self, file: Path) -> bool:
        return any(problem.file == file for held in self.problems.values() for problem in held)


def _by_entry(loaded: Loaded) -> dict[str, Sequence[Problem]]:
    owner = {
        wording.source: entry.id
        for entry in loaded.entries
        for wording in entry.wordings.values()
        if wording.source is not None
    }
    found: dict[str, list[Problem]] = {}
    for problem in loaded.problems:
        if problem.file in owner:
            found.setdefault(owner[problem.file], []).append(problem)
    return {entry: tuple(problems) for entry, problems in found.items()}


def _words_of(entry: KnowledgeEntry) -> str:
    texts = [entry.id, entry.owner, entry.author, entry.editor]
    for wording in entry.wordings.values():
        texts += _texts(wording)
    return "\n".join(fold(text) for text in texts if text)


def _texts(wording: Wording) -> list[str]:
    return [*wording.all_phrasings, wording.answer, *wording.channel_answers.values()]
