"""A breach that makes its ticket more urgent, where the house wants that; what runs on it is reckoned anew."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import case, func, insert, select, update

from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.promise import PromiseState
from gateway.domain.ticket import Urgency
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.promises_reckon import REASONED, RECKONABLE, changes_of, reckoned

_p, _k = t.promise.c, t.ticket.c
BECAUSE = "it is more urgent since it is late"


def raise_urgency(
    tx: Tx, ids: Sequence[int], *, now: datetime, policy: Policy, kind: Callable[[str], ChannelKind]
) -> None:
    """Raise each ticket by one rank."""
    ranks = list(Urgency)
    for below, above in zip(reversed(ranks[:-1]), reversed(ranks[1:]), strict=True):
        at = _k.id.in_(ids) & (_k.urgency == below.value)
        higher = case((_k.urgency_rank > above.rank, _k.urgency_rank), else_=above.rank)
        tx.execute(update(t.ticket).where(at).values(urgency=above.value, urgency_rank=higher))
    for row in tx.execute(REASONED.where(_p.ticket_id.in_(ids), RECKONABLE)).all():
        new = reckoned(row, policy, kind(row.channel))
        if new is None:
            continue
        tx.execute(update(t.promise).where(_p.id == row.id).values(**new.values))
        if new.because:
            line = {"at": now, "kind": "promise", "thread_id": row.thread_id, "ticket_id": row.ticket_id}
            data = {"what": "reckoned", **changes_of(row, new)}
            because = f"{BECAUSE}: {new.because}"
            tx.execute(insert(t.event).values(**line, actor="system", because=because, data=data))
    keep_next_dues(tx, ids)


def keep_next_dues(tx: Tx, ids: Sequence[int]) -> None:
    """Tickets carry their next due time."""
    next_due = (
        select(func.min(_p.due_at))
        .where(_p.ticket_id == _k.id, _p.state == PromiseState.RUNNING)
        .scalar_subquery()
    )
    tx.execute(update(t.ticket).where(_k.id.in_(ids)).values(due_at=next_due))
