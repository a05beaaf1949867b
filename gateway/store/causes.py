"""Why things were late: causes that agents stated, counted (rulebook L2, Q2)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Text, exists, func, select, type_coerce

from gateway.domain.promise import EXPLAINED, OPEN_STATES, Stage
from gateway.store import tables as t
from gateway.store.database import Tx

_p, _x = t.promise.c, t.explanation.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """``stated`` counts by cause and department; ``late`` promises by kind; ``owed`` explanations nobody gave yet."""

    stated: tuple[tuple[str, str, int], ...]
    late: tuple[tuple[str, int], ...]
    owed: int
    unverified: int = 0
    """Late promises of tickets whose customer had been asked to verify, and had not by then (V2)."""


def read_causes(tx: Tx, since: datetime) -> Causes:
    """Count what happened since an instant."""
    count = func.count()
    stated = select(_x.cause, _x.department, count).where(_x.at >= since).group_by(_x.cause, _x.department)
    late = select(_p.kind, count).where(_p.fired_at >= since, _p.kind.in_(EXPLAINED)).group_by(_p.kind)
    owed = select(count).where(_p.kind == Stage.EXPLANATION, _p.state.in_(OPEN_STATES))
    return Causes(
        stated=tuple(
            (row[0], row[1], row[2]) for row in tx.execute(stated.order_by(_x.cause, _x.department))
        ),
        late=tuple((row[0], row[1]) for row in tx.execute(late.order_by(_p.kind))),
        owed=tx.execute(owed).scalar_one(),
        unverified=tx.execute(_unverified(since)).scalar_one(),
    )


def _unverified(since: datetime) -> Select[int]:
    """Count what was late while details were incomplete and the identity was still to be verified."""
    e, f, k = t.event.c, t.proof.c, t.ticket.c
    asked = exists().where(
        e.conversation_id == k.conversation_id,
        e.kind == "verification",
        e.at <= _p.fired_at,
        type_coerce(e.data, Text).like('%"what":"asked"%'),
    )
    proven = exists().where(f.conversation_id == k.conversation_id, f.granted_at <= _p.fired_at)
    late = select(func.count()).join(t.ticket, k.id == _p.ticket_id)
    return late.where(_p.fired_at >= since, _p.kind.in_(EXPLAINED), asked, ~proven)
