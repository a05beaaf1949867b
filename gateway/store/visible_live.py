"""What lines of the audit trail look like on a desk: each change as it is now, every message in full.

Read once for all desks; who is told what is decided by how each ticket stands as it is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from gateway.domain.standing import Standing
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.visible import TICKETS, Face, Sight, message_faces, note_faces, ticket_faces
from gateway.store.visible_sight import standings

MOST = 1_000
"""A desk that missed more than this loads anew."""

DIRECT = ("agent", "channel", "shift")
"""Kinds whose data is sent as it is: numbers and states, nobody's words."""

ABOUT_TICKETS = ("alarm", "emergency", "handover")

_e, _o = t.event.c, t.outbox.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One piece of news; ``ticket`` decides who gets it, None what is everybody's."""

    kind: str
    face: Face
    ticket: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Frames for the desks, in order, the last event they speak of, and how the tickets in them stand now."""

    last_id: int
    frames: tuple[Frame, ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)

    def for_sight(self, sight: Sight) -> tuple[Frame, ...]:
        """Return what somebody of that sight is told."""
        return tuple(one for one in self.frames if self._is_for(sight, one))

    def _is_for(self, sight: Sight, frame: Frame) -> bool:
        if frame.ticket is None or not sight.is_limited:
            return True
        standing = self.standings.get(frame.ticket)
        return standing is not None and sight.sees(standing)


NOBODYS = ""
"""The ``ticket`` of what belongs to none: words to the bot. It stands nowhere, so only an unlimited sight has it."""


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


def batch_of(tx: Tx, happened: Sequence[Happened]) -> Batch:
    """Return what these events mean, with what decides to whom; a ticket that changed twice comes once."""
    last = max((one.id for one in happened), default=0)
    frames = [Frame(kind=one.kind, face=dict(one.data)) for one in happened if one.kind in DIRECT]
    frames += [
        Frame(kind=one.kind, face=dict(one.data), ticket=one.ticket)
        for one in happened
        if one.kind in ABOUT_TICKETS
    ]
    frames += _messages(tx, happened) + _notes(tx, happened) + _tickets(tx, happened)
    numbers = {one.ticket for one in frames if one.ticket} | {one.ticket for one in happened if one.ticket}
    found = standings(tx, t.ticket.c.number.in_(numbers)) if numbers else []
    return Batch(last_id=last, frames=tuple(frames), standings={one.number: one for one in found})


def _messages(tx: Tx, happened: Sequence[Happened]) -> list[Frame]:
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
        Frame(
            kind="message",
            face={"number": row.ticket_number, "conversation": str(row.conversation_id), "message": face},
            ticket=row.ticket_number or NOBODYS,
        )
        for row, face in found
    ]


def _notes(tx: Tx, happened: Sequence[Happened]) -> list[Frame]:
    ids = {one.data["note"] for one in happened if one.data.get("note")}
    if not ids:
        return []
    notes = note_faces(tx, t.note.c.id.in_(ids))
    return [
        Frame(kind="note", face={"number": number, "note": note}, ticket=number)
        for note in notes
        if (number := note.pop("ticket"))
    ]


def _tickets(tx: Tx, happened: Sequence[Happened]) -> list[Frame]:
    numbers = {one.ticket for one in happened if one.ticket}
    if not numbers:
        return []
    rows: Sequence[Any] = tx.execute(
        TICKETS.where(t.ticket.c.number.in_(numbers)).order_by(t.ticket.c.id)
    ).all()
    return [Frame(kind="ticket", face=face, ticket=face["number"]) for face in ticket_faces(tx, rows)]
