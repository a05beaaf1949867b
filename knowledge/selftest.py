"""Every entry's own tests against the matcher: what it must answer, what it must leave to others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.match import Matcher
from knowledge.outcome import Outcome

Kind = Literal["must", "must_not"]
Verdict = Literal["passed", "offered", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One test and what came of it; ``offered`` is a ``must`` that was asked back with the entry among the choices."""

    entry: KnowledgeEntry
    wording: Wording
    kind: Kind
    text: str
    outcome: Outcome
    verdict: Verdict

    @property
    def got(self) -> str:
        """The entry the matcher thought of first, ``""`` if of none."""
        return self.outcome.matches[0].id if self.outcome.matches else ""

    @property
    def score(self) -> float:
        """How sure it was of that one."""
        return self.outcome.matches[0].score if self.outcome.matches else 0.0


def try_all(entries: Sequence[KnowledgeEntry], matcher: Matcher, today: date) -> Iterator[Tried]:
    """Try every test of every entry that is in use on ``today``, as a customer would ask it."""
    for entry in entries:
        if entry.is_valid(today):
            for wording in entry.wordings.values():
                for text in wording.must:
                    yield _tried(
                        entry, wording, "must", text, matcher.match(text, lang=wording.lang, today=today)
                    )
                for text in wording.must_not:
                    yield _tried(
                        entry, wording, "must_not", text, matcher.match(text, lang=wording.lang, today=today)
                    )


def _tried(entry: KnowledgeEntry, wording: Wording, kind: Kind, text: str, outcome: Outcome) -> Tried:
    answers = outcome.kind == "answer" and outcome.matches[0].id == entry.id
    verdict: Verdict
    if kind == "must_not":
        verdict = "failed" if answers else "passed"
    elif answers:
        verdict = "passed"
    else:
        among = outcome.kind == "choices" and any(match.id == entry.id for match in outcome.matches)
        verdict = "offered" if among else "failed"
    return Tried(entry=entry, wording=wording, kind=kind, text=text, outcome=outcome, verdict=verdict)
