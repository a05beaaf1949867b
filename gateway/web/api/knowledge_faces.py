"""Entries, verdicts and previews as they are sent. Pure but for the adapters' rendering."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from adapters.contract import Rendered
from gateway.editing.catalogue import Found
from gateway.editing.reviews import is_overdue, review_due
from gateway.editing.trial import Trial
from gateway.store.usage import Use
from gateway.web.hypertext import tree_of
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.lint.finding import Finding
from knowledge.match import Match, Outcome, Thresholds
from knowledge.problem import Problem

Face = dict[str, Any]

_SHOWN = {"id", "question", "score", "kind", "matches", "because", "lang", "small_talk", "asked", "parts"}
"""What of a verdict and of its matches has a place of its own."""


def entry_line(
    found: Found,
    *,
    lang: str,
    today: date,
    uses: Mapping[str, Use],
    problems: Mapping[str, Sequence[Problem]],
) -> Face:
    """Return an entry as lists show it, its question in the reader's language."""
    entry, use = found.entry, uses.get(found.entry.id)
    return {
        "id": entry.id,
        "question": entry.question_in(lang),
        "class": entry.kind,
        "owner": entry.owner,
        "applies_to": list(entry.applies_to),
        "languages": list(entry.wordings),
        "updated": entry.updated,
        "review_by": review_due(entry),
        "is_overdue": is_overdue(entry, today),
        "is_valid": entry.is_valid(today),
        "level": entry.level,
        "used": use.times if use else 0,
        "used_at": use.last_at if use else None,
        "problems": len(problems.get(entry.id, ())),
        "score": found.score,
        "has_words": found.has_words,
    }


def entry_details(entry: KnowledgeEntry, folder: Path, choices: Sequence[Face]) -> Face:
    """Return what only the page of one entry shows."""
    action = entry.action
    return {
        "author": entry.author,
        "editor": entry.editor,
        "created": entry.created,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "channels": list(entry.channels),
        "choices": list(choices),
        "action": f"{action.kind} {action.value}".strip() if action else "",
        "wordings": [_wording(one, folder) for one in entry.wordings.values()],
    }


def _wording(wording: Wording, folder: Path) -> Face:
    return {
        "lang": wording.lang,
        "question": wording.question,
        "phrasings": list(wording.phrasings),
        "not_for": list(wording.not_for),
        "must": list(wording.must),
        "must_not": list(wording.must_not),
        "answer": wording.answer,
        "channel_answers": dict(wording.channel_answers),
        "file": within(wording.source, folder) if wording.source else "",
    }


def within(file: Path, folder: Path) -> str:
    """Return a file's path below the knowledge folder; where the folder lies is nobody's business."""
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name


def problem_face(problem: Problem, folder: Path, lang: str) -> Face:
    """Return a mistake in the reader's language."""
    is_zh = lang.startswith("zh")
    return {
        "file": within(problem.file, folder),
        "line": problem.line,
        "text": problem.zh if is_zh else problem.en,
        "remedy": problem.remedy_zh if is_zh else problem.remedy_en,
        "fatal": problem.fatal,
    }


def finding_face(finding: Finding, folder: Path, lang: str) -> Face:
    """Return what a rule of ``kb lint`` found, in the same shape as a mistake."""
    return {
        "file": within(finding.file, folder),
        "line": finding.line,
        "text": finding.found_in(lang),
        "remedy": finding.remedy_in(lang),
        "fatal": finding.level == "error",
    }


def verdict(text: str, outcome: Outcome, thresholds: Thresholds) -> Face:
    """Return what the matcher said, with everything it gave as evidence, also what we have no name for yet."""
    return {
        "text": text,
        "lang": outcome.lang,
        "kind": outcome.kind,
        "because": outcome.because,
        "small_talk": outcome.small_talk,
        "thresholds": {"answer": thresholds.answer, "offer": thresholds.offer},
        "matches": [_judged(match) for match in outcome.matches],
        "parts": [_part(part) for part in outcome.parts],
        "more": _more(outcome),
    }


def _part(outcome: Outcome) -> Face:
    return {
        "asked": outcome.asked,
        "kind": outcome.kind,
        "because": outcome.because,
        "matches": [_judged(match) for match in outcome.matches],
    }


def _judged(match: Match) -> Face:
    return {
        "id": match.id,
        "question": match.question,
        "score": match.score,
        "because": [str(one) for one in match.because],
        "more": _more(match),
    }


def _more(thing: Outcome | Match) -> Face:
    """Return the fields that came later than this page: shown as they are, so that no evidence hides."""
    return {one.name: _plain(getattr(thing, one.name)) for one in fields(thing) if one.name not in _SHOWN}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return str(value)


def preview(channel: str, kind: str, trial: Trial, pieces: Iterable[Rendered]) -> Face:
    """Return what a customer of one channel would get."""
    return {
        "channel": channel,
        "kind": kind,
        "outcome": trial.outcome.kind,
        "hand_off": trial.hand_off,
        "text": trial.said.text if trial.said else "",
        "pieces": [
            {
                "form": piece.form,
                "content": piece.content,
                "nodes": tree_of(piece.content) if piece.form == "html" else [],
                "buttons": list(piece.buttons),
            }
            for piece in pieces
        ],
    }
