"""Ends of shifts: each is shown to the agent once, and told to supervisors once if something is left."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened

_f, _a = t.agent_profile.c, t.agent.c


def shown_shifts(tx: Tx) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Return by agent the end of the shift that was last shown, and of the one last told of."""
    rows = tx.execute(select(_f.agent_id, _f.shift_shown_at, _f.shift_told_at))
    return {row.agent_id: (row.shift_shown_at, row.shift_told_at) for row in rows}


def show_shift(
    tx: Tx, agent_id: int, ends_at: datetime, data: Mapping[str, Any], now: datetime
) -> Happened | None:
    """Keep that the end of a shift was shown; None if another node was quicker."""
    current = tx.execute(select(_f.shift_shown_at).where(_f.agent_id == agent_id)).first()
    if current is not None and current.shift_shown_at == ends_at:
        return None
    if current is None:
        tx.execute(insert(t.agent_profile).values(agent_id=agent_id, shift_shown_at=ends_at))
    else:
        tx.execute(update(t.agent_profile).where(_f.agent_id == agent_id).values(shift_shown_at=ends_at))
    values = {
        "at": now,
        "kind": "shift",
        "actor": "system",
        "because": "the working day ends",
        "data": dict(data),
    }
    event = tx.execute(insert(t.event).values(values).returning(t.event.c.id)).scalar_one()
    return Happened(id=event, at=now, kind="shift", data=dict(data))


def tell_shift(tx: Tx, agent_id: int, ends_at: datetime) -> None:
    """Keep that the end of a shift was seen to."""
    tx.execute(update(t.agent_profile).where(_f.agent_id == agent_id).values(shift_told_at=ends_at))
