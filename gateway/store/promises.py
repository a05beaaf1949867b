"""Promises that fall due: found, and marked late exactly once."""

from datetime import datetime

from sqlalchemy import insert, select, update

from gateway.domain.promise import PromiseState
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened

_p = t.promise.c


def next_promise(tx: Tx) -> datetime | None:
    """Return when the next promise that has not fired falls due."""
    waiting = select(_p.due_at).where(_p.state == PromiseState.RUNNING, _p.fired_at.is_(None))
    return tx.execute(waiting.order_by(_p.due_at).limit(1)).scalar()


def fire_due(tx: Tx, now: datetime, limit: int) -> list[tuple[Committed, str]]:
    """Mark promises that are late; return what to tell, and each one's kind. It stays owed until it is kept."""
    late = (
        select(_p.id, _p.kind, _p.ticket_id, t.ticket.c.number, t.ticket.c.thread_id, t.ticket.c.channel)
        .join(t.ticket, t.ticket.c.id == _p.ticket_id)
        .where(_p.state == PromiseState.RUNNING, _p.fired_at.is_(None), _p.due_at <= now)
        .order_by(_p.due_at)
        .limit(limit)
    )
    if tx.dialect.name == "postgresql":
        late = late.with_for_update(skip_locked=True, of=t.promise)
    fired = []
    for row in tx.execute(late).all():
        tx.execute(update(t.promise).where(_p.id == row.id).values(fired_at=now))
        data = {"what": "late", "promise": row.kind}
        event_id = tx.execute(
            insert(t.event)
            .values(
                at=now,
                kind="ticket",
                thread_id=row.thread_id,
                ticket_id=row.ticket_id,
                actor="system",
                because=f"the promise {row.kind} is late",
                data=data,
            )
            .returning(t.event.c.id)
        ).scalar_one()
        happened = Happened(id=event_id, at=now, kind="ticket", ticket=row.number, data=data)
        committed = Committed(
            channel=row.channel, thread_id=row.thread_id, ticket=row.number, events=(happened,)
        )
        fired.append((committed, row.kind))
    return fired
