"""An online copy with check, made while the gateway runs: the database first, then the files it speaks of.

The copy holds no data keys: they go into a keyring beside it, and only the newest one is kept (``keyring_file``). Files are written before the rows that name them and are never changed, so the later copy of them is whole.
"""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from gateway import __version__
from gateway.clock import SystemClock
from gateway.safety import keyring_file
from gateway.safety.files import hash_of, sync
from gateway.safety.manifest import DATABASE, NAME, Manifest, blob_name, key_mark
from gateway.safety.packing import Changed, FolderPacking, Packing, TarPacking, discard
from gateway.safety.postgres import login, run_tool, snapshot
from gateway.safety.reading import file_engine, read_file, reading, sqlite_path, unreadable
from gateway.safety.rows import blobs_named, count_rows, integrity, schema_of
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.store import tables as t
from gateway.store import tombstones
from gateway.store.blobs import Blobs
from gateway.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that now lies at ``path``."""

    path: Path
    manifest: Manifest
    took: timedelta
    keyring: Path
    """Where the keys now lie that open it and every earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copied:
    """The copy of a database, and what was found in it."""

    schema: str
    rows: dict[str, int]
    blobs: tuple[str, ...]


async def backup(settings: Settings, target: Path, clock: SystemClock) -> Made:
    """Copy database and files to a new folder or ``.tar``; the running gateway is not disturbed.

    Raises:
        NotDone: nothing lies at ``target``; the message says what to do.
    """
    started = clock.monotonic()
    _must_be_free(target)
    work = target.parent / f".{target.name}.{clock.chance(4).hex()}.partial"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir(mode=0o700)
        packing: Packing = TarPacking(work) if target.suffix == ".tar" else FolderPacking(work)
        manifest = await _fill(settings, packing, work, clock)
        await asyncio.to_thread(packing.finish, target)
        keyring = await _keyring(settings, target.parent, clock)
    except OSError as error:
        raise NotDone(
            f"备份未完成（{error}）：请检查目标位置的剩余空间与权限。",
            f"The backup was not made ({error}): check the free space and the rights at its target.",
        ) from error
    finally:
        await asyncio.to_thread(discard, work)
    return Made(
        path=target, manifest=manifest, took=timedelta(seconds=clock.monotonic() - started), keyring=keyring
    )


async def _keyring(settings: Settings, folder: Path, clock: SystemClock) -> Path:
    """Read the keys after the copy was made: whoever was erased meanwhile is erased in this backup, too."""
    async with reading(settings.database_url) as database:
        keys = await database.read(keyring_file.read_keys)
    stones = await asyncio.to_thread(tombstones.read, settings.data.dir)
    keyring = keyring_file.KeyringFile(
        made_at=clock.now(),
        key_mark=key_mark(settings.data.dir),
        keys=keys,
        erased=[keyring_file.Stone(number=s.number, upto=s.upto, kid=s.kid, mac=s.mac) for s in stones],
    )
    return await asyncio.to_thread(keyring_file.write, folder, keyring)


def _must_be_free(target: Path) -> None:
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise NotDone(
            f"{target} 已存在：请为每份备份指定新的名称，例如 {target.parent}/backup-日期。",
            f"{target} is there already: give every backup a new name, such as {target.parent}/backup-DATE.",
        )


async def _fill(settings: Settings, packing: Packing, work: Path, clock: SystemClock) -> Manifest:
    made_at = clock.now()
    file = sqlite_path(settings.database_url)
    copy = work / DATABASE["sqlite" if file is not None else "postgresql"]
    if file is not None:
        copied = await asyncio.to_thread(_copy_file, file, copy)
    else:
        copied = await _dump(settings.database_url, copy)
    digest, size = await asyncio.to_thread(hash_of, copy)
    packing.add_file(copy.name, copy)
    blobs, damaged = await asyncio.to_thread(
        _take_blobs, packing, Blobs(settings.data.dir / "blobs"), copied.blobs
    )
    manifest = Manifest(
        made_at=made_at,
        version=__version__,
        dialect="sqlite" if file is not None else "postgresql",
        schema_revision=copied.schema,
        rows=copied.rows,
        database_sha256=digest,
        database_size=size,
        blobs=blobs,
        damaged=damaged,
        key_mark=key_mark(settings.data.dir),
        keys_apart=t.data_key.name in copied.rows,
    )
    packing.add_bytes(NAME, manifest.model_dump_json(indent=1).encode())
    return manifest


def _copy_file(source: Path, copy: Path) -> _Copied:
    if not source.exists():
        raise NotDone(
            f"没有数据库文件 {source}：请检查 data.dir 与 database.url。",
            f"There is no database file {source}: check data.dir and database.url.",
        )
    engine = file_engine(source)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
    except (DBAPIError, sqlite3.Error) as error:
        raise unreadable(error) from error
    finally:
        engine.dispose()
    _take_keys_out(copy)
    _keep(copy)
    wrong = read_file(copy, integrity)
    if wrong:
        raise NotDone(
            f"数据库副本没有通过完整性检查（{wrong[0]}）：请运行 gateway fsck，并保留最近的完好备份。",
            f"The copy of the database failed its integrity check ({wrong[0]}): run gateway fsck, "
            "and keep the last good backup.",
        )
    return read_file(copy, _look)


def _take_keys_out(copy: Path) -> None:
    """Remove the keys so that not even the file's free pages hold them."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'data_key'").fetchone():
            db.execute("PRAGMA secure_delete = ON")
            db.execute("DELETE FROM data_key")
            db.execute("VACUUM")


async def _dump(url: str, copy: Path) -> _Copied:
    async with snapshot(url) as (tx, name):
        copied = await tx.run_sync(_look)
        await run_tool(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--exclude-table-data={t.data_key.name}",
            f"--snapshot={name}",
            f"--file={copy}",
            environment=login(url),
        )
    await asyncio.to_thread(_keep, copy)
    return replace(
        copied, rows={name: n if name != t.data_key.name else 0 for name, n in copied.rows.items()}
    )


def _keep(copy: Path) -> None:
    copy.chmod(0o600)
    sync(copy)


def _look(tx: Tx) -> _Copied:
    schema = schema_of(tx)
    if schema is None:
        raise NotDone(
            "数据库是空的，没有可备份的内容：请先运行 gateway migrate 或 gateway run。",
            "The database is empty, there is nothing to back up: run gateway migrate or gateway run first.",
        )
    return _Copied(schema=schema, rows=count_rows(tx), blobs=blobs_named(tx))


def _take_blobs(
    packing: Packing, blobs: Blobs, digests: tuple[str, ...]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """One file that was lost must not cost the whole backup: it is named in the manifest instead."""
    taken: dict[str, int] = {}
    damaged: list[str] = []
    for digest in digests:
        try:
            taken[digest] = packing.add_blob(blob_name(digest), blobs.path(digest), digest)
        except (Changed, FileNotFoundError, ValueError):
            damaged.append(digest)
    return taken, tuple(damaged)
