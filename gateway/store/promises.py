"""What a ticket owes, inside a plan's transaction: made, settled, standing still, passed on."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from gateway.domain.promise import (
    ANSWERS,
    OF_OTHERS,
    OPEN_STATES,
    SEVERAL,
    Promise,
    PromiseState,
    Stage,
)
from gateway.domain.promise_clock import Course, due_of, paused, resumed, warn_of
from gateway.errors import NotFound
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.columns import span_to_micros, to_micros
from gateway.store.originals import keep_originals
from gateway.store.prepared import Prepared

_p, _k = t.promise.c, t.ticket.c
_MADE = (
    "ticket_id",
    "emergency_id",
    "kind",
    "owner",
    "agent_id",
    "state",
    "told",
    "text",
    "because",
    "rule",
    "version",
    "needs",
    "instead_of",
    "created_at",
    "started_at",
    "since_at",
    "span",
    "counts",
    "used",
    "due_at",
    "warn_at",
)
_OWE = Prepared(insert(t.promise).values({name: bindparam(name) for name in _MADE}).returning(_p.id))
_OWED = Prepared(
    select(_p.kind, _p.needs).where(
        _p.ticket_id == bindparam("ticket_id"),
        or_(*(_p.state == state.value for state in OPEN_STATES)),
    )
)
_NEXT_DUE = Prepared(
    update(t.ticket)
    .where(_k.id == bindparam("b_id"))
    .values(
        due_at=select(func.min(_p.due_at))
        .where(_p.ticket_id == bindparam("b_ticket"), _p.state == PromiseState.RUNNING.value)
        .scalar_subquery()
    )
)


def owe(work: Applying, promise: Promise, because: str) -> int | None:
    """Keep a promise and return its id; what is owed already keeps its earlier time, and None comes back.

    While the first answer is owed no next one is: its shorter span must not come before it.
    """
    if work.ticket_id is None and promise.emergency_id is None:
        return None
    if work.ticket_id is not None and promise.kind not in SEVERAL:
        open_ = _OWED.rows(work.tx, ticket_id=work.ticket_id)
        if any(row[0] == promise.kind and (row[1] or "") == promise.needs for row in open_):
            return None
        if promise.kind == Stage.NEXT_RESPONSE and any(row[0] == Stage.FIRST_RESPONSE for row in open_):
            return None
    return write(work, promise, because)


def write(work: Applying, promise: Promise, because: str, *, instead_of: int | None = None) -> int:
    """Write a promise's row, whatever else is owed."""
    started = to_micros(promise.started_at or work.now)
    row = _OWE.row(
        work.tx,
        ticket_id=work.ticket_id,
        emergency_id=promise.emergency_id,
        kind=str(promise.kind),
        owner=_owner(work, promise),
        agent_id=promise.agent_id,
        state=PromiseState.RUNNING.value,
        told=promise.told,
        text=promise.text or None,
        because=because,
        rule=promise.rule or None,
        version=promise.version or None,
        needs=promise.needs or None,
        instead_of=instead_of,
        created_at=to_micros(work.now),
        started_at=started,
        since_at=started,
        span=None if promise.span is None else span_to_micros(promise.span),
        counts=promise.counts,
        used=0,
        due_at=to_micros(promise.due_at),
        warn_at=None if promise.warn_at is None else to_micros(promise.warn_at),
    )
    assert row is not None
    if promise.text:
        keep_originals(work.tx, t.promise, row[0], work.snapshot.contact.id, {"text": promise.text})
    work.promises_changed = True
    rule = {"rule": promise.rule, "version": promise.version} if promise.rule else {}
    due = promise.due_at.isoformat()
    work.record("promise", because, what="owed", promise=str(promise.kind), id=row[0], due=due, **rule)
    return int(row[0])


def settle(
    work: Applying,
    *kinds: str,
    because: str,
    state: PromiseState | None = None,
    id: int | None = None,
    needs: str | None = None,
    but: frozenset[Stage] = frozenset(),
) -> None:
    """End what the ticket owes: all of it, or only some kinds, or the one with this ``id``.

    Without a ``state`` it is kept if it was in time, else broken; one that stands still is in time.

    Raises:
        NotFound: the one with this ``id`` is not owed (any more).
    """
    mine = (_p.ticket_id == work.ticket_id) & _p.state.in_(OPEN_STATES)
    if id is not None:
        mine &= _p.id == id
    if kinds:
        mine &= _p.kind.in_(kinds)
    if but:
        mine &= _p.kind.not_in(but)
    if needs is not None:
        mine &= _p.needs == needs
    rows = work.tx.execute(select(_p.id, _p.kind, _p.state, _p.due_at, _p.fired_at).where(mine)).all()
    if id is not None and not rows:
        raise NotFound(f"no promise {id} is owed on this ticket")
    for row in rows:
        end = state or _end(row, work.now)
        ended = {"state": end, "settled_at": work.now, "settled_because": because}
        work.tx.execute(update(t.promise).where(_p.id == row.id).values(**ended))
        work.record("promise", because, what=str(end), promise=row.kind, id=row.id)
    work.promises_changed = work.promises_changed or bool(rows)


def answered(work: Applying, *, asks: bool) -> None:
    """A person has answered: what that keeps is settled; with a question the ball is with the contact."""
    settle(work, *ANSWERS, because="an agent answered")
    if asks:
        stand_still(work, "the agent asked the contact something")


def stand_still(work: Applying, because: str) -> None:
    """Stop what pauses while the contact owes us something; what is late already stays late."""
    running = (_p.ticket_id == work.ticket_id) & (_p.state == PromiseState.RUNNING) & _p.span.is_not(None)
    in_time = _p.fired_at.is_(None) & (_p.due_at > work.now)
    pausing = _p.kind.in_(work.policy.promises.pauses)
    for row in work.tx.execute(select(t.promise).where(running, in_time, pausing)).all():
        course = paused(course_of(row), work.now, work.policy.hours)
        _stretch(work, row.id, row.since_at, "counting", "running")
        values = {"state": PromiseState.PAUSED, "used": course.used, "since_at": None}
        pause = {"paused_at": work.now, "paused_because": because}
        work.tx.execute(update(t.promise).where(_p.id == row.id).values(**values, **pause))
        work.record("promise", because, what="paused", promise=row.kind, id=row.id)
        work.promises_changed = True


def go_on(work: Applying, because: str) -> None:
    """Let what stood still count again."""
    still = (_p.ticket_id == work.ticket_id) & (_p.state == PromiseState.PAUSED)
    for row in work.tx.execute(select(t.promise).where(still)).all():
        course = resumed(course_of(row), work.now)
        share = work.policy.promises.warn_share_of(row.kind)
        _stretch(work, row.id, row.paused_at, "paused", row.paused_because)
        values = {
            "state": PromiseState.RUNNING,
            "since_at": work.now,
            "due_at": due_of(course, work.policy.hours),
            "warn_at": warn_of(course, share, work.policy.hours),
            "paused_at": None,
            "paused_because": None,
        }
        work.tx.execute(update(t.promise).where(_p.id == row.id).values(**values))
        work.record("promise", because, what="resumed", promise=row.kind, id=row.id)
        work.promises_changed = True


def pass_on(work: Applying, owner: str, agent_id: int | None) -> None:
    """Whoever takes the ticket takes over what it owes, but for what only others can keep."""
    mine = (_p.ticket_id == work.ticket_id) & _p.state.in_(OPEN_STATES) & _p.kind.not_in(OF_OTHERS)
    work.tx.execute(update(t.promise).where(mine).values(owner=owner, agent_id=agent_id))


def keep_next_due(work: Applying) -> None:
    """The ticket carries its next due time, so that a list of 100,000 can be ordered by it."""
    if work.promises_changed and work.ticket_id is not None:
        _NEXT_DUE.run(work.tx, b_id=work.ticket_id, b_ticket=work.ticket_id)


def course_of(row: Any) -> Course:
    """Return the course of a row that has a span."""
    return Course(span=row.span, counts=row.counts, used=row.used, since=row.since_at)


def _owner(work: Applying, promise: Promise) -> str:
    """Steps know an agent's id; people know the number."""
    if promise.agent_id is None or promise.owner.startswith("agent:"):
        return promise.owner
    number = work.tx.execute(select(t.agent.c.number).where(t.agent.c.id == promise.agent_id)).scalar()
    return f"agent:{number}" if number else promise.owner


def _end(row: Any, now: datetime) -> PromiseState:
    is_late = row.fired_at is not None or (row.state == PromiseState.RUNNING and row.due_at < now)
    return PromiseState.BROKEN if is_late else PromiseState.KEPT


def _stretch(work: Applying, promise_id: int, since: datetime, kind: str, because: str) -> None:
    values = {"promise_id": promise_id, "from_at": since, "until_at": work.now, "kind": kind}
    work.tx.execute(insert(t.promise_segment).values(**values, because=because))
