"""Effects on what is owed; ``Owe`` itself stands with the others in ``plan``."""

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.promise import Promise, PromiseState
from gateway.domain.ticket import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """End what is owed: the promise ``id``, or those of ``kind`` (about ``needs``, where that is said).

    Without a ``state`` it is kept if it was in time, else broken.
    """

    id: int | None = None
    kind: str | None = None
    needs: str | None = None
    state: PromiseState | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renegotiate:
    """A promise gets a new time: the old one is renegotiated, a new one takes its place.

    Whoever decides this tells the customer in the same plan if ``told``.
    """

    id: int
    due_at: datetime
    told: bool = True
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckon:
    """What the ticket is about has changed: reckon anew all that runs on it; time used up stays used up."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUrgency:
    """Somebody who may says how urgent it is."""

    to: Urgency
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain:
    """The agent states why it is late and how it will be caught up (L2)."""

    agent_id: int
    cause: str
    plan: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A promise that was broken before there was a row of it: it is only written down."""

    promise: Promise
    because: str
