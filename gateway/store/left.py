"""Tickets that agents left behind: what waits for somebody who is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from gateway.store import tables as t
from gateway.store.database import Tx

AT_ONCE = 200
_k, _a = t.ticket.c, t.agent.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One ticket, and whom it waits for in vain."""

    number: str
    agent_id: int
    is_disabled: bool
    requeued_before: bool
    """Whether the customer has been told such a thing already: once is enough."""
    due_at: datetime | None


def read_left(tx: Tx, *, gone_since: datetime, channels: Sequence[str]) -> list[Left]:
    """Return what those who are shut out have at all, and the chats that wait for those gone since then."""
    long_gone = and_(_a.state != "online", _a.state_at <= gone_since)
    # Who takes a ticket while they seem to be away is there, whatever their state says.
    had_it = or_(_k.claimed_at.is_(None), _k.claimed_at <= _a.state_at)
    waits = and_(_k.waiting_on == "agent", _k.waiting_since <= gone_since, _k.channel.in_(channels))
    unanswered = and_(long_gone, had_it, waits)
    rows = tx.execute(
        select(_k.number, _k.agent_id, _k.due_at, _k.requeued_at, _a.disabled_at)
        .join(t.agent, _a.id == _k.agent_id)
        .where(_k.status == "in_progress", or_(_a.disabled_at.is_not(None), unanswered))
        .where(_k.merged_into.is_(None))
        .order_by(_k.waiting_since)
        .limit(AT_ONCE)
    )
    return [
        Left(
            number=row.number,
            agent_id=row.agent_id,
            is_disabled=row.disabled_at is not None,
            requeued_before=row.requeued_at is not None,
            due_at=row.due_at,
        )
        for row in rows
    ]


def next_to_be_gone(tx: Tx, since: datetime) -> datetime | None:
    """Return when the first of those who left after ``since`` did so."""
    return tx.execute(
        select(_a.state_at)
        .where(_a.state != "online", _a.disabled_at.is_(None), _a.state_at > since)
        .order_by(_a.state_at)
        .limit(1)
    ).scalar()
