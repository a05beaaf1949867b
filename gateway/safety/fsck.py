"""Hold the database and its files to what every commit promises. Nothing is written, a gateway may run."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from gateway.errors import Said
from gateway.safety.audit_verify import never
from gateway.safety.files import hash_of
from gateway.safety.finding import Finding
from gateway.safety.fsck_rows import row_findings
from gateway.safety.fsck_sealed import sealed_findings, traces_findings
from gateway.safety.fsck_undone import undone_findings
from gateway.safety.reading import Reading, reading
from gateway.safety.rows import integrity, known_schemas, schema_of
from gateway.safety.trouble import NotDone
from gateway.sealing.files import sealed_size
from gateway.settings import Settings
from gateway.store import checkpoints as witnesses
from gateway.store import tables as t
from gateway.store.blobs import Blobs
from gateway.store.database import Tx
from gateway.store.root_file import ring_of

FROM_BACKUP = Said(
    "从备份中取回该文件：gateway restore 会放回缺少的附件。",
    "Fetch the file from a backup: gateway restore puts missing files back.",
)


async def fsck(settings: Settings, *, quick: bool = False) -> list[Finding]:
    """Return everything that is wrong; ``quick`` looks whether files are there, but does not read them.

    Raises:
        NotDone: the database cannot be read at all.
    """
    seen, strange = await asyncio.to_thread(witnesses.read, settings.checkpoints)
    async with reading(settings.database_url, ring_of(settings, never)) as database:
        await _must_be_known(database)
        findings = list(await database.read(_database_findings))
        if not any(one.check == "integrity" for one in findings):
            findings += await database.read(lambda tx: traces_findings(tx, seen, strange))
        named = await database.read(_blobs)
    blobs = Blobs(settings.data.dir / "blobs")
    return findings + await asyncio.to_thread(lambda: list(_blob_findings(blobs, named, quick)))


async def _must_be_known(database: Reading) -> None:
    schema = await database.read(schema_of)
    newest = known_schemas()[0]
    if schema != newest:
        raise NotDone(
            f"数据库的表结构是 {schema}，本版本需要 {newest}：请先运行 gateway migrate。",
            f"The database has schema {schema}, this version needs {newest}: run gateway migrate first.",
        )


def _database_findings(tx: Tx) -> list[Finding]:
    findings: list[Finding] = []
    if tx.dialect.name == "sqlite":
        findings += [_broken(line) for line in integrity(tx)]
        if findings:
            return findings  # what is read from a broken file means nothing
        findings += [_dangling(*row) for row in tx.exec_driver_sql("PRAGMA foreign_key_check")]
    findings += row_findings(tx)
    findings += sealed_findings(tx)
    findings += undone_findings(tx)
    return findings


def _broken(line: str) -> Finding:
    return Finding(
        check="integrity",
        found=Said(f"数据库文件损坏：{line}", f"The database file is damaged: {line}"),
        remedy=Said(
            "停止 gateway，保留数据文件夹的副本，再用 gateway restore 恢复最近的备份；并检查磁盘。",
            "Stop the gateway, keep a copy of the data folder, then gateway restore the latest backup; check the disk.",
        ),
    )


def _dangling(table: str, row: int | None, parent: str, key: int) -> Finding:
    return Finding(
        check="foreign_keys",
        found=Said(
            f"{table} 的一行指向不存在的 {parent}。", f"A row of {table} names a {parent} that is not there."
        ),
        where={"table": table, "row": row, "parent": parent},
    )


def _blobs(tx: Tx) -> list[tuple[str, str, int | None]]:
    """Each hash with a row that names it and the size the row gives."""
    a, i = t.attachment.c, t.inbox.c
    named = [
        (row.blob, f"attachment {row.id}", row.size if row.sealed is None else sealed_size(row.size))
        for row in tx.execute(select(a.blob, a.id, a.size, a.sealed))
    ]
    raw = tx.execute(select(i.raw_blob, i.id).where(i.raw_blob.is_not(None)))
    return named + [(row.raw_blob, f"inbox {row.id}", None) for row in raw]


def _blob_findings(blobs: Blobs, named: list[tuple[str, str, int | None]], quick: bool) -> Iterator[Finding]:
    known: dict[str, tuple[str, int] | None] = {}
    for digest, row, size in named:
        try:
            path = blobs.path(digest)
        except ValueError:
            yield _blob(
                "blob_name",
                f"{row}: {digest[:70]!r} 不是 sha256",
                f"{row}: {digest[:70]!r} is no sha256",
                row,
            )
            continue
        if digest not in known:
            known[digest] = _read(path, digest, quick)
        state = known[digest]
        if state is None:
            yield _blob(
                "blob_missing", f"{row} 的文件不存在。", f"The file of {row} is missing.", row, digest
            )
        elif state[0] != digest:
            yield _blob(
                "blob_changed",
                f"{row} 的文件内容已改变。",
                f"The bytes of {row}'s file changed.",
                row,
                digest,
            )
        elif size is not None and state[1] != size:
            found = f"{state[1]} ≠ {size}"
            yield _blob(
                "blob_size", f"{row} 的大小不符：{found}", f"The size of {row} differs: {found}", row, digest
            )


def _read(path: Path, digest: str, quick: bool) -> tuple[str, int] | None:
    try:
        return (digest, path.stat().st_size) if quick else hash_of(path)
    except FileNotFoundError:
        return None
    except OSError as error:  # an unreadable sector is no other than changed bytes
        return str(error), 0


def _blob(check: str, zh: str, en: str, row: str, digest: str = "") -> Finding:
    where = {"row": row} | ({"sha256": digest} if digest else {})
    return Finding(check=check, found=Said(zh, en), remedy=FROM_BACKUP, where=where)
