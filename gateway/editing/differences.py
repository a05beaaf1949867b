"""Two versions of the knowledge asked the same questions: which of them get another answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.entry import KnowledgeEntry
from knowledge.match import Matcher, Outcome
from knowledge.outcome import OutcomeKind

Turn = Literal["lost", "other", "gained", "choices"]
"""``lost``: answered before, and now not; ``other``: answered by another entry; ``gained``: answered only now;
``choices``: other choices, or choices instead of nothing, or the other way round."""
TURNS: tuple[Turn, ...] = ("lost", "other", "gained", "choices")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one version says: the entry answered with, or those offered, and how sure the first is."""

    kind: OutcomeKind
    entries: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A question that the two versions judge differently; ``asked_by`` says where it comes from."""

    text: str
    asked_by: tuple[str, ...]
    turn: Turn
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """Which entries are in one version only, and which say something else."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    answers: tuple[str, ...]
    """Entries whose answer reads differently in some language or channel."""


def questions_of(
    versions: Sequence[Sequence[KnowledgeEntry]], past: Iterable[str] = ()
) -> Mapping[str, tuple[str, ...]]:
    """Return everything there is to ask, with where it comes from: ``must 退货政策``, ``phrasing …``, ``past``."""
    found: dict[str, dict[str, None]] = {}
    for entries in versions:
        for entry in entries:
            for wording in entry.wordings.values():
                for what, texts in (
                    ("must", wording.must),
                    ("must_not", wording.must_not),
                    ("phrasing", wording.all_phrasings),
                ):
                    for text in texts:
                        found.setdefault(text, {})[f"{what} {entry.id}"] = None
    for text in past:
        if text.strip():
            found.setdefault(text.strip(), {})["past"] = None
    return {text: tuple(origins) for text, origins in found.items()}


def differences(
    before: Matcher, after: Matcher, asked: Mapping[str, tuple[str, ...]], today: date
) -> list[Difference]:
    """Ask both, and return what changed: what was lost first, tests before phrasings before past questions."""
    found = []
    for text, asked_by in asked.items():
        old, new = (_verdict(matcher.match(text, today=today)) for matcher in (before, after))
        if (old.kind, old.entries) != (new.kind, new.entries):
            found.append(
                Difference(text=text, asked_by=asked_by, turn=_turn(old, new), before=old, after=new)
            )
    return sorted(found, key=lambda one: (TURNS.index(one.turn), _weight(one)))


def edits(before: Sequence[KnowledgeEntry], after: Sequence[KnowledgeEntry]) -> Edits:
    """Return which entries came, went, or say something else."""
    old, new = ({entry.id: entry for entry in entries} for entries in (before, after))
    return Edits(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        answers=tuple(sorted(key for key in old.keys() & new.keys() if _said(old[key]) != _said(new[key]))),
    )


def _said(entry: KnowledgeEntry) -> dict[str, tuple[str, dict[str, str]]]:
    return {lang: (one.answer, dict(one.channel_answers)) for lang, one in entry.wordings.items()}


def _verdict(outcome: Outcome) -> Verdict:
    matches = outcome.matches
    shown = outcome.answered or (matches if outcome.kind == "choices" else ())
    ids = tuple(match.id for match in shown)
    score = matches[0].score if matches else 0.0
    # Which of several comes first matters to nobody.
    return Verdict(kind=outcome.kind, entries=tuple(sorted(ids)), score=round(score, 3))


def _turn(old: Verdict, new: Verdict) -> Turn:
    if old.kind == "answer":
        return "other" if new.kind == "answer" else "lost"
    return "gained" if new.kind == "answer" else "choices"


def _weight(one: Difference) -> int:
    """Tests first: somebody meant them."""
    return min(
        ("must", "must_not", "phrasing", "past").index(origin.split(" ")[0]) for origin in one.asked_by
    )
