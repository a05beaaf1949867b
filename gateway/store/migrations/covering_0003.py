"""Schema 0003 of covered words: what lies there in the clear is covered in place, its original sealed beside it.

Runs once, in the transaction of the migration, a page of rows at a time. What the tables looked like is written down
here: they will change again, this will not.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from gateway.domain.covering import cover
from gateway.domain.covering_html import cover_html
from gateway.store import keys
from gateway.store.database import Tx
from gateway.store.file_cells import plain_name
from gateway.store.keyring import keys_of
from gateway.store.keys import Place, seal

PAGE = 200
_MESSAGES = (
    "SELECT m.id, m.thread_id, m.seq, m.text, m.full_text, m.html, m.problems, m.because, m.attachments, h.contact_id "
    "FROM message m JOIN thread h ON h.id = m.thread_id WHERE m.id > :after ORDER BY m.id LIMIT :page"
)
_WITH_ORIGINALS = {
    "note": ("text",),
    "task": ("text", "answer"),
    "promise": ("text",),
    "handover": ("note", "answer"),
}
"""Tables whose rows belong to a ticket, and the columns whose originals are kept."""
_COMPLAINT = (
    "content",
    "contact",
    "order",
    "product",
    "wanted",
    "first_handler",
    "escalated_because",
    "solution",
    "response",
)
_COVERED_ONLY = {
    "ticket": ("subject", "summary", "because", "last_text", "outcome", "spam", "escalated_because"),
    "event": ("because",),
    "promise": ("because", "paused_because", "settled_because"),
    "merge": ("because",),
    "explanation": ("plan",),
    "correction": ("reason",),
    "alarm": ("because",),
    "emergency": ("because", "report"),
}
"""Columns that repeat others' words, or give reasons: covered, and no original kept."""


def cover_rows() -> None:
    """Cover every row there is; an empty database is done at once."""
    tx: Tx = op.get_bind()
    if tx.execute(sa.text("SELECT 1 FROM message LIMIT 1")).first() is None:
        return
    _cover_messages(tx)
    _name_files(tx)
    for table, columns in _WITH_ORIGINALS.items():
        _cover_owned(tx, table, columns)
    _cover_complaints(tx)
    for table, columns in _COVERED_ONLY.items():
        for page in _pages(tx, f"SELECT id, {', '.join(columns)} FROM {table}"):  # noqa: S608 - names of ours
            for row in page:
                _set(
                    tx,
                    table,
                    "id",
                    row.id,
                    {one: cover(value) for one in columns if (value := getattr(row, one))},
                    row,
                )


def _cover_messages(tx: Tx) -> None:
    after = 0
    while rows := tx.execute(sa.text(_MESSAGES), {"after": after, "page": PAGE}).all():
        for row in rows:
            kept: dict[str, str | None] = {
                one: cover(value) for one in ("text", "full_text", "because") if (value := getattr(row, one))
            }
            if row.html:
                kept["html"] = cover_html(row.html)
            if row.problems:
                kept["problems"] = orjson.dumps([cover(one) for one in orjson.loads(row.problems)]).decode()
            if row.attachments:
                files = [one | {"name": plain_name(one["name"])} for one in orjson.loads(row.attachments)]
                kept["attachments"] = orjson.dumps(files).decode()
            originals: dict[str, str] = {
                one: getattr(row, one)
                for one in ("text", "full_text", "html")
                if one in kept and kept[one] != getattr(row, one)
            }
            if originals:
                kept["sealed"] = _seal(tx, "message", f"{row.thread_id}.{row.seq}", row.contact_id, originals)
            _set(tx, "message", "id", row.id, kept, row)
        after = rows[-1].id
        keys_of(tx).undo()  # they are rows by now: nothing is lost but memory


def _name_files(tx: Tx) -> None:
    """The bytes stay as they lie, in the clear; what their senders called them is sealed."""
    query = "SELECT x.id, x.name, h.contact_id FROM attachment x LEFT JOIN thread h ON h.id = x.thread_id"
    for row in tx.execute(sa.text(query)).all():
        key = keys.for_arrival(tx) if row.contact_id is None else keys.of_contact(tx, row.contact_id)
        cell = orjson.dumps({"name": row.name, "secret": None}).decode()
        sealed = {
            "sealed": seal(key, Place("attachment", "sealed", row.id), cell),
            "name": plain_name(row.name),
        }
        tx.execute(
            sa.text("UPDATE attachment SET sealed = :sealed, name = :name WHERE id = :id"),
            sealed | {"id": row.id},
        )
    keys_of(tx).undo()


def _cover_owned(tx: Tx, table: str, columns: tuple[str, ...]) -> None:
    named = ", ".join(f"x.{one}" for one in columns)
    query = f"SELECT x.id, {named}, k.contact_id FROM {table} x JOIN ticket k ON k.id = x.ticket_id"  # noqa: S608 - names of ours
    for page in _pages(tx, query, "x.id"):
        for row in page:
            _cover_row(tx, table, "id", row.id, row, columns)


def _cover_complaints(tx: Tx) -> None:
    named = ", ".join(f'x."{one}"' for one in _COMPLAINT)
    query = f"SELECT x.ticket_id AS id, {named}, k.contact_id FROM complaint x JOIN ticket k ON k.id = x.ticket_id"  # noqa: S608 - names of ours
    for page in _pages(tx, query, "x.ticket_id"):
        for row in page:
            _cover_row(tx, "complaint", "ticket_id", row.id, row, _COMPLAINT)


def _cover_row(tx: Tx, table: str, id: str, row_id: int, row: Any, columns: tuple[str, ...]) -> None:
    kept: dict[str, str | None] = {one: cover(value) for one in columns if (value := getattr(row, one))}
    originals = {one: getattr(row, one) for one, value in kept.items() if value != getattr(row, one)}
    if originals:
        kept["sealed"] = _seal(tx, table, row_id, row.contact_id, originals)
        _set(tx, table, id, row_id, kept, row)


def _seal(tx: Tx, table: str, row: str | int, contact_id: int, originals: Mapping[str, str]) -> str:
    place = Place(table, "sealed", row)
    return seal(keys.of_contact(tx, contact_id), place, orjson.dumps(originals).decode())


def _set(tx: Tx, table: str, id: str, row_id: int, kept: Mapping[str, str | None], row: Any) -> None:
    new = {name: value for name, value in kept.items() if value != getattr(row, name, None)}
    if new:
        said = ", ".join(f'"{name}" = :{name}' for name in new)
        query = f"UPDATE {table} SET {said} WHERE {id} = :row_id"  # noqa: S608 - names of ours
        tx.execute(sa.text(query), new | {"row_id": row_id})


def _pages(tx: Tx, query: str, id: str = "id") -> Iterator[Sequence[Any]]:
    after = 0
    while rows := tx.execute(
        sa.text(f"{query} WHERE {id} > :after ORDER BY {id} LIMIT :page"),
        {"after": after, "page": PAGE},
    ).all():
        yield rows
        after = rows[-1].id
