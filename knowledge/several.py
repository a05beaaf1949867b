"""Several questions in one message: where one ends and the next begins, and what they come to together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.clauses import clauses
from knowledge.idle import content, is_idle
from knowledge.normalize import fold
from knowledge.outcome import Outcome

MOST_QUESTIONS = 4
"""Whoever asks more than this in one message tells a story, and is judged by the whole of it."""
_MATTER = 3
"""So many characters of content (a Latin word counts two) a question needs before we own up to not knowing it."""
_ASKING = r"怎么|怎样|如何|多久|什么时候|什么|哪|能不能|可不可以|有没有|是不是|要不要|能否|是否|多少|几"
_NEXT = re.compile(
    r"(?=另外|此外|顺便(?:再)?问|再问|还想问|对了)|\b(?:and |but |plus )?(?:also|another thing|by the way)\b,?|"
    rf"还有(?=.{{1,8}}(?:吗|呢|{_ASKING}))",
    re.IGNORECASE,
)
"""Words that say: now something else."""
_JOINT = re.compile(
    rf"(?:以及|和|跟|与|或者|还是|还有)(?={_ASKING})|"
    r"\b(?:and|plus) (?=(?:then )?(?:how|where|what|when|who|why|which|can|could|do|does|is|are|will|should)\b)",
    re.IGNORECASE,
)
"""Words between two questions, where what follows begins like one."""


def questions(text: str) -> list[str]:
    """Return the questions of a message, each with what was told before it; one or none where it is not several.

    Sentences that tell something belong to the question after them, those at the end to the last question. Between
    words that say "now something else" a thing may be asked without the form of a question: "我要退货，另外发票怎么开".
    """
    chunks = _NEXT.split(text)
    found: list[str] = []
    for chunk in chunks:
        asked, told = _asked(chunk)
        if asked and told:
            asked[-1] = "\n".join((asked[-1], *told))
        elif told and len(chunks) > 1:
            asked = ["\n".join(told)]
        found.extend(asked)
    return found if len(found) <= MOST_QUESTIONS else []


def _asked(text: str) -> tuple[list[str], list[str]]:
    """Return the questions of a text, each with what was told before it, and what was told after the last."""
    found, told = list[str](), list[str]()
    for clause in clauses(_JOINT.sub("\n", text)):
        if is_idle(fold(clause.text)):
            continue
        told.append(clause.text)
        if clause.asks:
            found.append("\n".join(told))
            told = []
    return found, told


def together(judged: Sequence[tuple[str, Outcome]]) -> Outcome | None:
    """Make one outcome of several questions that were judged alone; None where they do not come to several.

    At least one must be answered. A question whose choices hold what was answered already is the same matter again;
    one without any match counts only if it is about something.
    """
    parts: list[Outcome] = []
    answered: set[str] = set()
    for _, outcome in judged:
        if outcome.kind == "answer" and outcome.matches[0].id not in answered:
            answered.add(outcome.matches[0].id)
    if not answered:
        return None
    said: set[str] = set()
    for text, outcome in judged:
        ids = {match.id for match in outcome.matches}
        if outcome.kind == "answer":
            first = outcome.matches[0].id
            if first not in said:
                said.add(first)
                parts.append(replace(outcome, asked=text))
        elif outcome.kind == "choices":
            if not ids & answered and not any(part.kind == "choices" for part in parts):
                parts.append(replace(outcome, asked=text))
        elif not outcome.small_talk and content(fold(text.rpartition("\n")[2])) >= _MATTER:
            parts.append(replace(outcome, asked=text))
    if len(parts) < 2:
        return None
    matches = tuple(part.matches[0] for part in parts if part.kind == "answer")
    because = f"{len(parts)} questions, {len(matches)} answered"
    return Outcome(
        kind="answer", matches=matches, because=because, lang=judged[0][1].lang, parts=tuple(parts)
    )
