"""Files that rows let go of: noted in the same transaction, removed from the disk after it, however often it crashes."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Table, delete, select
from sqlalchemy.dialects.postgresql import insert

from gateway.store import tables as t
from gateway.store.blobs import Blobs
from gateway.store.database import Database, Tx

AT_ONCE = 200
NAMING: tuple[tuple[Table, Column[str]], ...] = (
    (t.attachment, t.attachment.c.blob),
    (t.inbox, t.inbox.c.raw_blob),
)
"""Every column that names a stored file."""


def doom(tx: Tx, blobs: Iterable[str | None], now: datetime) -> int:
    """Note files to be removed, unless another row names them then; return how many."""
    wanted = sorted({blob for blob in blobs if blob})
    for blob in wanted:
        tx.execute(insert(t.doomed_blob).values(blob=blob, at=now).on_conflict_do_nothing())
    return len(wanted)


async def remove_doomed(database: Database, blobs: Blobs) -> int:
    """Remove what is noted and named by no row any more; return how many files are gone."""
    gone = 0
    while noted := await database.read(_noted):
        free = await database.read(lambda tx, noted=noted: _unnamed(tx, noted))  # type: ignore[misc] # bound now
        for blob in free:
            gone += await asyncio.to_thread(_remove, blobs, blob)
        await database.write(lambda tx, noted=noted: _forget(tx, noted))  # type: ignore[misc] # bound now
    return gone


def _noted(tx: Tx) -> list[str]:
    d = t.doomed_blob.c
    return list(tx.execute(select(d.blob).order_by(d.at, d.blob).limit(AT_ONCE)).scalars())


def _unnamed(tx: Tx, noted: list[str]) -> list[str]:
    named: set[str] = set()
    for table, column in NAMING:
        named |= set(tx.execute(select(column).select_from(table).where(column.in_(noted))).scalars())
    return [blob for blob in noted if blob not in named]


def _forget(tx: Tx, noted: list[str]) -> None:
    tx.execute(delete(t.doomed_blob).where(t.doomed_blob.c.blob.in_(noted)))


def _remove(blobs: Blobs, blob: str) -> int:
    try:
        path: Path = blobs.path(blob)
        path.unlink()
    except (FileNotFoundError, ValueError):
        return 0
    return 1
