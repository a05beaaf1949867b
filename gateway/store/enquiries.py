"""The record of every enquiry (rulebook I2): each conversation, also those that the bot ended, with what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from gateway.domain.masking import mask_text
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.personal import address_of, name_of
from gateway.store.visible import Face, Sight

_v, _k, _m, _c, _a, _i = (
    t.conversation.c,
    t.ticket.c,
    t.message.c,
    t.contact.c,
    t.agent.c,
    t.contact_identity.c,
)
LONGEST = 500
"""So many characters of a description, and of what was done, are shown."""


def list_enquiries(
    tx: Tx, sight: Sight, *, since: datetime, until: datetime | None, after: int, limit: int
) -> list[Face]:
    """Return conversations begun at ``since`` or later and before ``until``, oldest first, with ids above ``after``.

    Somebody who sees only some tickets gets only the conversations that became one of those.
    """
    query = (
        select(
            _v.id,
            _v.contact_id,
            _v.channel,
            _v.state,
            _v.type.label("said_type"),
            _v.subtype.label("said_subtype"),
            _v.started_at,
            _c.number.label("contact_number"),
            _c.name,
            _k.number,
            _k.type,
            _k.subtype,
            _k.status,
            _k.outcome,
            _a.number.label("agent_number"),
        )
        .join(t.contact, _c.id == _v.contact_id)
        .outerjoin(t.ticket, _k.conversation_id == _v.id)
        .outerjoin(t.agent, _a.id == func.coalesce(_k.agent_id, _k.first_agent_id))
        .where(_v.started_at >= since, _v.id > after, _k.spam.is_(None), sight.covers())
    )
    if until is not None:
        query = query.where(_v.started_at < until)
    rows = tx.execute(query.order_by(_v.id).limit(limit)).all()
    ids = [row.id for row in rows]
    asked, answered = _words(tx, ids, of_contact=True), _words(tx, ids, of_contact=False)
    addresses = _addresses(tx, {(row.contact_id, row.channel) for row in rows})
    keys.warm(tx, (row.name for row in rows))
    return [_face(tx, row, asked, answered, addresses) for row in rows]


def _words(tx: Tx, ids: list[int], *, of_contact: bool) -> dict[int, tuple[str, str]]:
    """The contact's first words of each conversation, or the last that were said to them, with who said it."""
    author = _m.author == "customer" if of_contact else _m.author.in_(("bot", "agent"))
    pick = func.min(_m.seq) if of_contact else func.max(_m.seq)
    which = (
        select(_m.conversation_id, pick.label("seq"))
        .where(_m.conversation_id.in_(ids), author)
        .group_by(_m.conversation_id)
        .subquery()
    )
    query = select(_m.conversation_id, _m.text, _m.author).join(
        which, (which.c.conversation_id == _m.conversation_id) & (which.c.seq == _m.seq)
    )
    return {row.conversation_id: (row.text, row.author) for row in tx.execute(query)} if ids else {}


def _addresses(tx: Tx, whose: set[tuple[int, str]]) -> dict[tuple[int, str], str]:
    if not whose:
        return {}
    query = select(_i.contact_id, _i.channel, _i.address_index, _i.address)
    mine = query.where(_i.contact_id.in_({contact_id for contact_id, _ in whose})).order_by(_i.id.desc())
    rows = tx.execute(mine).all()
    keys.warm(tx, (row.address for row in rows))
    return {(row.contact_id, row.channel): address_of(tx, *row) or "" for row in rows}


def _face(
    tx: Tx,
    row: Any,
    asked: dict[int, tuple[str, str]],
    answered: dict[int, tuple[str, str]],
    addresses: dict[tuple[int, str], str],
) -> Face:
    done = answered.get(row.id)
    return {
        "id": str(row.id),
        "ticket": row.number,
        "contact": {"number": row.contact_number, "name": name_of(tx, row.contact_number, row.name) or ""},
        "address": _reached(addresses.get((row.contact_id, row.channel), "")),
        "channel": row.channel,
        "at": row.started_at,
        "agent": row.agent_number,
        "type": row.type or row.said_type,
        "subtype": row.subtype if row.type else row.said_subtype,
        "description": mask_text(asked.get(row.id, ("", ""))[0])[:LONGEST],
        "done": mask_text(done[0])[:LONGEST] if done else "",
        "outcome": row.outcome
        or ("answered_by_bot" if done and done[1] == "bot" and not row.number else None),
        "rating": None,
        "status": row.status or ("closed" if row.state == "closed" else "bot"),
    }


def _reached(address: str) -> str:
    """A phone or a mail address, covered; what a channel calls its visitors says nothing."""
    return mask_text(address) if "@" in address or address.lstrip("+").isdigit() else ""
