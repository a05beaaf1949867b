"""Rows of files that agents and customers sent; the bytes are blobs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, insert, select

from gateway.store import tables as t
from gateway.store.database import Tx


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


def file_for_agent(tx: Tx, id: str, agent_id: int | None) -> FileRow | None:
    """Return a file of a thread that has a ticket, or the agent's own upload."""
    a = t.attachment.c
    on_a_ticket = select(t.ticket.c.id).where(t.ticket.c.thread_id == a.thread_id).exists()
    mine = (a.agent_id == agent_id) if agent_id is not None else false()
    row = tx.execute(
        select(a.id, a.name, a.media_type, a.size, a.blob).where(a.id == id, on_a_ticket | mine)
    ).first()
    return None if row is None else FileRow(**row._mapping)
