"""Promises: anything owed to somebody by an instant (rulebook L3)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PromiseState(StrEnum):
    """``renegotiated`` means a later promise took its place, with the customer's knowledge."""

    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"
    RENEGOTIATED = "renegotiated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something owed: ``kind`` is its stage (first_response, resolution …), ``owner`` a department or agent."""

    kind: str
    owner: str
    due_at: datetime
    told: bool = False
    because: str
