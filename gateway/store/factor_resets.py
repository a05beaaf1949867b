"""Rows of wishes to reset somebody's second factors: one administrator asks, another decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from gateway.store import tables as t
from gateway.store.database import Tx

KIND = "factors"
WITHIN = timedelta(days=2)

_q, _a = t.access_request.c, t.agent.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """A wish that nobody has decided about yet."""

    id: int
    agent_id: int
    number: str
    name: str
    reason: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    expires_at: datetime


def ask(tx: Tx, agent_id: int, asked_by: int, reason: str, now: datetime) -> int:
    """Keep a wish; an open one about the same person is replaced."""
    open_ones = update(t.access_request).where(_q.agent_id == agent_id, _q.kind == KIND, _q.state == "asked")
    tx.execute(open_ones.values(state="replaced", decided_at=now))
    values = {"kind": KIND, "agent_id": agent_id, "asked_by": asked_by, "reason": reason, "state": "asked"}
    when = {"asked_at": now, "expires_at": now + WITHIN}
    return int(tx.execute(insert(t.access_request).values(values | when).returning(_q.id)).scalar_one())


def waiting(tx: Tx, now: datetime) -> list[Reset]:
    """Return the wishes that wait for a decision, the oldest first."""
    return [_reset(row) for row in tx.execute(_select(now).order_by(_q.id))]


def find(tx: Tx, reset_id: int, now: datetime) -> Reset | None:
    """Return a wish that waits for a decision."""
    row = tx.execute(_select(now).where(_q.id == reset_id)).first()
    return None if row is None else _reset(row)


def decide(tx: Tx, reset_id: int, decided_by: int, state: str, now: datetime) -> bool:
    """Note the decision; False if somebody else was quicker."""
    decided = update(t.access_request).where(_q.id == reset_id, _q.state == "asked")
    return tx.execute(decided.values(state=state, decided_by=decided_by, decided_at=now)).rowcount == 1


def _select(now: datetime) -> Any:
    asker = t.agent.alias("asker")
    return (
        select(t.access_request, _a.number, _a.name, asker.c.number.label("asker"))
        .join(t.agent, _a.id == _q.agent_id)
        .join(asker, asker.c.id == _q.asked_by)
        .where(_q.kind == KIND, _q.state == "asked", _q.expires_at > now)
    )


def _reset(row: Any) -> Reset:
    return Reset(
        id=row.id,
        agent_id=row.agent_id,
        number=row.number,
        name=row.name,
        reason=row.reason,
        asked_by_id=row.asked_by,
        asked_by=row.asker,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
    )
