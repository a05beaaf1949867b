"""Promises that need attention: reminded of before they are due, late when they are, each exactly once.

A row's ``warned_at`` and ``fired_at`` are set in the very transaction that writes what follows from it, so that
neither a crash nor a second node repeats or loses any of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, insert, literal_column, select, union_all, update

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.promise import EXPLAINED, OPEN_STATES, PromiseState, Stage
from gateway.domain.promise_rules import About, owed
from gateway.store import tables as t
from gateway.store.alarms import raise_alarm
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened
from gateway.store.promises_urgency import raise_urgency

_p, _k = t.promise.c, t.ticket.c
_RUNNING = _p.state == literal_column("'running'")
UNFIRED = _RUNNING & _p.fired_at.is_(None)
LATE = _RUNNING & _p.fired_at.is_not(None)
UNWARNED = _RUNNING & _p.warned_at.is_(None) & _p.fired_at.is_(None)
"""In the very words of the indexes ``ix_promise_due``, ``_late`` and ``_warn``: a bound value would not use them."""

MOST_ALARMS = 10
"""Of one batch: after a day's outage nobody wants a thousand mails."""
UNATTENDED = 2
"""How far a ticket has escalated when nobody even said why it is late; 1 where it is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """What the clock found: a promise to be reminded of, one that is late, a ticket that escalated for it."""

    what: Literal["warned", "late", "escalated"]
    kind: str
    promise_id: int
    owner: str
    agent_id: int | None
    told: bool
    due_at: datetime
    ticket_id: int | None = None
    number: str | None = None
    thread_id: int | None = None
    channel: str = ""
    department: str = ""
    level: int = 0
    """How far the ticket has escalated."""
    because: str


def next_promise(tx: Tx) -> datetime | None:
    """Return when the next promise is to be reminded of, or falls due."""
    both = union_all(
        select(func.min(_p.due_at).label("at")).where(UNFIRED),
        select(func.min(_p.warn_at).label("at")).where(UNWARNED, _p.warn_at.is_not(None)),
    ).subquery()
    return tx.execute(select(func.min(both.c.at))).scalar()


def fire_due(
    tx: Tx, *, now: datetime, policy: Policy, kind: Callable[[str], ChannelKind], limit: int
) -> tuple[list[Fired], list[Committed]]:
    """Fire what is late, and what is to be reminded of; return what that was, and what to tell."""
    rows = _due(tx, UNFIRED, _p.due_at, now, limit)
    fired = _late(tx, rows, now, policy, kind) if rows else []
    alarms = _alarm(tx, [one for one in fired if one.what == "escalated"], now, policy)
    if len(rows) < limit:
        soon = _due(tx, UNWARNED, _p.warn_at, now, limit - len(rows))
        fired += _warn(tx, soon, now) if soon else []
    return fired, [*_record(tx, fired, now), *([Committed(events=alarms)] if alarms else ())]


def _due(tx: Tx, due: ColumnElement[bool], at: Any, now: datetime, limit: int) -> list[Any]:
    with_ticket = (
        select(
            _p.id,
            _p.kind,
            _p.owner,
            _p.agent_id,
            _p.told,
            _p.due_at,
            _p.ticket_id,
            _k.number,
            _k.thread_id,
            _k.channel,
            _k.department,
            _k.urgency,
            _k.escalation,
            _k.agent_id.label("holder"),
            t.agent.c.number.label("holder_number"),
        )
        .join(t.ticket, _k.id == _p.ticket_id)
        .outerjoin(t.agent, t.agent.c.id == _k.agent_id)
        .where(due, at <= now)
        .order_by(at)
        .limit(limit)
    )
    without = select(_p.id, _p.kind, _p.owner, _p.agent_id, _p.told, _p.due_at, _p.ticket_id).where(
        due, at <= now, _p.ticket_id.is_(None)
    )
    rows = tx.execute(_locked(tx, with_ticket, t.promise, t.ticket)).all()
    return [*rows, *tx.execute(_locked(tx, without.order_by(at).limit(limit), t.promise)).all()]


def _locked(tx: Tx, query: Select[Any], *tables: Any) -> Select[Any]:
    """Skip what others hold: they look at it next. Who holds ticket and promise waits for nobody afterwards."""
    return query.with_for_update(skip_locked=True, of=tables) if tx.dialect.name == "postgresql" else query


def _warn(tx: Tx, rows: Sequence[Any], now: datetime) -> list[Fired]:
    tx.execute(update(t.promise).where(_p.id.in_([row.id for row in rows])).values(warned_at=now))
    return [_fired(row, "warned", f"the promise {row.kind} is due soon") for row in rows]


def _late(
    tx: Tx, rows: Sequence[Any], now: datetime, policy: Policy, kind: Callable[[str], ChannelKind]
) -> list[Fired]:
    tx.execute(update(t.promise).where(_p.id.in_([row.id for row in rows])).values(fired_at=now))
    fired = [_fired(row, "late", f"the promise {row.kind} is late") for row in rows]
    overdue = {row.ticket_id: row for row in reversed(rows) if row.ticket_id and row.kind in EXPLAINED}
    unexplained = {row.ticket_id: row for row in rows if row.ticket_id and row.kind == Stage.EXPLANATION}
    for level, found in ((1, overdue), (UNATTENDED, unexplained)):
        higher = [row for row in found.values() if row.escalation < level]
        if higher:
            fired += _escalate(tx, higher, level, now)
    _ask_why(tx, list(overdue.values()), now, policy)
    if policy.promises.raises_urgency and overdue:
        raise_urgency(tx, list(overdue), now=now, policy=policy, kind=kind)
    return fired


def _escalate(tx: Tx, rows: Sequence[Any], level: int, now: datetime) -> list[Fired]:
    """The department's supervisor is told; ``level`` and reason stay on the ticket."""
    for kind in sorted({row.kind for row in rows}):
        of_kind = [row for row in rows if row.kind == kind]
        tx.execute(
            update(t.ticket)
            .where(_k.id.in_([row.ticket_id for row in of_kind]))
            .values(escalation=level, escalated_at=now, escalated_because=f"the promise {kind} is late")
        )
        ids = [row.id for row in of_kind]
        tx.execute(update(t.promise).where(_p.id.in_(ids)).values(escalated_at=now))
    return [_fired(row, "escalated", f"the promise {row.kind} is late", level) for row in rows]


def _alarm(tx: Tx, escalated: Sequence[Fired], now: datetime, policy: Policy) -> tuple[Happened, ...]:
    """Supervisors hear of it outside the desk too; of a flood, of its beginning: the desk lists all of it."""
    raised = []
    for one in escalated[:MOST_ALARMS]:
        gaps = {"promise": one.kind, "at": one.due_at.isoformat()}
        alarm = Alarm(kind=AlarmKind.LATE, name=f"late:{one.promise_id}", gaps=gaps)
        ways, because = policy.alarms.ways, one.because
        raised.append(raise_alarm(tx, alarm, ways=ways, now=now, because=because, ticket_id=one.ticket_id))
    return tuple(one for one in raised if one is not None)


def _ask_why(tx: Tx, rows: Sequence[Any], now: datetime, policy: Policy) -> None:
    """Each overdue ticket owes an explanation, unless it does already: by its agent, else by its department."""
    ids = [row.ticket_id for row in rows]
    asked = select(_p.ticket_id).where(
        _p.ticket_id.in_(ids), _p.kind == Stage.EXPLANATION, _p.state.in_(OPEN_STATES)
    )
    already = set(tx.execute(asked).scalars()) if ids else set()
    because = "it is late: the cause and a plan are owed"
    made = [_row_of_explanation(row, now, policy, because) for row in rows if row.ticket_id not in already]
    if made:
        tx.execute(insert(t.promise), made)


def _row_of_explanation(row: Any, now: datetime, policy: Policy, because: str) -> dict[str, Any]:
    owner = f"agent:{row.holder_number}" if row.holder_number else row.department
    about = About(department=row.department)
    promise = owed(Stage.EXPLANATION, policy, about, now=now, owner=owner, because=because)
    return {
        "ticket_id": row.ticket_id,
        "kind": str(promise.kind),
        "owner": promise.owner,
        "agent_id": row.holder,
        "state": PromiseState.RUNNING.value,
        "told": False,
        "because": because,
        "rule": promise.rule,
        "version": promise.version,
        "needs": None,
        "created_at": now,
        "started_at": now,
        "since_at": now,
        "span": promise.span,
        "counts": promise.counts,
        "due_at": promise.due_at,
        "warn_at": promise.warn_at,
    }


def _record(tx: Tx, fired: Sequence[Fired], now: datetime) -> list[Committed]:
    """One line of the audit trail each; one thing to tell a ticket."""
    if not fired:
        return []
    lines = [
        {
            "at": now,
            "kind": "promise",
            "thread_id": one.thread_id,
            "ticket_id": one.ticket_id,
            "actor": "system",
            "because": one.because,
            "data": data_of(one),
        }
        for one in fired
    ]
    ids = tx.execute(insert(t.event).returning(t.event.c.id, sort_by_parameter_order=True), lines).scalars()
    told: dict[str | None, list[tuple[Fired, Happened]]] = {}
    for event_id, one in zip(ids.all(), fired, strict=True):
        happened = Happened(id=event_id, at=now, kind="promise", ticket=one.number, data=data_of(one))
        told.setdefault(one.number, []).append((one, happened))
    return [
        Committed(
            channel=pairs[0][0].channel,
            thread_id=pairs[0][0].thread_id or 0,
            ticket=number,
            events=tuple(happened for _, happened in pairs),
        )
        for number, pairs in told.items()
    ]


def data_of(one: Fired) -> dict[str, Any]:
    """Return what the audit trail keeps of it."""
    data: dict[str, Any] = {"what": one.what, "promise": one.kind, "id": one.promise_id, "owner": one.owner}
    return data | ({"level": one.level, "department": one.department} if one.what == "escalated" else {})


def _fired(
    row: Any, what: Literal["warned", "late", "escalated"], because: str, level: int | None = None
) -> Fired:
    usual = {
        "what": what,
        "kind": row.kind,
        "promise_id": row.id,
        "owner": row.owner,
        "agent_id": row.agent_id,
        "told": row.told,
        "due_at": row.due_at,
        "because": because,
    }
    if row.ticket_id is None:
        return Fired(**usual)
    return Fired(
        **usual,
        ticket_id=row.ticket_id,
        number=row.number,
        thread_id=row.thread_id,
        channel=row.channel,
        department=row.department,
        level=row.escalation if level is None else level,
    )
