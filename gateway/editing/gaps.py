"""Gaps in the knowledge: what customers asked and people had to answer, grouped, and dearest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.store.questions import Question

GapKind = Literal["unanswered", "handed_over", "repeated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One of the questions, without anything that says who asked it."""

    text: str
    at: datetime
    channel: str
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that mean the same and cost an agent's time, with what would close the gap."""

    id: str
    """Stable while the same questions are meant: for links and buttons."""
    kinds: tuple[GapKind, ...]
    """``unanswered``: the bot knew nothing, or its choices were not taken; ``handed_over``: it answered, and
    the customer asked for a person all the same; ``repeated``: agents wrote the same reply again and again."""
    question: str
    """The most typical of the questions."""
    lang: str
    times: int
    """In so many conversations."""
    cost: timedelta
    """``times`` × what an agent's handling takes."""
    examples: tuple[Example, ...]
    """Different wordings, the most typical first."""
    reply: str | None
    """What agents answered most often, without personal data; None where nobody answered."""
    reply_times: int
    entries: tuple[str, ...]
    """Entries the bot answered with or offered, most often first: perhaps one of them only lacks a phrasing."""
    last_at: datetime


def find_gaps(
    questions: Sequence[Question],
    *,
    handling: timedelta,
    known: Sequence[str] = (),
    most: int = 50,
) -> tuple[Gap, ...]:
    """Return the ``most`` dearest gaps.

    ``handling`` is what one enquiry costs an agent; ``known`` are the phrasings of the entries there are:
    from them, too, it is learnt which words are common and say little.
    """
    raise NotImplementedError
