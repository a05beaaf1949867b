"""The effects on what is owed, carried out inside ``apply``'s transaction."""

from dataclasses import replace
from typing import assert_never

from sqlalchemy import insert, select, update

from gateway.domain.promise import OPEN_STATES, Promise, PromiseState, Stage
from gateway.domain.promise_rules import reminded
from gateway.errors import NotFound
from gateway.pipeline import effects_promises as e
from gateway.store import promises
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.promises_reckon import reckon
from gateway.store.promises_serious import follow_anomaly

_p = t.promise.c

Effect = e.Settle | e.Renegotiate | e.Reckon | e.ChangeUrgency | e.Explain | e.Miss


def carry_out(work: Applying, effect: Effect) -> None:
    """Do what the effect says.

    Raises:
        NotFound: the ticket owes no such thing (any more).
    """
    match effect:
        case e.Settle():
            kinds = () if effect.kind is None else (effect.kind,)
            chosen = {"state": effect.state, "id": effect.id, "needs": effect.needs}
            promises.settle(work, *kinds, because=effect.because, **chosen)  # type: ignore[arg-type] # each its own
        case e.Renegotiate():
            renegotiate(work, effect)
        case e.Reckon():
            reckon(work, effect.because)
            follow_anomaly(work, effect.because)
        case e.ChangeUrgency():
            _change_urgency(work, effect)
        case e.Explain():
            _explain(work, effect)
        case e.Miss():
            _miss(work, effect.promise, effect.because)
        case _:
            assert_never(effect)


def renegotiate(work: Applying, effect: e.Renegotiate) -> int:
    """End a promise that gets a new time, and make the new one; return its id."""
    mine = (_p.id == effect.id) & (_p.ticket_id == work.ticket_id) & _p.state.in_(OPEN_STATES)
    row = work.tx.execute(select(t.promise).where(mine)).first()
    if row is None:
        raise NotFound(f"no promise {effect.id} is owed on this ticket")
    promises.settle(work, id=effect.id, because=effect.because, state=PromiseState.RENEGOTIATED)
    new = Promise(
        kind=row.kind,
        owner=row.owner,
        agent_id=row.agent_id,
        told=effect.told,
        text=row.text or "",
        needs=row.needs or "",
        due_at=effect.due_at,
        because=effect.because,
    )
    return promises.write(work, reminded(new, work.policy, work.now), effect.because, instead_of=effect.id)


def _change_urgency(work: Applying, effect: e.ChangeUrgency) -> None:
    ticket = work.snapshot.ticket
    if ticket is None or work.ticket_id is None:
        return
    values = {"urgency": effect.to.value, "urgency_rank": effect.to.rank, "version": t.ticket.c.version + 1}
    work.tx.execute(update(t.ticket).where(t.ticket.c.id == work.ticket_id).values(**values))
    work.record("ticket", effect.because, what="urgency", urgency=effect.to.value, was=ticket.urgency.value)
    reckon(work, f"the urgency is {effect.to} now")


def _explain(work: Applying, effect: e.Explain) -> None:
    """Keep cause and plan; the words of the plan stay out of the audit trail."""
    owed = (_p.ticket_id == work.ticket_id) & (_p.kind == Stage.EXPLANATION) & _p.state.in_(OPEN_STATES)
    promise_id = work.tx.execute(select(_p.id).where(owed).order_by(_p.id).limit(1)).scalar()
    ticket = work.snapshot.ticket
    assert ticket is not None
    work.tx.execute(
        insert(t.explanation).values(
            ticket_id=work.ticket_id,
            promise_id=promise_id,
            agent_id=effect.agent_id,
            department=ticket.department,
            cause=effect.cause,
            plan=effect.plan,
            at=work.now,
        )
    )
    work.record("ticket", effect.because, what="explained", cause=effect.cause)
    promises.settle(work, Stage.EXPLANATION, because=effect.because)


def _miss(work: Applying, promise: Promise, because: str) -> None:
    """Write down what was broken before anybody could write it."""
    missed = promises.write(work, replace(promise, warn_at=None), because)
    ended = {"state": PromiseState.BROKEN, "fired_at": work.now, "settled_at": work.now}
    work.tx.execute(update(t.promise).where(_p.id == missed).values(**ended, settled_because=because))
    work.record("promise", because, what="broken", promise=promise.kind, id=missed)
