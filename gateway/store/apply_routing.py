"""The effects that bring tickets to people, carried out inside ``apply``'s transaction."""

from typing import Any

from sqlalchemy import func, insert, select, update

from gateway.domain.promise import Stage
from gateway.domain.ticket import Status, move
from gateway.errors import Conflict, Said
from gateway.pipeline import effects_routing as e
from gateway.store import promises
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.originals import keep_originals

_k, _h, _f = t.ticket.c, t.handover.c, t.agent_profile.c
SECOND = 2
RETURNED = 2
"""The third lane of the order as it ships: critical, VIP, returned."""
_ALREADY = Said("该交接已处理。", "This hand-over has been answered already.")


def apply_routing(work: Applying, effect: e.RoutingEffect) -> None:
    """Carry out one of them; the conversation's own move is an effect of its own."""
    match effect:
        case e.Prioritize():
            prioritize(work, effect.rank)
        case e.Suggest():
            _suggest(work, effect)
        case e.Assign():
            _assign(work, effect)
        case e.Watch():
            watched = update(t.ticket).where(_k.id == work.ticket_id)
            work.tx.execute(watched.values(supervisor_id=effect.supervisor_id))
            work.record("ticket", effect.because, what="watched", supervisor=effect.number)
        case e.Requeue():
            _requeue(work, effect)
        case e.ToSecondLine():
            _to_second_line(work, effect)
        case e.OfferHandover():
            _offer(work, effect)
        case e.SettleHandover():
            _settle(work, effect)


def prioritize(work: Applying, rank: int) -> None:
    """Take the customer before those of a larger rank."""
    c = t.conversation.c
    mine = (c.id == work.conversation_id) & (c.queue_rank > rank)
    work.tx.execute(update(t.conversation).where(mine).values(queue_rank=rank))
    if work.ticket_id is not None:
        shown = pressing(rank)
        lower = (_k.id == work.ticket_id) & (_k.urgency_rank < shown)
        work.tx.execute(update(t.ticket).where(lower).values(urgency_rank=shown))


def pressing(rank: int) -> int:
    """Return how far up in the agents' lists a ticket of this rank stands: beside critical or beside urgent ones."""
    return 2 if rank <= RETURNED else 1


def released(work: Applying) -> None:
    """The ticket has changed hands or queue: whoever was asked to take it is asked no more."""
    if work.ticket_id is not None:
        asked = (_k.id == work.ticket_id) & _k.suggested_agent_id.is_not(None)
        work.tx.execute(update(t.ticket).where(asked).values(suggested_agent_id=None))
        mine = (_h.ticket_id == work.ticket_id) & (_h.state == "offered")
        work.tx.execute(update(t.handover).where(mine).values(state="withdrawn", settled_at=work.now))


def taken(work: Applying) -> None:
    """Somebody has it now; if the second line was to have it, it does."""
    released(work)
    if work.tx.execute(select(_k.line).where(_k.id == work.ticket_id)).scalar() == SECOND:
        promises.settle(work, Stage.SECOND_LINE, because="the second line has it")


def _suggest(work: Applying, effect: e.Suggest) -> None:
    same = _k.suggested_agent_id.is_not_distinct_from(effect.instead_of)
    found = work.tx.execute(
        update(t.ticket)
        .where(_k.id == work.ticket_id, same)
        # The version stays: nobody's view of the ticket is wrong by it, and whoever is about to claim it may.
        .values(suggested_agent_id=effect.agent_id)
    )
    if found.rowcount:
        _take_turn(work, effect.agent_id)
        work.record("ticket", effect.because, what="suggested", **effect.record)


def _assign(work: Applying, effect: e.Assign) -> None:
    ticket = work.snapshot.ticket
    assert ticket is not None
    first = work.tx.execute(select(_k.first_agent_id).where(_k.id == ticket.id)).scalar()
    changes = {
        "agent_id": effect.agent_id,
        "first_agent_id": first or effect.agent_id,
        "claimed_at": work.now,
        "suggested_agent_id": None,
        "status": move(ticket.status, Status.IN_PROGRESS),
    }
    _change(work, changes)
    taken(work)
    promises.pass_on(work, f"agent:{effect.record.get('agent')}", effect.agent_id)
    _take_turn(work, effect.agent_id)
    work.record("ticket", effect.because, what="assigned", agent_id=effect.agent_id, **effect.record)


def _requeue(work: Applying, effect: e.Requeue) -> None:
    ticket = work.snapshot.ticket
    assert ticket is not None
    released(work)
    prioritize(work, effect.rank)
    changes = {
        "agent_id": None,
        "first_agent_id": func.coalesce(_k.first_agent_id, _k.agent_id),
        "status": move(ticket.status, Status.OPEN),
        "waiting_on": "agent",
        "requeued_at": work.now,
    }
    _change(work, changes)
    promises.go_on(work, effect.because)
    promises.pass_on(work, ticket.department, None)
    work.record("ticket", effect.because, what="requeued", status=Status.OPEN.value)


def _to_second_line(work: Applying, effect: e.ToSecondLine) -> None:
    ticket = work.snapshot.ticket
    assert ticket is not None
    released(work)
    changes = {
        "line": SECOND,
        "agent_id": None,
        "first_agent_id": func.coalesce(_k.first_agent_id, _k.agent_id),
        "department": effect.department,
        "status": move(ticket.status, Status.OPEN),
        "waiting_on": "agent",
        "waiting_since": work.now,
    }
    _change(work, changes)
    promises.go_on(work, effect.because)
    promises.pass_on(work, effect.department, None)
    work.record("ticket", effect.because, what="second_line", department=effect.department)


def _offer(work: Applying, effect: e.OfferHandover) -> None:
    ticket = work.snapshot.ticket
    assert ticket is not None
    open_ones = (_h.ticket_id == ticket.id) & (_h.state == "offered")
    work.tx.execute(update(t.handover).where(open_ones).values(state="withdrawn", settled_at=work.now))
    values = {
        "ticket_id": ticket.id,
        "from_agent_id": ticket.agent_id,
        "to_agent_id": effect.to_id,
        "note": effect.note,
        "state": "offered",
        "offered_at": work.now,
    }
    row = work.tx.execute(insert(t.handover).values(values).returning(_h.id)).scalar_one()
    keep_originals(work.tx, t.handover, row, work.snapshot.contact.id, {"note": effect.note})
    to = work.tx.execute(select(t.agent.c.number).where(t.agent.c.id == effect.to_id)).scalar()
    number = work.ticket_number
    work.record("handover", effect.because, what="offered", handover=row, to=to, number=number)


def _settle(work: Applying, effect: e.SettleHandover) -> None:
    mine = (_h.id == effect.handover_id) & (_h.state == "offered")
    answer = effect.answer or None
    found = work.tx.execute(
        update(t.handover).where(mine).values(state=effect.state, answer=answer, settled_at=work.now)
    )
    if not found.rowcount:
        raise Conflict(f"hand-over {effect.handover_id} is settled", code="settled", public=_ALREADY)
    number = work.ticket_number
    work.record("handover", effect.because, what=effect.state, handover=effect.handover_id, number=number)


def _take_turn(work: Applying, agent_id: int | None) -> None:
    """The one chosen comes last among equals from now on."""
    if agent_id is None:
        return
    last = work.tx.execute(select(func.max(_f.turn))).scalar() or 0
    changed = work.tx.execute(update(t.agent_profile).where(_f.agent_id == agent_id).values(turn=last + 1))
    if not changed.rowcount:
        work.tx.execute(insert(t.agent_profile).values(agent_id=agent_id, turn=last + 1))


def _change(work: Applying, changes: dict[str, Any]) -> None:
    if work.ticket_id is None:
        raise Conflict("this conversation has no ticket")
    work.tx.execute(update(t.ticket).where(_k.id == work.ticket_id).values(version=_k.version + 1, **changes))
