"""Tickets: their words (rulebook T1–T3, L1) and the moves allowed between statuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TicketType(StrEnum):
    """Rulebook T1."""

    PRESALE = "presale"
    AFTERSALE = "aftersale"
    COMPLAINT = "complaint"
    CHANGE = "change"
    SUGGESTION = "suggestion"


class Urgency(StrEnum):
    """Rulebook T2; ``rank`` orders lists, highest first."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for normal, 2 for critical."""
        return list(Urgency).index(self)


class Anomaly(StrEnum):
    """Rulebook T3."""

    NONE = "none"
    COMPLAINT = "complaint"
    SERIOUS = "serious"
    OUTAGE = "outage"
    MEDIA = "media"


SERIOUS = frozenset({Anomaly.SERIOUS, Anomaly.OUTAGE, Anomaly.MEDIA})
"""What a supervisor is told of at once, and looks into (rulebook T9)."""


class Status(StrEnum):
    """待处理, 处理中, 已解决, 已关闭 (rulebook L1)."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


MOVES: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.IN_PROGRESS, Status.RESOLVED, Status.CLOSED}),
    Status.IN_PROGRESS: frozenset({Status.OPEN, Status.RESOLVED, Status.CLOSED}),
    Status.RESOLVED: frozenset({Status.CLOSED, Status.OPEN, Status.IN_PROGRESS}),
    Status.CLOSED: frozenset({Status.OPEN, Status.IN_PROGRESS}),
}


class MoveNotAllowed(ValueError):
    """The asked-for move does not exist; nothing was changed."""


def move(now: Status, to: Status) -> Status:
    """Return ``to`` if it may follow ``now``; staying is always allowed.

    Raises:
        MoveNotAllowed: there is no such move.
    """
    if to != now and to not in MOVES[now]:
        raise MoveNotAllowed(f"a ticket cannot go from {now} to {to}")
    return to


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a message is about, and every reason why (rulebook T1–T3)."""

    type: TicketType = TicketType.AFTERSALE
    subtype: str | None = None
    urgency: Urgency = Urgency.NORMAL
    anomaly: Anomaly = Anomaly.NONE
    department: str = "support"
    because: tuple[str, ...] = ()
    said_type: str = ""
    """The type in the words of triage, which also knows ``none`` and ``human``; empty where it was not asked."""
    needs_identity: bool = False
    """Whether this contact's account or order data are needed."""
    sensitive: tuple[str, ...] = ()
    """Kinds of personal data that stand in the message."""
    lang: str = ""
    """The message's own language: zh-Hans, zh-Hant, en or mixed."""
    confidence: Mapping[str, float] = field(default_factory=dict)
    """How probable each field's value is; empty where rules of the house decided."""
    version: str = ""
    """Of the rules and the model that decided."""
    alarm: float = 1.0
    """How probable it is that there really is an anomaly or critical urgency; sure where rules of the house decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Work owed, as far as a step needs to know it."""

    id: int
    number: str
    status: Status
    type: TicketType
    urgency: Urgency
    anomaly: Anomaly
    department: str
    agent_id: int | None = None
    subtype: str | None = None
    line: int = 1
    """2: the second line has it, or is to have it."""
    spam: str | None = None
    """Why it lies in the spam view; None if it does not."""
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
