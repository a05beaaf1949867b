"""A customer's card: who they are, how they like to be reached, what they came with before."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from gateway.domain.masking import mask_text
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.keys import ERASED
from gateway.store.personal import address_of, name_of
from gateway.store.tags import tag_faces
from gateway.store.visible import TICKETS, Face, Sight, ticket_faces

_c, _i, _k = t.contact.c, t.contact_identity.c, t.ticket.c
HISTORY = 50
"""So many of a customer's latest tickets are shown."""


def card(tx: Tx, contact_id: int) -> Face:
    """Return tags and preferences of a customer."""
    row = tx.execute(
        select(_c.number, _c.name, _c.preferences, _c.preferred_channel).where(_c.id == contact_id)
    ).one()
    return {
        "number": row.number,
        "name": name_of(tx, row.number, row.name) or "",
        "tags": tag_faces(tx, "contact", contact_id),
        "preferences": row.preferences or [],
        "preferred_channel": row.preferred_channel,
    }


def card_of(tx: Tx, sight: Sight, number: str) -> Face | None:
    """Return a customer's card with their addresses, covered, and their latest tickets."""
    contact_id = tx.execute(select(_c.id).where(_c.number == number)).scalar()
    if contact_id is None or not sight_of_contact(tx, sight, contact_id):
        return None
    mine = select(_i.contact_id, _i.channel, _i.address_index, _i.address).where(_i.contact_id == contact_id)
    ways = tx.execute(mine.order_by(_i.id)).all()
    rows = tx.execute(
        TICKETS.where(_k.contact_id == contact_id, _k.spam.is_(None), sight.covers())
        .order_by(_k.id.desc())
        .limit(HISTORY)
    ).all()
    return card(tx, contact_id) | {
        "addresses": [
            {"channel": way.channel, "address": mask_text(address_of(tx, *way) or ERASED)} for way in ways
        ],
        "tickets": ticket_faces(tx, rows),
    }


def sight_of_contact(tx: Tx, sight: Sight, contact_id: int) -> bool:
    """Return whether somebody sees a customer: by any ticket of theirs; one without tickets, by seeing everything."""
    if not sight.is_limited:
        return True
    mine = select(_k.id).where(_k.contact_id == contact_id, sight.covers()).limit(1)
    return tx.execute(mine).first() is not None


def change_card(tx: Tx, number: str, changes: dict[str, Any], *, actor: str, now: datetime) -> bool:
    """Write preferences and the preferred channel; the audit trail names the fields only. False: no such customer."""
    contact_id = tx.execute(select(_c.id).where(_c.number == number)).scalar()
    if contact_id is None:
        return False
    if changes:
        tx.execute(update(t.contact).where(_c.id == contact_id).values(changes))
        data = {"what": "edited", "contact": number, "fields": sorted(changes)}
        line = {
            "at": now,
            "kind": "contact",
            "actor": actor,
            "because": "a customer's card was edited",
            "data": data,
        }
        tx.execute(insert(t.event).values(line))
    return True
