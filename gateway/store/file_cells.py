"""What only a file's row knows of it: its sender's name for it and the key it is sealed with, in one cell."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

import orjson
from sqlalchemy import select

from gateway.sealing.cells import from_text, kid_of, to_text
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.blobs import digest_of, named, secret_of
from gateway.store.database import Tx
from gateway.store.keys import ERASED, Key, Place, Unreadable

_LONGEST_ENDING = 9


def sealed(key: Key, id: str, name: str, blob: str) -> dict[str, Any]:
    """Return the columns of an attachment that say where its bytes are, what it is called, and how to open it."""
    secret = secret_of(blob)
    cell = {"name": name, "secret": to_text(secret) if secret else None}
    return {
        "blob": digest_of(blob),
        "name": plain_name(name),
        "sealed": keys.seal(key, _place(id), orjson.dumps(cell).decode()),
    }


def opened(tx: Tx, row: Any) -> tuple[str, str]:
    """Return name and blob of an attachment's row (``id``, ``name``, ``blob``, ``sealed``), the blob with its key."""
    if row.sealed is None:
        return row.name, row.blob
    try:
        cell = orjson.loads(keys.unseal(tx, _place(row.id), row.sealed))
    except Unreadable:
        return ERASED, row.blob
    return cell["name"], named(row.blob, from_text(cell["secret"]) if cell["secret"] else None)


def give(tx: Tx, cells: Iterable[str | None], contact_id: int) -> None:
    """Files that were uploaded before it was known for whom: their keys are the contact's from now on."""
    for cell in cells:
        if cell is not None:
            keys.give(tx, kid_of(cell), contact_id)


def with_names(tx: Tx, lists: Iterable[Sequence[dict[str, Any]]]) -> None:
    """Put the senders' own names into these lists of attachments."""
    files = [one for each in lists for one in each if one.get("id")]
    if not files:
        return
    a = t.attachment.c
    wanted = select(a.id, a.name, a.blob, a.sealed).where(a.id.in_({one["id"] for one in files}))
    names = {row.id: opened(tx, row)[0] for row in tx.execute(wanted)}
    for one in files:
        one["name"] = names.get(one["id"], one["name"])


def plain_name(name: str) -> str:
    """Return ``file`` and the ending: all of a name that says nothing of anybody."""
    ending = PurePosixPath(name).suffix.lower()
    return (
        f"file{ending}"
        if ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= _LONGEST_ENDING
        else "file"
    )


def _place(id: str) -> Place:
    return Place("attachment", "sealed", id)
