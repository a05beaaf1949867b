"""What is said about promises, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.web.api.models import Model, Person

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class Segment(Model):
    """A stretch of a promise's bar; the present one has no end while the promise is open."""

    from_at: datetime
    until_at: datetime | None
    kind: Literal["counting", "paused"]
    because: str | None


class Owed(Model):
    """A promise. ``due_at`` and ``warn_at`` are null while it stands still; ``used_s`` was counted before the present stretch."""

    id: str
    kind: str
    state: str
    is_late: bool
    owner: str
    agent: Person | None
    told: bool
    text: str
    because: str
    rule: str | None
    version: str | None
    needs: str | None
    counts: Literal["opening", "calendar"]
    span_s: float | None
    used_s: float
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    warned_at: datetime | None
    fired_at: datetime | None
    escalated_at: datetime | None
    paused_at: datetime | None
    paused_because: str | None
    settled_at: datetime | None
    settled_because: str | None
    instead_of: str | None


class OwedInFull(Owed):
    """With its bar."""

    segments: list[Segment]


class Escalated(Model):
    """How far a ticket has escalated: 0 not at all, 1 it is late, 2 and nobody said why."""

    level: int
    at: datetime | None
    because: str | None


class KnownCause(Model):
    """A cause of delay that may be stated, with its words by language."""

    cause: str
    label: dict[str, str]


class TicketPromises(Model):
    """All that a ticket owes and owed, and the ``causes`` that its being late may have."""

    now: datetime
    escalation: Escalated
    causes: list[KnownCause]
    promises: list[OwedInFull]


class OwedInList(Owed):
    """With what its ticket is about."""

    ticket: str
    subject: str
    department: str
    urgency: str
    escalation: int
    escalated_because: str | None
    cause: str | None
    """Of its ticket being late, as last stated."""
    cause_owed: bool
    """Its ticket is late, and nobody has said why."""


class PromisePage(Model):
    """What is owed, the earliest first, and the words of the ``causes``."""

    promises: list[OwedInList]
    next: str | None
    causes: list[KnownCause]


class PromiseQuery(Model):
    """Which promises."""

    state: Literal["due", "warned", "late"] = "due"
    department: str = ""
    agent: str = ""
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NewTime(Model):
    """A later time, and why."""

    due_at: AwareDatetime
    reason: Words


class ExplanationBody(Model):
    """Why it is late, and how it will be caught up."""

    cause: Annotated[str, StringConstraints(max_length=64)]
    plan: Words


class UrgencyBody(Model):
    """How urgent it is, and why."""

    urgency: Literal["normal", "urgent", "critical"]
    reason: Words


class CausesQuery(Model):
    """Since when; the last 30 days by default."""

    since: AwareDatetime | None = None


class Cause(Model):
    """A cause of delay: its words by language, how often it was stated, and where."""

    cause: str
    label: dict[str, str]
    count: int
    departments: dict[str, int]


class CausesReport(Model):
    """Why things were late: ``late`` promises by kind, and ``unexplained`` ones whose cause is still owed.

    ``unverified`` of them waited for a customer to prove who they are.
    """

    since: datetime
    causes: list[Cause]
    late: dict[str, int]
    unexplained: int
    unverified: int
