"""The review that an emergency's end owes: a promise like any other, of no ticket."""

from datetime import datetime

from sqlalchemy import insert, select, update

from gateway.domain.promise import PromiseState
from gateway.store import tables as t
from gateway.store.database import Tx

KIND = "review"
OWNER = "supervisor"
WARN_SHARE = 0.75
_p = t.promise.c


def owe_review(tx: Tx, emergency_id: int, *, due_at: datetime, now: datetime, because: str) -> None:
    """Owe it; a second time changes nothing."""
    mine = (_p.emergency_id == emergency_id) & (_p.kind == KIND)
    if tx.execute(select(_p.id).where(mine)).first() is None:
        values = {
            "emergency_id": emergency_id,
            "kind": KIND,
            "owner": OWNER,
            "state": PromiseState.RUNNING.value,
            "told": False,
            "due_at": due_at,
            "because": because,
            "started_at": now,
            "since_at": now,
            "span": due_at - now,
            "warn_at": now + (due_at - now) * WARN_SHARE,
            "rule": "emergency.review_within",
            "created_at": now,
        }
        tx.execute(insert(t.promise).values(values))


def keep_review(tx: Tx, emergency_id: int, now: datetime) -> None:
    """The review is done: kept if in time, broken if not."""
    mine = (_p.emergency_id == emergency_id) & (_p.kind == KIND) & (_p.state == PromiseState.RUNNING)
    for condition, state in ((mine & (_p.due_at < now), PromiseState.BROKEN), (mine, PromiseState.KEPT)):
        tx.execute(update(t.promise).where(condition).values(state=state.value, settled_at=now))
