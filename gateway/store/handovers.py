"""Rows of hand-overs among colleagues, and what an agent still has in hand at the end of the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.visible import TICKETS, Face, Sight, ticket_faces

SETTLED_SHOWN = timedelta(days=1)
"""What was answered is shown to the giver for so long."""
_h, _k, _a = t.handover.c, t.ticket.c, t.agent.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One hand-over that may be answered."""

    id: int
    ticket: str
    from_id: int
    to_id: int
    state: str


def read_handover(tx: Tx, handover_id: int) -> Offered | None:
    """Return one by its id."""
    row = tx.execute(
        select(_h.id, _k.number, _h.from_agent_id, _h.to_agent_id, _h.state)
        .join(t.ticket, _k.id == _h.ticket_id)
        .where(_h.id == handover_id)
    ).first()
    if row is None:
        return None
    return Offered(id=row[0], ticket=row[1], from_id=row[2], to_id=row[3], state=row[4])


def read_given(tx: Tx, sight: Sight, agent_id: int, now: datetime) -> list[Face]:
    """Return what an agent has offered, and what became of it lately."""
    lately = or_(_h.state == "offered", _h.settled_at > now - SETTLED_SHOWN)
    return _faces(tx, sight, (_h.from_agent_id == agent_id) & lately, other=_h.to_agent_id, name="to")


def read_received(tx: Tx, sight: Sight, agent_id: int) -> list[Face]:
    """Return what an agent is asked to take over."""
    mine = (_h.to_agent_id == agent_id) & (_h.state == "offered")
    return _faces(tx, sight, mine, other=_h.from_agent_id, name="from")


def read_open(tx: Tx, sight: Sight, agent_id: int) -> list[Face]:
    """Return the tickets an agent has in work, the most pressing first."""
    mine = (_k.agent_id == agent_id) & (_k.status == "in_progress") & _k.merged_into.is_(None)
    order = (_k.urgency_rank.desc(), _k.due_at.is_(None), _k.due_at, _k.id)
    return ticket_faces(tx, tx.execute(TICKETS.where(mine, sight.covers()).order_by(*order)).all())


def count_left(tx: Tx, agents: Iterable[int]) -> dict[int, int]:
    """Return by agent how many tickets wait for them, or for a colleague to accept them."""
    offered = select(_h.id).where(_h.ticket_id == _k.id, _h.state == "offered").exists()
    waits = and_(_k.status == "in_progress", _k.merged_into.is_(None), or_(_k.waiting_on == "agent", offered))
    query = select(_k.agent_id, func.count()).where(_k.agent_id.in_(list(agents)), waits)
    return {row[0]: row[1] for row in tx.execute(query.group_by(_k.agent_id))}


def _faces(tx: Tx, sight: Sight, where: ColumnElement[bool], *, other: Any, name: str) -> list[Face]:
    query = (
        select(
            _h.id, _h.ticket_id, _h.note, _h.state, _h.answer, _h.offered_at, _h.settled_at,
            _a.number, _a.name,
        )
        .join(t.agent, _a.id == other)
        .join(t.ticket, _k.id == _h.ticket_id)
        .where(where, sight.covers())
        .order_by(_h.id)
    )  # fmt: skip
    rows = tx.execute(query).all()
    tickets = tx.execute(TICKETS.where(_k.id.in_({row.ticket_id for row in rows}))).all() if rows else []
    shown = dict(zip((row.id for row in tickets), ticket_faces(tx, tickets), strict=True))
    return [
        {
            "id": row.id,
            "ticket": shown[row.ticket_id],
            name: {"number": row.number, "name": row.name},
            "note": row.note,
            "state": row.state,
            "answer": row.answer,
            "offered_at": row.offered_at,
            "settled_at": row.settled_at,
        }
        for row in rows
    ]
