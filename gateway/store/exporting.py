"""Everything of a person that is theirs to have: what they wrote and were told, what they were promised, their files.

Never what colleagues noted among themselves, nor why the gateway decided something.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table, select

from gateway.errors import NotFound
from gateway.store import file_cells, keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.keys import Place
from gateway.store.originals import message_row, read_originals

_c, _v, _m, _k, _h, _p, _a, _i = (
    table.c
    for table in (
        t.contact,
        t.conversation,
        t.message,
        t.ticket,
        t.thread,
        t.promise,
        t.attachment,
        t.contact_identity,
    )
)


def export_person(tx: Tx, number: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return a person's data as JSON values, and their files: a name in the archive, and the blob it is read from.

    Raises:
        NotFound: there is no such contact.
    """
    contact = tx.execute(select(t.contact).where(_c.number == number)).first()
    if contact is None:
        raise NotFound(f"no contact {number}", code="no_contact")
    row = dict(contact._mapping)
    ways = tx.execute(select(t.contact_identity).where(_i.contact_id == contact.id).order_by(_i.id)).all()
    files = tx.execute(
        select(t.attachment)
        .join(t.thread, _h.id == _a.thread_id)
        .where(_h.contact_id == contact.id)
        .order_by(_a.at)
    ).all()
    opened = [(one, *file_cells.opened(tx, one)) for one in files]
    held = {
        "number": contact.number,
        "name": _plain(tx, t.contact, _c.name, row),
        "language": contact.lang,
        "preferences": contact.preferences or [],
        "preferred_channel": contact.preferred_channel,
        "since": contact.created_at,
        "addresses": [
            {
                "channel": one.channel,
                "address": _plain(tx, t.contact_identity, _i.address, dict(one._mapping)),
            }
            for one in ways
        ],
        "conversations": _conversations(tx, contact.id),
        "tickets": _tickets(tx, contact.id),
        "files": [
            {"id": one.id, "name": name, "media_type": one.media_type, "size": one.size, "at": one.at}
            for one, name, _ in opened
        ],
    }
    return held, [(f"files/{one.id}", blob) for one, _, blob in opened]


def _conversations(tx: Tx, contact_id: int) -> list[dict[str, Any]]:
    rows = tx.execute(
        select(_v.id, _v.channel, _v.started_at, _v.closed_at).where(_v.contact_id == contact_id)
    )
    return [
        {
            "channel": row.channel,
            "started_at": row.started_at,
            "closed_at": row.closed_at,
            "messages": _messages(tx, row.id),
        }
        for row in rows.all()
    ]


def _messages(tx: Tx, conversation_id: int) -> list[dict[str, Any]]:
    columns = (_m.thread_id, _m.seq, _m.author, _m.text, _m.full_text, _m.at, _m.sealed, _m.attachments)
    rows = tx.execute(select(*columns).where(_m.conversation_id == conversation_id).order_by(_m.seq)).all()
    told = []
    for row in rows:
        words = {"text": row.text, "full_text": row.full_text}
        words |= read_originals(tx, t.message, message_row(row.thread_id, row.seq), row.sealed)
        files = [one["id"] for one in row.attachments or [] if one.get("id")]
        told.append(
            {"author": row.author, "at": row.at, "text": words["full_text"] or words["text"], "files": files}
        )
    return told


def _tickets(tx: Tx, contact_id: int) -> list[dict[str, Any]]:
    columns = (_k.id, _k.number, _k.type, _k.status, _k.opened_at, _k.resolved_at, _k.closed_at)
    rows = tx.execute(select(*columns).where(_k.contact_id == contact_id).order_by(_k.id)).all()
    return [
        {str(name): value for name, value in row._mapping.items() if name != "id"}
        | {"promises": _promises(tx, row.id)}
        for row in rows
    ]


def _promises(tx: Tx, ticket_id: int) -> list[dict[str, Any]]:
    """What the customer was told; what the house owes itself is its own matter."""
    told = select(_p.kind, _p.state, _p.due_at).where(_p.ticket_id == ticket_id, _p.told).order_by(_p.id)
    return [{str(name): value for name, value in row._mapping.items()} for row in tx.execute(told)]


def _plain(tx: Tx, table: Table, column: Column[Any], row: Mapping[str, Any]) -> Any:
    """Return a value, opened where its column is sealed."""
    names = column.info.get("sealed")
    if names is None or row[column.name] is None:
        return row[column.name]
    place = column.info.get("joined", "|").join(str(row[name]) for name in names)
    return keys.shown(tx, Place(table.name, column.name, place), row[column.name])
