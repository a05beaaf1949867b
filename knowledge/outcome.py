"""What a search comes to: an answer, two or three choices, or nothing sure enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OutcomeKind = Literal["answer", "choices", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which probability on to answer, and from which sum of the best three on to offer choices."""

    answer: float = 0.86
    offer: float = 0.50


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One entry that may be meant: the probability that it is, and what speaks for it."""

    id: str
    question: str
    score: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The verdict on one message, with its reason; ``matches`` are best first and at most three.

    Where a message holds several questions, ``parts`` holds a verdict for each, in their order; the whole is then an
    answer, and its ``matches`` are the entries that answer.
    """

    kind: OutcomeKind
    matches: tuple[Match, ...] = ()
    because: str
    lang: str
    small_talk: str = ""
    notes: tuple[str, ...] = ()
    """What else counted: entries passed over and why; on request, typos that were repaired and unknown words."""
    asked: str = ""
    """Of a part: the customer's own words."""
    parts: tuple[Outcome, ...] = ()

    @property
    def answered(self) -> tuple[Match, ...]:
        """The entries whose answers are meant to be told: the best one, or the best of each part; else none."""
        if self.kind != "answer":
            return ()
        return self.matches if self.parts else self.matches[:1]
