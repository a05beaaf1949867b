"""How many of everything there are: what the gauges show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from gateway.domain.ticket import Status
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.promises_due import LATE, UNFIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is not at its end yet; closed tickets are history and are not counted."""

    inbox_waiting: int
    outbox: Mapping[str, int]
    promises: Mapping[str, int]
    """``running`` and ``overdue``."""
    tickets: Mapping[tuple[str, str], int]
    """By status and department."""
    agents: Mapping[str, int]


def read_counts(tx: Tx, now: datetime) -> Counts:
    """Count."""
    i, o, p, k, a = t.inbox.c, t.outbox.c, t.promise.c, t.ticket.c, t.agent.c
    waiting = tx.execute(select(func.count()).where(i.state == "new")).scalar_one()
    held = select(o.state, func.count()).where(o.state.in_(("due", "sending", "unknown", "held")))
    late = tx.execute(select(func.count()).where(LATE)).scalar_one()
    due = case((p.due_at <= now, "overdue"), else_="running")
    owed = {row[0]: row[1] for row in tx.execute(select(due, func.count()).where(UNFIRED).group_by(due))}
    open_ = select(k.status, k.department, func.count()).where(k.status != Status.CLOSED)
    present = select(a.state, func.count()).where(a.disabled_at.is_(None)).group_by(a.state)
    return Counts(
        inbox_waiting=waiting,
        outbox={row[0]: row[1] for row in tx.execute(held.group_by(o.state))},
        promises=owed | {"overdue": owed.get("overdue", 0) + late},
        tickets={(row[0], row[1]): row[2] for row in tx.execute(open_.group_by(k.status, k.department))},
        agents={row[0]: row[1] for row in tx.execute(present)},
    )
