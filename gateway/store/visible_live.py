"""What lines of the audit trail look like on a desk: each change as it is now, every message in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.visible import TICKETS, Face, Sight, message_faces, note_faces, ticket_faces

MOST = 1_000
"""A desk that missed more than this loads anew."""

DIRECT = ("agent", "channel", "shift")
"""Kinds whose data is sent as it is: numbers and states, nobody's words."""

ABOUT_TICKETS = ("alarm", "emergency", "handover")

_e, _o = t.event.c, t.outbox.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Frames for the desks, in order, and the last event they speak of."""

    last_id: int
    frames: tuple[tuple[str, Face], ...] = ()


def last_event(tx: Tx) -> int:
    """Return the id of the newest line; 0 when there is none."""
    return int(tx.execute(select(func.max(_e.id))).scalar() or 0)


def missed_since(tx: Tx, since: int) -> list[Happened] | None:
    """Return what happened after event ``since``; None if that is too much, too long ago, or no event of ours."""
    first, last = tx.execute(select(func.min(_e.id), func.max(_e.id))).one()
    if since > (last or 0) or since < (first or 1) - 1:
        return None
    # On PostgreSQL a smaller id may be committed after a larger one: look back a little, repeats do no harm.
    start = since if tx.dialect.name == "sqlite" else max(0, since - 100)
    query = (
        select(_e.id, _e.at, _e.kind, _e.data, t.ticket.c.number)
        .outerjoin(t.ticket, t.ticket.c.id == _e.ticket_id)
        .where(_e.id > start)
        .order_by(_e.id)
        .limit(MOST + 1)
    )
    rows = tx.execute(query).all()
    if len(rows) > MOST:
        return None
    return [
        Happened(id=row.id, at=row.at, kind=row.kind, ticket=row.number, data=row.data or {}) for row in rows
    ]


def batch_of(tx: Tx, sight: Sight, happened: Sequence[Happened]) -> Batch:
    """Return what these events mean to somebody of that sight; a ticket that changed twice comes once."""
    last = max((one.id for one in happened), default=0)
    frames: list[tuple[str, Face]] = [(one.kind, dict(one.data)) for one in happened if one.kind in DIRECT]
    if sight.tickets:
        frames += [(one.kind, dict(one.data)) for one in happened if one.kind in ABOUT_TICKETS]
        frames += _messages(tx, happened) + _notes(tx, happened) + _tickets(tx, sight, happened)
    return Batch(last_id=last, frames=tuple(frames))


def _messages(tx: Tx, happened: Sequence[Happened]) -> list[tuple[str, Face]]:
    ids: set[int] = set()
    refs: set[str] = set()
    for one in happened:
        ids.update(said for said in (one.data.get("message"), *one.data.get("said", ())) if said)
        refs.update([one.data["ref"]] if one.data.get("ref") else [])
    if refs:
        ids.update(
            tx.execute(select(_o.message_id).where(_o.key.in_(refs), _o.message_id.is_not(None))).scalars()
        )
    if not ids:
        return []
    found = message_faces(tx, t.message.c.id.in_(ids))
    return [
        ("message", {"number": row.ticket_number, "conversation": str(row.conversation_id), "message": face})
        for row, face in found
    ]


def _notes(tx: Tx, happened: Sequence[Happened]) -> list[tuple[str, Face]]:
    ids = {one.data["note"] for one in happened if one.data.get("note")}
    if not ids:
        return []
    notes = note_faces(tx, t.note.c.id.in_(ids))
    return [("note", {"number": note.pop("ticket"), "note": note}) for note in notes]


def _tickets(tx: Tx, sight: Sight, happened: Sequence[Happened]) -> list[tuple[str, Face]]:
    numbers = {one.ticket for one in happened if one.ticket}
    if not numbers:
        return []
    rows: Sequence[Any] = tx.execute(
        TICKETS.where(t.ticket.c.number.in_(numbers), sight.covers()).order_by(t.ticket.c.id)
    ).all()
    return [("ticket", face) for face in ticket_faces(tx, rows)]
