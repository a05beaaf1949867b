"""Effects that bring tickets to people: who is taken first, who is asked, who has it, who hands it to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Prioritize:
    """The customer is taken before those of a larger rank; a rank once won is never lost."""

    rank: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggest:
    """One agent is asked to take the ticket; the others may, too. ``record`` says why nobody else."""

    agent_id: int | None
    instead_of: int | None = None
    """Whom it was suggested to until now: if that has changed, somebody else decided in the meantime."""
    record: Mapping[str, object] = field(default_factory=dict)
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """One agent has the ticket without having asked for it."""

    agent_id: int
    record: Mapping[str, object] = field(default_factory=dict)
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A supervisor is told of the ticket and keeps an eye on it; 0 where the house has none to tell."""

    supervisor_id: int
    number: str | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requeue:
    """The agent cannot go on: back to the front of the queue; the first agent stays named."""

    rank: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSecondLine:
    """The first line cannot solve it (rulebook T9)."""

    department: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandover:
    """A colleague is asked to take the ticket over; until they accept, the giver stays responsible."""

    to_id: int
    note: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleHandover:
    """A hand-over comes to its end: accepted, declined or withdrawn."""

    handover_id: int
    state: str
    answer: str = ""
    because: str


RoutingEffect = (
    Prioritize | Suggest | Assign | Watch | Requeue | ToSecondLine | OfferHandover | SettleHandover
)
