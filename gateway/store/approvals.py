"""Rows of requests that a second person decides on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from gateway.store import tables as t
from gateway.store.database import Tx

WITHIN = timedelta(days=1)
"""A request is decided on, and what was approved is done, within so long."""
LISTED = 200

_a = t.approval.c
_ASKER, _DECIDER = t.agent.alias("asker").c, t.agent.alias("decider").c


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One request, and what became of it; people by id and by number."""

    id: int
    act: str
    about: str
    reason: str
    state: str
    asked_by: int
    asked_number: str
    asked_at: datetime
    expires_at: datetime
    decided_by: int | None
    decided_number: str | None
    decided_at: datetime | None
    used_at: datetime | None
    answer: str | None


def add(tx: Tx, *, act: str, about: str, reason: str, asked_by: int, now: datetime) -> int:
    """Keep a request."""
    values = {"act": act, "about": about, "reason": reason, "state": "asked", "asked_by": asked_by}
    when = {"asked_at": now, "expires_at": now + WITHIN}
    return int(tx.execute(insert(t.approval).values(values | when).returning(_a.id)).scalar_one())


def find(tx: Tx, approval_id: int) -> Approval | None:
    """Return one of them."""
    row = tx.execute(_rows().where(_a.id == approval_id)).first()
    return None if row is None else Approval(**row._mapping)


def latest(tx: Tx, *, acts: tuple[str, ...], asked_by: int) -> list[Approval]:
    """Return those about these acts and those somebody asked for, the newest first."""
    mine = or_(_a.act.in_(acts), _a.asked_by == asked_by)
    rows = tx.execute(_rows().where(mine).order_by(_a.id.desc()).limit(LISTED))
    return [Approval(**row._mapping) for row in rows]


def open_one(tx: Tx, *, act: str, about: str, state: str, now: datetime) -> Approval | None:
    """Return the oldest one of this state that still holds."""
    here = (_a.act == act) & (_a.about == about) & (_a.state == state) & (_a.expires_at > now)
    row = tx.execute(_rows().where(here).order_by(_a.id).limit(1)).first()
    return None if row is None else Approval(**row._mapping)


def settle(
    tx: Tx,
    approval_id: int,
    *,
    was: str,
    to: str,
    now: datetime,
    by: int | None = None,
    expires_at: datetime | None = None,
    answer: str | None = None,
) -> bool:
    """Take one from a state to another; False if somebody was quicker or its time is over."""
    values: dict[str, Any] = {"state": to}
    values |= {"used_at": now} if to == "used" else {"decided_by": by, "decided_at": now, "answer": answer}
    values |= {"expires_at": expires_at} if expires_at else {}
    here = (_a.id == approval_id) & (_a.state == was) & (_a.expires_at > now)
    return bool(tx.execute(update(t.approval).where(here).values(values)).rowcount)


def _rows() -> Select[Any]:
    return (
        select(t.approval, _ASKER.number.label("asked_number"), _DECIDER.number.label("decided_number"))
        .join(_ASKER.id.table, _ASKER.id == _a.asked_by)
        .outerjoin(_DECIDER.id.table, _DECIDER.id == _a.decided_by)
    )
