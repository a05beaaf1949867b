"""Why the house did what it did on a ticket: every automatic act with its reason, its rules and what it went by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from gateway.errors import NotFound
from gateway.store import tables as t
from gateway.store.database import Tx

MOST = 500
SHOWN = ("rules", "about", "owed", "outcome", "entry", "score", "hand_off", "what", "promise", "emergency")
"""What of an event's data is an input or an outcome of the decision; none of it is a customer's words."""
_e = t.event.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One automatic act: when, by whom (``bot``, ``system``), why, and by what."""

    at: datetime
    kind: str
    actor: str
    because: str
    rules: str
    """The version of the rules in force then; empty where none decided."""
    inputs: Mapping[str, Any]


def acts_on(tx: Tx, number: str) -> list[Act]:
    """Return what the house did about a ticket and its conversation, oldest first.

    Raises:
        NotFound: no such ticket.
    """
    k = t.ticket.c
    ticket = tx.execute(select(k.id, k.conversation_id, k.thread_id).where(k.number == number)).first()
    if ticket is None:
        raise NotFound(f"no ticket {number}")
    of_conversation = (_e.thread_id == ticket.thread_id) & (_e.conversation_id == ticket.conversation_id)
    query = (
        select(_e.at, _e.kind, _e.actor, _e.because, _e.data)
        .where(or_(_e.ticket_id == ticket.id, of_conversation), _e.actor.in_(("bot", "system")))
        .order_by(_e.id)
        .limit(MOST)
    )
    return [
        Act(
            at=row.at,
            kind=row.kind,
            actor=row.actor,
            because=row.because or "",
            rules=(row.data or {}).get("rules", ""),
            inputs={name: row.data[name] for name in SHOWN[1:] if name in (row.data or {})},
        )
        for row in tx.execute(query)
    ]
