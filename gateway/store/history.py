"""What clients of a thread may see of it: messages in order, never notes (those live in another table)."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import bindparam, or_, select

from adapters.contract import Choice, History, Shown, ShownAttachment
from gateway.store import file_cells
from gateway.store import tables as t
from gateway.store.columns import from_micros
from gateway.store.database import Tx
from gateway.store.originals import message_row, read_originals
from gateway.store.prepared import Prepared, Row
from gateway.store.scrubbing import ERASED_ID

_m = t.message.c
_LAST = Prepared(
    select(t.thread.c.id, t.thread.c.last_seq).where(
        t.thread.c.channel == bindparam("channel"), t.thread.c.key == bindparam("key")
    )
)
_SINCE = Prepared(
    select(
        _m.seq,
        _m.public_id,
        _m.author,
        _m.text,
        _m.at,
        t.agent.c.name,
        t.agent.c.number,
        _m.choices,
        _m.attachments,
        _m.sealed,
    )
    .outerjoin(t.agent, t.agent.c.id == _m.agent_id)
    .where(
        _m.thread_id == bindparam("thread_id"),
        _m.seq > bindparam("since"),
        or_(_m.text != "", _m.public_id.not_like(f"{ERASED_ID}%")),
    )
    .order_by(_m.seq)
    .limit(bindparam("most"))
)


def read_history(tx: Tx, channel: str, key: str, since: int, limit: int) -> History:
    """Return up to ``limit`` messages after ``since``, without what was erased; an unknown thread is an empty one."""
    thread = _LAST.row(tx, channel=channel, key=key)
    if thread is None:
        return History(messages=(), last_seq=0)
    rows = _SINCE.rows(tx, thread_id=thread[0], since=since, most=limit)
    return History(messages=tuple(_shown(tx, thread[0], row) for row in rows), last_seq=thread[1])


def read_file(tx: Tx, channel: str, key: str, id: str) -> Mapping[str, Any] | None:
    """Return a file of this very thread."""
    a = t.attachment.c
    found = select(t.attachment).where(a.id == id, a.channel == channel, a.thread_key == key)
    row = tx.execute(found).first()
    if row is None:
        return None
    name, blob = file_cells.opened(tx, row)
    return dict(row._mapping) | {"name": name, "blob": blob}


def _shown(tx: Tx, thread_id: int, row: Row) -> Shown:
    text = row[3]
    if row[9] is not None and row[2] != "customer":
        # Who was written to reads it as it was written; what they wrote themselves stays covered.
        text = read_originals(tx, t.message, message_row(thread_id, row[0]), row[9]).get("text", text)
    choices = orjson.loads(row[7]) if row[7] else ()
    files = orjson.loads(row[8]) if row[8] else []
    file_cells.with_names(tx, [files])
    return Shown(
        seq=row[0],
        id=row[1],
        author=row[2],
        text=text,
        at=from_micros(row[4]),
        agent_name=row[5],
        agent_number=row[6],
        choices=tuple(Choice(id=one["id"], label=one["label"]) for one in choices),
        attachments=tuple(
            ShownAttachment(id=one["id"], name=one["name"], media_type=one["media_type"], size=one["size"])
            for one in files
            if one.get("id")
        ),
    )
