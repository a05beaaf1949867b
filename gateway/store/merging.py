"""Two tickets become one, and two again: what the one had is kept word for word until then."""

from typing import Any

from sqlalchemy import func, insert, select, update

from gateway.domain.conversation import State
from gateway.domain.promise import OPEN_STATES, PromiseState
from gateway.domain.ticket import Status
from gateway.errors import NotFound, Said
from gateway.pipeline.effects_life import Merge, Unmerge
from gateway.store import promises, proofs, tasks
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.columns import from_micros, to_micros
from gateway.store.database import Tx
from gateway.store.errors_life import CannotMerge, NotSameCustomer
from gateway.store.feed import Happened
from gateway.store.proofs import Where

_k, _p, _g, _m = t.ticket.c, t.promise.c, t.merge.c, t.message.c
_KEPT = ("status", "waiting_on", "agent_id", "resolved_at", "closed_at", "closes_at", "close_told_at")
_INSTANTS = ("resolved_at", "closed_at", "closes_at", "close_told_at")


def merge(work: Applying, effect: Merge) -> None:
    """Put the ticket into another: it leaves every list, and what it owed is owed there.

    Raises:
        CannotMerge: into itself, into or from one that is closed or merged, or while departments work on it.
        NotSameCustomer: only a supervisor merges tickets of two customers.
    """
    mine, other = _row(work.tx, _k.id == work.ticket_id), _row(work.tx, _k.number == effect.into)
    _must_fit(work, mine, other)
    if mine.contact_id != other.contact_id and not effect.may_cross:
        raise NotSameCustomer(f"{mine.number} and {other.number} are of two customers")
    owed = (_p.ticket_id == mine.id) & _p.state.in_(OPEN_STATES)
    running = [[row.id, str(row.state)] for row in work.tx.execute(select(_p.id, _p.state).where(owed))]
    before: dict[str, Any] = {name: getattr(mine, name) for name in _KEPT}
    before |= {name: to_micros(before[name]) for name in _INSTANTS if before[name] is not None}
    before |= {"state": str(work.state) if work.state else None, "promises": running}
    values = {"ticket_id": mine.id, "into_id": other.id, "agent_id": effect.agent_id, "at": work.now}
    work.tx.execute(insert(t.merge).values(values | {"because": effect.because, "before": before}))
    promises.settle(work, because=effect.because, state=PromiseState.RENEGOTIATED)
    gone = {"status": Status.CLOSED, "closed_at": work.now, "waiting_on": None, "closes_at": None}
    _change(work.tx, mine.id, {**gone, "merged_into": other.id})
    latest = {"last_at": work.now, "waiting_on": "agent", "waiting_since": work.now}
    _change(work.tx, other.id, latest)
    _end_proofs(work, mine, other)
    work.record("ticket", effect.because, what="merged", into=other.number)
    _tell(work, other, effect.because, "took_in", mine.number)


def _end_proofs(work: Applying, mine: Any, other: Any) -> None:
    """Two matters in one place: what was proven in either does not speak for both."""
    because = "tickets of the contact were merged: what was proven does not count"
    for ticket in (mine, other):
        key = select(t.thread.c.key).where(t.thread.c.id == ticket.thread_id)
        where = Where(
            conversation_id=ticket.conversation_id,
            channel=ticket.channel,
            thread_key=work.tx.execute(key).scalar_one(),
            contact_id=ticket.contact_id,
        )
        proofs.end(work.tx, where, because, work.now)


def unmerge(work: Applying, effect: Unmerge) -> None:
    """Make two of them again: status, agent, promises as they were.

    Raises:
        CannotMerge: it is merged into none.
    """
    here = (_g.ticket_id == work.ticket_id) & _g.undone_at.is_(None)
    row = work.tx.execute(select(t.merge).where(here).order_by(_g.id.desc()).limit(1)).first()
    mine = _row(work.tx, _k.id == work.ticket_id)
    if row is None or mine.merged_into is None:
        raise CannotMerge("it is merged into none")
    before: dict[str, Any] = dict(row.before)
    restored = {name: before.get(name) for name in _KEPT}
    restored |= {name: from_micros(before[name]) for name in _INSTANTS if before.get(name) is not None}
    _change(work.tx, mine.id, {**restored, "merged_into": None})
    for promise_id, state in before["promises"]:
        again = {"state": PromiseState(state), "settled_at": None, "settled_because": None}
        work.tx.execute(update(t.promise).where(_p.id == promise_id).values(again))
    work.promises_changed = True
    work.tx.execute(update(t.merge).where(_g.id == row.id).values(undone_at=work.now))
    _floor(work, before.get("state"))
    other = _row(work.tx, _k.id == row.into_id)
    work.record("ticket", effect.because, what="unmerged", into=other.number)
    _tell(work, other, effect.because, "gave_back", mine.number)


def place_to_answer(tx: Tx, ticket_id: int) -> tuple[int, int] | None:
    """Return thread and conversation on which the contact wrote last, where a ticket has more than its own."""
    parts = select(_k.thread_id, _k.conversation_id).where(
        (_k.id == ticket_id) | (_k.merged_into == ticket_id)
    )
    rows = tx.execute(parts).all()
    if len(rows) < 2:
        return None
    said = (
        select(_m.thread_id, _m.conversation_id)
        .where(_m.conversation_id.in_([row.conversation_id for row in rows]), _m.author == "customer")
        .order_by(_m.id.desc())
        .limit(1)
    )
    row = tx.execute(said).first()
    return None if row is None else (row.thread_id, row.conversation_id)


def threads_of(number: str) -> Any:
    """Return the threads of a ticket and of those merged into it, as a subquery."""
    own = select(_k.id).where(_k.number == number).scalar_subquery()
    return select(_k.thread_id).where((_k.id == own) | (_k.merged_into == own))


def _must_fit(work: Applying, mine: Any, other: Any) -> None:
    if mine.id == other.id:
        raise CannotMerge("into itself")
    if mine.merged_into is not None or other.merged_into is not None:
        raise CannotMerge("one of them is merged already")
    if Status.CLOSED in (mine.status, other.status):
        raise CannotMerge("one of them is closed")
    chained = select(func.count()).where(_k.merged_into == mine.id)
    if work.tx.execute(chained).scalar_one():
        raise CannotMerge("others are merged into it: merge those first")
    if tasks.waits_for_department(work):
        raise CannotMerge("departments still work on it")


def _floor(work: Applying, state: str | None) -> None:
    """Give the floor back to whoever had it; moves that no conversation makes by itself are all right here."""
    to = State(state) if state else State.CLOSED
    work.queue_delta += (to is State.QUEUED) - (work.state is State.QUEUED)
    work.conversation_changes["queued_at"] = work.now if to is State.QUEUED else None
    work.conversation_changes["closed_at"] = work.now if to is State.CLOSED else None
    work.state = to


def _row(tx: Tx, where: Any) -> Any:
    row = tx.execute(select(t.ticket).where(where)).first()
    if row is None:
        said = Said("没有这个工单。", "There is no such ticket.")
        raise NotFound("no such ticket", public=said)
    return row


def _change(tx: Tx, ticket_id: int, values: dict[str, Any]) -> None:
    tx.execute(update(t.ticket).where(_k.id == ticket_id).values(version=_k.version + 1, **values))


def _tell(work: Applying, other: Any, because: str, what: str, number: str) -> None:
    """The other ticket's history says so, too."""
    data = {"what": what, "ticket": number}
    values = {
        "at": work.now,
        "kind": "ticket",
        "thread_id": other.thread_id,
        "conversation_id": other.conversation_id,
        "ticket_id": other.id,
        "actor": work.actor.word,
        "because": because,
        "data": data,
    }
    event_id = work.tx.execute(insert(t.event).values(values).returning(t.event.c.id)).scalar_one()
    work.events.append(Happened(id=event_id, at=work.now, kind="ticket", ticket=other.number, data=data))
