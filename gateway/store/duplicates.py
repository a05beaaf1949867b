"""Tickets that look like one matter: found by what they name and by their words, until somebody says they are two."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from gateway.domain.merging import ALIKE, WITHIN, keys_of, likeness
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.database import Tx
from gateway.store.personal import address_of, entities_of, name_of
from gateway.store.visible import Face, Sight

AT_WORK = ("open", "in_progress", "resolved")
COMPARED = 300
"""With so many tickets' words, the newest, are a ticket's compared."""
MOST = 10

_k, _y, _n, _v, _i = t.ticket.c, t.ticket_key.c, t.not_a_duplicate.c, t.conversation.c, t.contact_identity.c


def keep_keys(work: Applying) -> None:
    """Write down what the ticket can be found by, as far as it is known by now."""
    if work.ticket_id is None or work.conversation_id is None:
        return
    named = work.tx.execute(select(_v.entities).where(_v.id == work.conversation_id)).scalar()
    mine = _i.contact_id == work.snapshot.contact.id
    found = work.tx.execute(select(_i.contact_id, _i.channel, _i.address_index, _i.address).where(mine)).all()
    addresses = [address for row in found if (address := address_of(work.tx, *row)) is not None]
    for key in sorted(keys_of(entities_of(work.tx, work.conversation_id, named), addresses)):
        row = {"key": blind_key(work.tx, key), "ticket_id": work.ticket_id}
        work.tx.execute(upsert(t.ticket_key).values(row).on_conflict_do_nothing())


def blind_key(tx: Tx, key: str) -> str:
    """Return ``phone:13812345678`` as it is kept: what it is in clear, which one only as its blind index."""
    return f"{key.partition(':')[0]}:{keys.blind(tx, 'ticket_key.key', key)}"


def suggestions(tx: Tx, sight: Sight, number: str) -> list[Face]:
    """Return tickets that are seen and may be about the same, those with most in common first, each with what speaks for it."""
    mine = tx.execute(select(t.ticket).where(_k.number == number)).one()
    if mine.merged_into is not None or mine.status not in AT_WORK:
        return []
    reasons: dict[int, list[str]] = {}
    other = t.ticket_key.alias("other")
    common = (
        select(other.c.ticket_id, other.c.key)
        .join(t.ticket_key, _y.key == other.c.key)
        .where(_y.ticket_id == mine.id, other.c.ticket_id != mine.id)
        .order_by(other.c.ticket_id.desc())
        .limit(COMPARED)
    )
    for row in tx.execute(common):
        reasons.setdefault(row.ticket_id, []).append(row.key.partition(":")[0])
    for ticket_id in _alike(tx, mine):
        reasons.setdefault(ticket_id, []).append("words")
    for ticket_id in _dismissed(tx, mine.id):
        reasons.pop(ticket_id, None)
    return _faces(tx, sight, reasons)


def dismiss(tx: Tx, sight: Sight, number: str, other: str, *, agent_id: int, now: datetime) -> bool:
    """They are two matters, says an agent: never suggested again. False: one of them is not there, or not seen."""
    rows = tx.execute(select(_k.number, _k.id).where(_k.number.in_((number, other)), sight.covers()))
    ids = {row.number: row.id for row in rows}
    if len(ids) < 2:
        return False
    row = {"ticket_id": ids[number], "other_id": ids[other], "agent_id": agent_id, "at": now}
    tx.execute(upsert(t.not_a_duplicate).values(row).on_conflict_do_nothing())
    return True


def _alike(tx: Tx, mine: Any) -> list[int]:
    near = (_k.opened_at > mine.opened_at - WITHIN) & (_k.opened_at < mine.opened_at + WITHIN)
    query = select(_k.id, _k.summary).where(near, _k.id != mine.id, _k.status.in_(AT_WORK))
    rows = tx.execute(query.order_by(_k.id.desc()).limit(COMPARED))
    return [row.id for row in rows if likeness(row.summary, mine.summary) >= ALIKE]


def _dismissed(tx: Tx, ticket_id: int) -> list[int]:
    rows = tx.execute(
        select(_n.ticket_id, _n.other_id).where(or_(_n.ticket_id == ticket_id, _n.other_id == ticket_id))
    )
    return [row.other_id if row.ticket_id == ticket_id else row.ticket_id for row in rows]


def _faces(tx: Tx, sight: Sight, reasons: dict[int, list[str]]) -> list[Face]:
    query = (
        select(
            _k.id,
            _k.number,
            _k.subject,
            _k.channel,
            _k.status,
            _k.opened_at,
            t.contact.c.number,
            t.contact.c.name,
        )
        .join(t.contact, t.contact.c.id == _k.contact_id)
        .where(_k.id.in_(reasons), _k.status.in_(AT_WORK), _k.merged_into.is_(None), _k.spam.is_(None))
        .where(sight.covers())
    )
    rows = sorted(tx.execute(query).all(), key=lambda row: (-len(reasons[row[0]]), -row[0]))[:MOST]
    keys.warm(tx, (row[7] for row in rows))
    return [
        {
            "number": row[1],
            "subject": row[2],
            "channel": row[3],
            "status": row[4],
            "opened_at": row[5],
            "contact": {"number": row[6], "name": name_of(tx, row[6], row[7]) or ""},
            "because": sorted(set(reasons[row[0]])),
        }
        for row in rows
    ]
