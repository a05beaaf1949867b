"""Alarms: raised once inside whatever transaction finds the reason, read by desks, owed over each way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, update

from gateway.domain.alarm import Alarm, Raised
from gateway.errors import NotFound
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.visible_sight import Sight

LISTED = 200
_a, _d = t.alarm.c, t.alarm_delivery.c


def raise_alarm(
    tx: Tx, alarm: Alarm, *, ways: Sequence[str], now: datetime, because: str, ticket_id: int | None = None
) -> Happened | None:
    """Keep an alarm and what it owes; return what to tell the desks, or None if its name was raised before."""
    if tx.execute(select(_a.id).where(_a.name == alarm.name)).first() is not None:
        return None
    values = {
        "name": alarm.name,
        "kind": alarm.kind.value,
        "ticket_id": ticket_id,
        "gaps": dict(alarm.gaps),
        "because": because,
        "at": now,
    }
    alarm_id = tx.execute(insert(t.alarm).values(values).returning(_a.id)).scalar_one()
    if ways:
        tx.execute(
            insert(t.alarm_delivery),
            [{"alarm_id": alarm_id, "way": way, "state": "due", "not_before": now} for way in ways],
        )
    number = tx.execute(select(t.ticket.c.number).where(t.ticket.c.id == ticket_id)).scalar()
    data = {"alarm": alarm_id, "what": alarm.kind.value}
    event = insert(t.event).values(
        at=now, kind="alarm", ticket_id=ticket_id, actor="system", because=because, data=data
    )
    event_id = tx.execute(event.returning(t.event.c.id)).scalar_one()
    return Happened(id=event_id, at=now, kind="alarm", ticket=number, data=data)


_k = t.ticket.c
_TOLD = (
    select(
        _a.id,
        _a.kind,
        _a.at,
        _a.because,
        _a.gaps,
        _a.seen_at,
        _k.number,
        _k.summary,
        _k.type,
        _k.urgency,
        _k.anomaly,
        _k.department,
        t.agent.c.number.label("seen_by"),
    )
    .outerjoin(t.ticket, _k.id == _a.ticket_id)
    .outerjoin(t.agent, t.agent.c.id == _a.seen_by)
)


def read_alarms(tx: Tx, sight: Sight, *, unseen: bool = False) -> list[Raised]:
    """Return the latest alarms, the newest first; ``unseen`` leaves out what somebody has taken note of.

    What is about a ticket is told to whoever sees it, the rest to everybody.
    """
    query = _TOLD.where(_seen(sight)).order_by(_a.at.desc(), _a.id.desc()).limit(LISTED)
    return [_told(row) for row in tx.execute(query.where(_a.seen_at.is_(None)) if unseen else query)]


def read_alarm(tx: Tx, sight: Sight, alarm_id: int) -> Raised:
    """Return one alarm.

    Raises:
        NotFound: there is none of this id, or it is about a ticket that is not seen.
    """
    row = tx.execute(_TOLD.where(_a.id == alarm_id, _seen(sight))).first()
    if row is None:
        raise NotFound(f"no alarm {alarm_id}")
    return _told(row)


def mark_seen(tx: Tx, sight: Sight, alarm_id: int, agent_id: int, now: datetime) -> None:
    """Keep who first took note of it.

    Raises:
        NotFound: as ``read_alarm`` says.
    """
    read_alarm(tx, sight, alarm_id)
    unseen = (_a.id == alarm_id) & _a.seen_at.is_(None)
    tx.execute(update(t.alarm).where(unseen).values(seen_by=agent_id, seen_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One delivery to try."""

    id: int
    way: str
    attempts: int
    told: Raised


def take_due(tx: Tx, now: datetime, until: datetime, limit: int) -> list[Owed]:
    """Return deliveries that are due, each counted as a try and put off to ``until`` should we die in it."""
    due = (_d.state == "due") & (_d.not_before <= now)
    query = select(_d.id).where(due).order_by(_d.not_before).limit(limit)
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    ids = tx.execute(query).scalars().all()
    if not ids:
        return []
    rows = tx.execute(
        update(t.alarm_delivery)
        .where(_d.id.in_(ids))
        .values(attempts=_d.attempts + 1, not_before=until)
        .returning(_d.id, _d.alarm_id, _d.way, _d.attempts)
    ).all()
    found = {
        told.id: told
        for told in map(_told, tx.execute(_TOLD.where(_a.id.in_({row.alarm_id for row in rows}))))
    }
    return [Owed(id=row.id, way=row.way, attempts=row.attempts, told=found[row.alarm_id]) for row in rows]


def settle(
    tx: Tx, owed: Owed, *, now: datetime, error: str | None = None, wait: timedelta | None = None
) -> None:
    """Write down what became of a try: sent, to be tried again after ``wait``, or failed for good."""
    state = "due" if wait is not None else "sent" if error is None else "failed"
    values: dict[str, Any] = {"state": state, "error": error[:500] if error else None}
    values |= {"not_before": now + wait} if wait is not None else {"settled_at": now}
    tx.execute(update(t.alarm_delivery).where(_d.id == owed.id).values(values))


def next_due(tx: Tx) -> datetime | None:
    """Return when the next delivery is to be tried."""
    return tx.execute(
        select(_d.not_before).where(_d.state == "due").order_by(_d.not_before).limit(1)
    ).scalar()


def _seen(sight: Sight) -> ColumnElement[bool]:
    return or_(_a.ticket_id.is_(None), sight.covers())


def _told(row: Any) -> Raised:
    fields = {name: getattr(row, name) for name in ("type", "urgency", "anomaly", "department")}
    return Raised(
        id=row.id,
        kind=row.kind,
        at=row.at,
        because=row.because,
        gaps=row.gaps,
        ticket=row.number,
        seen_by=row.seen_by,
        seen_at=row.seen_at,
        summary=row.summary or "",
        fields=fields if row.number else {},
    )
