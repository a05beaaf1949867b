"""Rows of files that agents and customers sent; the bytes are blobs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from gateway.store import file_cells, keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.visible_sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file; ``name`` is the sender's and only ever shown, ``blob`` says where the bytes are and how to open them."""

    id: str
    name: str
    media_type: str
    size: int
    blob: str
    scanned: bool = False
    """A virus scanner found it clean."""


def add_upload(tx: Tx, file: FileRow, *, agent_id: int, now: datetime) -> None:
    """Keep an agent's upload: nobody's but theirs until a reply takes it along."""
    values: dict[str, Any] = {"id": file.id, "media_type": file.media_type, "size": file.size}
    where = {"scanned": file.scanned, "agent_id": agent_id, "at": now}
    named = file_cells.sealed(keys.for_arrival(tx), file.id, file.name, file.blob)
    tx.execute(insert(t.attachment).values(values | where | named))


def file_for_agent(tx: Tx, sight: Sight, id: str) -> FileRow | None:
    """Return a file of a ticket that is seen, or the asker's own upload that no reply has taken along yet.

    A thread may have had tickets in several departments: the file is for those who see the one whose conversation
    shows it, or any of the thread's where no message lists it.
    """
    a, m = t.attachment.c, t.message.c
    row = tx.execute(
        select(a.id, a.name, a.media_type, a.size, a.blob, a.sealed, a.thread_id, a.agent_id).where(
            a.id == id
        )
    ).first()
    if row is None or not sight.tickets:
        return None
    if row.thread_id is None:
        is_theirs = row.agent_id is not None and row.agent_id == sight.agent_id
    else:
        said = select(m.conversation_id, m.attachments).where(
            m.thread_id == row.thread_id, m.attachments.is_not(None)
        )
        shown = {
            one.conversation_id
            for one in tx.execute(said)
            if any(listed.get("id") == id for listed in one.attachments or ())
        }
        here = t.ticket.c.conversation_id.in_(shown) if shown else t.ticket.c.thread_id == row.thread_id
        is_theirs = tx.execute(select(t.ticket.c.id).where(here, sight.covers()).limit(1)).first() is not None
    if not is_theirs:
        return None
    name, blob = file_cells.opened(tx, row)
    return FileRow(id=row.id, name=name, media_type=row.media_type, size=row.size, blob=blob)


DAY = timedelta(hours=24)


def used_by_visitor(tx: Tx, channel: str, key: str, now: datetime) -> int:
    """Return how many bytes were uploaded for a thread within 24 hours."""
    a = t.attachment.c
    return _used(tx, (a.channel == channel) & (a.thread_key == key), now)


def used_by_agent(tx: Tx, agent_id: int, now: datetime) -> int:
    """Return how many bytes an agent uploaded within 24 hours."""
    return _used(tx, t.attachment.c.agent_id == agent_id, now)


def _used(tx: Tx, whose: ColumnElement[bool], now: datetime) -> int:
    a = t.attachment.c
    return int(
        tx.execute(select(func.coalesce(func.sum(a.size), 0)).where(whose, a.at > now - DAY)).scalar_one()
    )


def mark_scanned(tx: Tx, lists: Iterable[Sequence[dict[str, Any]]]) -> None:
    """Say of every file in these lists of attachments whether a scanner found it clean."""
    files = [one for each in lists for one in each]
    if not files:
        return
    a = t.attachment.c
    clean = set(tx.execute(select(a.id).where(a.id.in_({one["id"] for one in files}), a.scanned)).scalars())
    for one in files:
        one["scanned"] = one["id"] in clean
