"""One transaction at work: what it knows, and what it has made so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import orjson
from sqlalchemy import bindparam, insert

from adapters.contract import Shown
from gateway.domain.conversation import State
from gateway.domain.policy import ChannelKind, Policy
from gateway.store import tables as t
from gateway.store.columns import to_micros
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.prepared import Prepared
from gateway.store.snapshot import Snapshot

_EVENT = Prepared(
    insert(t.event)
    .values(
        at=bindparam("at"),
        kind=bindparam("kind"),
        thread_id=bindparam("thread_id"),
        conversation_id=bindparam("conversation_id"),
        ticket_id=bindparam("ticket_id"),
        actor=bindparam("actor"),
        because=bindparam("because"),
        data=bindparam("data"),
    )
    .returning(t.event.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does it: the bot, the house, or an agent with number and name."""

    word: str = "bot"
    """For the audit trail: ``bot``, ``system``, ``agent:1001``."""
    agent_id: int | None = None
    name: str | None = None
    number: str | None = None


BOT = Actor()


@dataclass(slots=True, kw_only=True)
class Applying:
    """One transaction at work: what it knows, and what it has made so far."""

    tx: Tx
    snapshot: Snapshot
    actor: Actor
    now: datetime
    policy: Policy
    kind: ChannelKind
    """How fast an answer is expected where the contact writes."""
    key: Callable[[], str]
    """A fresh id, safe as the local part of a Message-ID."""
    served: bool
    is_served: Callable[[str], bool]
    """Of any channel: whether its clients fetch for themselves, so that nothing can be sent to it."""
    lang: str
    message_id: int | None = None
    """The contact's message that it is about."""
    seq: int = 0
    """The last ``seq`` given out on the thread."""
    conversation_id: int | None = None
    state: State | None = None
    ticket_id: int | None = None
    ticket_number: str | None = None
    shown: list[Shown] = field(default_factory=list)
    message_ids: list[int] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    conversation_changes: dict[str, Any] = field(default_factory=dict)
    queue_delta: int = 0
    has_outgoing: bool = False
    promises_changed: bool = False
    names_changed: bool = False
    """The conversation names more than before."""
    emergencies: list[int] = field(default_factory=list)
    """Those this conversation turned out to be concerned by."""

    @property
    def zone(self) -> tzinfo:
        """The house's own time zone."""
        return self.policy.hours.zone

    def record(self, kind: str, because: str, **data: Any) -> None:
        """Add a line to the audit trail."""
        row = _EVENT.row(
            self.tx,
            at=to_micros(self.now),
            kind=kind,
            thread_id=self.snapshot.thread_id,
            conversation_id=self.conversation_id,
            ticket_id=self.ticket_id,
            actor=self.actor.word,
            because=because,
            data=orjson.dumps(data).decode() if data else None,
        )
        assert row is not None
        self.events.append(Happened(id=row[0], at=self.now, kind=kind, ticket=self.ticket_number, data=data))
