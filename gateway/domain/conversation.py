"""Who has the floor in a Conversation, and the moves allowed between states."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """bot → queued → with_agent → closed; a person's word always wins over the bot's."""

    BOT = "bot"
    QUEUED = "queued"
    WITH_AGENT = "with_agent"
    CLOSED = "closed"


MOVES: dict[State, frozenset[State]] = {
    State.BOT: frozenset({State.QUEUED, State.WITH_AGENT, State.CLOSED}),
    State.QUEUED: frozenset({State.WITH_AGENT, State.CLOSED}),
    State.WITH_AGENT: frozenset({State.QUEUED, State.CLOSED}),
    State.CLOSED: frozenset({State.QUEUED, State.WITH_AGENT}),
}


class MoveNotAllowed(ValueError):
    """The asked-for move does not exist; nothing was changed."""


def move(now: State, to: State) -> State:
    """Return ``to`` if it may follow ``now``; staying is always allowed.

    Raises:
        MoveNotAllowed: there is no such move.
    """
    if to != now and to not in MOVES[now]:
        raise MoveNotAllowed(f"a conversation cannot go from {now} to {to}")
    return to


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedChoice:
    """A choice shown to the customer last time: its id (a knowledge entry) and its words."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One enquiry, from its first message to its closing."""

    id: int
    state: State
    lang: str
    topic: str | None = None
    offered: tuple[OfferedChoice, ...] = ()
    misses: int = 0
    started_at: datetime
    last_at: datetime
    queued_at: datetime | None = None
    told_at: datetime | None = None
    """By when the customer was last told that a person answers."""
    closed_at: datetime | None = None
