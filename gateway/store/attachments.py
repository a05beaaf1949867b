"""Rows of files that agents and customers sent; the bytes are blobs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.visible_sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file; ``name`` is the sender's and only ever shown, ``blob`` says where the bytes are."""

    id: str
    name: str
    media_type: str
    size: int
    blob: str


def add_upload(tx: Tx, file: FileRow, *, agent_id: int, now: datetime) -> None:
    """Keep an agent's upload: nobody's but theirs until a reply takes it along."""
    values: dict[str, Any] = {"id": file.id, "name": file.name, "media_type": file.media_type}
    where = {"size": file.size, "blob": file.blob, "agent_id": agent_id, "at": now}
    tx.execute(insert(t.attachment).values(values | where))


def file_for_agent(tx: Tx, sight: Sight, id: str) -> FileRow | None:
    """Return a file of a ticket that is seen, or the asker's own upload that no reply has taken along yet.

    A thread may have had tickets in several departments: the file is for those who see the one whose conversation
    shows it, or any of the thread's where no message lists it.
    """
    a, m = t.attachment.c, t.message.c
    row = tx.execute(
        select(a.id, a.name, a.media_type, a.size, a.blob, a.thread_id, a.agent_id).where(a.id == id)
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
    return FileRow(id=row.id, name=row.name, media_type=row.media_type, size=row.size, blob=row.blob)
