"""The files of a message from outside: kept for its thread, listed on the message, and what of them is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from adapters.contract import Inbound
from gateway.store import file_cells, keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.file_cells import plain_name

MOST_PROBLEMS = 20
LONGEST_PROBLEM = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An attachment whose bytes are on disk; ``blob`` is their hash, None if its row is there already.

    A file that could not be had has no ``id`` and says why in ``error``.
    """

    id: str | None
    name: str
    media_type: str
    size: int
    blob: str | None = None
    inline: bool = False
    """Whether the text shows it, or it is nothing to open: a signature."""
    error: str | None = None

    def listed(self) -> dict[str, Any]:
        """Return it as it is listed on the message: without the sender's name for it, which is sealed."""
        listed = {
            "id": self.id,
            "name": plain_name(self.name),
            "media_type": self.media_type,
            "size": self.size,
        }
        listed |= {"inline": True} if self.inline else {}
        return listed | ({"error": self.error} if self.error else {})


def keep_files(
    tx: Tx, thread_id: int, channel: str, key: str, files: Sequence[StoredFile], now: datetime
) -> None:
    """Bind files to their thread; one uploaded beforehand must have been uploaded for this very thread."""
    a = t.attachment
    contact_id = tx.execute(select(t.thread.c.contact_id).where(t.thread.c.id == thread_id)).scalar_one()
    for one in files:
        if one.id is None:
            continue
        if one.blob is None:
            mine = (a.c.id == one.id) & (a.c.channel == channel) & (a.c.thread_key == key)
            bound = update(a).where(mine).values(thread_id=thread_id).returning(a.c.sealed)
            file_cells.give(tx, tx.execute(bound).scalars(), contact_id)
            continue
        named = file_cells.sealed(keys.of_contact(tx, contact_id), one.id, one.name, one.blob)
        values = {"id": one.id, "media_type": one.media_type, "size": one.size}
        where = {"thread_id": thread_id, "channel": channel, "thread_key": key, "at": now}
        tx.execute(insert(a).values(values | where | named))


def list_files(tx: Tx, message_id: int, inbound: Inbound, files: Sequence[StoredFile]) -> None:
    """List files on a message that was stored before they could be fetched, and what was wrong with them."""
    found = {"attachments": [one.listed() for one in files], "problems": problems_of(inbound, files) or None}
    tx.execute(update(t.message).where(t.message.c.id == message_id).values(found))


def problems_of(inbound: Inbound, files: Sequence[StoredFile]) -> list[str]:
    """Return what an agent must know of a message that did not come whole, each a sentence."""
    said = [*inbound.defects, *(f"file {one.name}: {one.error}" for one in files if one.error)]
    return [one[:LONGEST_PROBLEM] for one in said[:MOST_PROBLEMS]]
