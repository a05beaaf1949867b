"""Promises: anything owed to somebody by an instant (rulebook L3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal


class PromiseState(StrEnum):
    """``renegotiated``: a later promise took its place; ``withdrawn``: nothing is owed any more, as for spam."""

    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"
    RENEGOTIATED = "renegotiated"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (PromiseState.RUNNING, PromiseState.PAUSED)

Counts = Literal["opening", "calendar"]
"""Which time counts: that in which the house is open, or all of it."""


class Stage(StrEnum):
    """The kinds of promise, each with its rule (docs/explanation/promises.md)."""

    WELCOME = "welcome"
    """I3: the automatic welcome; a row only where it came late."""
    AGENT_GREETING = "agent_greeting"
    """I4: a person who was handed a chat greets."""
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    """The answer to what the customer wrote after the first answer."""
    ACCEPTANCE = "acceptance"
    """T8: a department takes what is asked of it."""
    RESOLUTION = "resolution"
    TASK = "task"
    """T8: what a department was asked to do inside a colleague's ticket; ``needs`` names the task."""
    EXPLANATION = "explanation"
    """L2: after a breach, why it is late and what the plan is."""
    REPORT = "report"
    """T9: a supervisor knows of a serious case."""
    VERIFY = "verify"
    """T9: and has looked into it."""
    SECOND_LINE = "second_line"
    FOLLOW_UP = "follow_up"
    REVIEW = "review"
    """X1: of an emergency, within a week."""
    PROMISED = "promised"
    """L3: given by a person, in words."""
    TOLD = "told"
    """The time a waiting customer was told, where it is not that of the rules: later, by the queue or a delay."""


ANSWERS = frozenset({Stage.FIRST_RESPONSE, Stage.NEXT_RESPONSE, Stage.AGENT_GREETING, Stage.TOLD})
"""What a person's words to the customer keep."""

OUTLIVES = frozenset({Stage.EXPLANATION, Stage.REPORT, Stage.VERIFY, Stage.FOLLOW_UP, Stage.REVIEW})
"""What is still owed when the ticket is resolved or closed."""

SEVERAL = frozenset({Stage.PROMISED})
"""Kinds of which a ticket may owe more than one at once; others are told apart by ``needs``."""

EXPLAINED = frozenset(
    {
        Stage.FIRST_RESPONSE,
        Stage.NEXT_RESPONSE,
        Stage.ACCEPTANCE,
        Stage.RESOLUTION,
        Stage.TASK,
        Stage.SECOND_LINE,
        Stage.FOLLOW_UP,
        Stage.PROMISED,
    }
)
"""What makes a ticket overdue (L2): it escalates, and somebody has to say why."""

OF_OTHERS = frozenset({Stage.ACCEPTANCE, Stage.TASK, Stage.REPORT, Stage.VERIFY, Stage.REVIEW})
"""What does not pass to whoever takes the ticket over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something owed: ``kind`` is its ``Stage``, ``owner`` a department's id or ``agent:1001``.

    Made by ``promise_rules.owed`` where a setting says how long it may take, else with ``due_at`` alone: such
    a promise is due then whatever happens, and never pauses.
    """

    kind: str
    owner: str
    due_at: datetime
    told: bool = False
    """The customer knows the time: it never moves to a later one without their being told."""
    because: str
    agent_id: int | None = None
    text: str = ""
    """A person's own words."""
    started_at: datetime | None = None
    """When counting began; now, by default."""
    span: timedelta | None = None
    counts: Counts = "calendar"
    warn_at: datetime | None = None
    rule: str = ""
    """The setting that says how long: ``promises.resolution.urgent``."""
    version: str = ""
    """Of all the rules that promises are made from."""
    needs: str = ""
    """What it is about within the ticket, where there may be several: ``task:7``."""
    emergency_id: int | None = None


_OPENING: Mapping[str, Counts] = dict.fromkeys(
    (Stage.FIRST_RESPONSE, Stage.NEXT_RESPONSE, Stage.EXPLANATION), "opening"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRules:
    """What the house decided about promises beside their spans; hangs on ``Policy``."""

    next_response: Mapping[str, timedelta] = field(default_factory=dict)
    """By kind of channel; what is not named takes as long as a first response."""
    counts: dict[str, Counts] = field(default_factory=lambda: dict(_OPENING))
    """By stage; what is not named counts by the calendar."""
    warn: Mapping[str, float] = field(default_factory=dict)
    """By stage: the share of its span after which its owner is reminded."""
    warn_share: float = 0.75
    """The same for stages that are not named."""
    pauses: frozenset[str] = frozenset({Stage.RESOLUTION, Stage.NEXT_RESPONSE})
    """Stages that stand still while the customer owes an answer."""
    raises_urgency: bool = False
    """Whether a breach makes the ticket more urgent."""
    causes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Causes of delay to choose from, each with its words by language (L2, V2)."""
    returns: frozenset[str] = frozenset({"return_exchange"})
    """Sub-types that are returns or exchanges (T4)."""
    version: str = ""
    """Changes with whatever a promise's time is made from: hours, holidays, spans, and these."""

    def warn_share_of(self, kind: str) -> float:
        """Return the share of the span after which ``kind`` is warned of."""
        return self.warn.get(kind, self.warn_share)

    def counts_of(self, kind: str) -> Counts:
        """Return which time counts for ``kind``."""
        return self.counts.get(kind, "calendar")
