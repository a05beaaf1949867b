"""Put a backup back: proved first, in place at one instant, and never under a running gateway."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine

from gateway import control
from gateway.clock import SystemClock
from gateway.errors import GatewayError
from gateway.safety import keyring_file
from gateway.safety.files import Hashing, sync
from gateway.safety.keyring_file import KeyringFile
from gateway.safety.manifest import Manifest, blob_name, key_mark
from gateway.safety.packing import Source, discard, open_source
from gateway.safety.postgres import login, others_connected, run_tool
from gateway.safety.reading import postgres_engine, reading, sqlite_path
from gateway.safety.restored import after_restore, must_have_root
from gateway.safety.rows import count_rows
from gateway.safety.trouble import NotDone
from gateway.safety.verify import compare, lost_files, read_manifest, said_lost, unpack_database
from gateway.settings import Settings
from gateway.store import tombstones
from gateway.store.blobs import Blobs
from gateway.store.tombstones import Tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back; ``aside`` is where an earlier SQLite database now lies, ``lost`` files not to be had."""

    manifest: Manifest
    lost: tuple[str, ...]
    aside: Path | None
    has_its_key: bool | None
    """Whether the root secret in the data folder is the backup's; None where the backup knows of none."""
    erased: int = 0
    """How many people were erased since the backup was made, and are again."""


async def restore(
    source: Path,
    settings: Settings,
    clock: SystemClock,
    *,
    force: bool = False,
    despite_damage: bool = False,
    keyring: Path | None = None,
) -> Restored:
    """Replace database and files by a backup's.

    ``force`` overwrites what is there (an earlier SQLite file is set aside); ``despite_damage`` goes on
    without files that the backup does not hold whole. ``keyring`` is the file of keys, by default the one beside
    the backup; the newest one opens every backup, but nothing of those who were erased since.

    Raises:
        NotDone: nothing was changed but, at most, files added under their own hash.
    """
    opened = await asyncio.to_thread(open_source, source)
    folder = settings.data.dir
    work = folder / f".restore-{clock.chance(4).hex()}"
    try:
        manifest = await asyncio.to_thread(read_manifest, opened)
        _must_be_same_kind(manifest, settings)
        ring = await asyncio.to_thread(_keyring_for, manifest, keyring or source.parent / keyring_file.NAME)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if ring is not None:
            await asyncio.to_thread(must_have_root, settings, ring, clock)
        async with _nobody_else(settings):
            await _must_be_empty(settings, force)
            work.mkdir(mode=0o700)
            copy = work / manifest.database
            await unpack_database(opened, manifest, copy)
            copy.chmod(0o600)
            lost = await asyncio.to_thread(_put_blobs, opened, manifest, folder, despite_damage)
            if ring is not None and manifest.dialect == "sqlite":
                await asyncio.to_thread(_put_keys, copy, ring)
            aside = await _swap(settings, copy, clock.now())
            if manifest.dialect == "postgresql":
                async with reading(settings.database_url) as database:
                    compare(await database.read(count_rows), manifest)
                if ring is not None:
                    await _put_keys_there(settings.database_url, ring)
    except OSError as error:
        raise NotDone(
            f"恢复未完成（{error}）：请检查 {folder} 的剩余空间与权限，然后重试。",
            f"The restore was not completed ({error}): check free space and rights of {folder}, then try again.",
        ) from error
    finally:
        opened.close()
        await asyncio.to_thread(discard, work)
    stones = (
        [Tombstone(number=s.number, upto=s.upto, kid=s.kid, mac=s.mac) for s in ring.erased] if ring else []
    )
    await asyncio.to_thread(tombstones.add, folder, stones)
    erased = await after_restore(settings, manifest, clock)
    mark = key_mark(folder)
    has_its_key = None if manifest.key_mark is None else mark == manifest.key_mark
    return Restored(manifest=manifest, lost=lost, aside=aside, has_its_key=has_its_key, erased=erased)


def _keyring_for(manifest: Manifest, path: Path) -> KeyringFile | None:
    if not manifest.keys_apart:
        return None
    ring = keyring_file.read(path)
    if ring.made_at < manifest.made_at:
        raise NotDone(
            f"密钥环 {path} 比备份更早（{ring.made_at:%Y-%m-%d %H:%M} UTC）：请使用最新的密钥环。",
            f"The keyring {path} is older than the backup ({ring.made_at:%Y-%m-%d %H:%M} UTC): use the newest one.",
        )
    return ring


def _put_keys(copy: Path, ring: KeyringFile) -> None:
    engine = create_engine(f"sqlite:///{copy}")
    try:
        with engine.begin() as tx:
            keyring_file.put_keys(tx, ring)
    finally:
        engine.dispose()


async def _put_keys_there(url: str, ring: KeyringFile) -> None:
    engine = postgres_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(keyring_file.put_keys, ring)
    finally:
        await engine.dispose()


def _must_be_same_kind(manifest: Manifest, settings: Settings) -> None:
    here = "sqlite" if sqlite_path(settings.database_url) is not None else "postgresql"
    if here != manifest.dialect:
        raise NotDone(
            f"备份来自 {manifest.dialect}，而 database.url 指向 {here}：请把 database.url 设为 {manifest.dialect} 的地址。",
            f"The backup is of {manifest.dialect}, but database.url names {here}: set database.url to one of "
            f"{manifest.dialect}.",
        )


@asynccontextmanager
async def _nobody_else(settings: Settings) -> AsyncIterator[None]:
    """Refuse while a gateway runs; on SQLite, hold its lock so that none starts meanwhile."""
    if await _answers(settings.data.dir):
        raise _running()
    file = sqlite_path(settings.database_url)
    if file is None:
        if others := await others_connected(settings.database_url):
            raise NotDone(
                f"还有 {others} 个连接正在使用该数据库：请先停止所有 gateway 进程，再恢复。",
                f"{others} other clients use the database: stop every gateway first, then restore.",
            )
        yield
        return
    with _locked(file):
        yield


async def _answers(folder: Path) -> bool:
    """Whether a gateway is there, even one that knows no such command or is too busy to answer."""
    try:
        return await control.ask(folder, "ping", {}) is not None
    except GatewayError:
        return True


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise _running() from error
    try:
        yield
    finally:
        os.close(handle)


def _running() -> NotDone:
    return NotDone(
        "gateway 正在使用这些数据：请先停止它，再恢复。",
        "A gateway is using these data: stop it first, then restore.",
    )


async def _must_be_empty(settings: Settings, force: bool) -> None:
    if force:
        return
    folder, file = settings.data.dir, sqlite_path(settings.database_url)
    there: list[str] = []
    if file is not None and file.exists() and file.stat().st_size:
        there.append(str(file))
    if file is None:
        async with reading(settings.database_url) as database:
            there += [
                f"{table}: {count}" for table, count in (await database.read(count_rows)).items() if count
            ]
    blobs = folder / "blobs"
    if blobs.is_dir() and any(path.is_file() for path in blobs.rglob("*")):
        there.append(str(blobs))
    if there:
        some = ", ".join(there[:5])
        raise NotDone(
            f"这里已有数据（{some}）：请恢复到空的数据文件夹，或用 --force 覆盖。",
            f"There are data here already ({some}): restore into an empty data folder, or overwrite with --force.",
        )


def _put_blobs(source: Source, manifest: Manifest, folder: Path, despite_damage: bool) -> tuple[str, ...]:
    """Files first: the rows that name them come after. All are proved before any is put."""
    lost = lost_files(source, manifest)
    missing = tuple(digest for digest in lost if digest not in manifest.damaged)
    if missing and not despite_damage:
        said = said_lost(missing)
        raise NotDone(
            f"{said.zh}请使用另一份备份，或用 --despite-damage 在缺少它们的情况下恢复。",
            f"{said.en} Use another backup, or restore without them by --despite-damage.",
        )
    blobs = Blobs(folder / "blobs")
    for digest in manifest.blobs.keys() - set(lost):
        with source.open(blob_name(digest)) as file:
            blobs.put_now(Hashing(file).chunks())
    return lost


async def _swap(settings: Settings, copy: Path, now: datetime) -> Path | None:
    file = sqlite_path(settings.database_url)
    if file is not None:
        return await asyncio.to_thread(_swap_file, file, copy, now)
    await run_tool(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={login(settings.database_url).get('PGDATABASE', 'postgres')}",
        str(copy),
        environment=login(settings.database_url),
    )
    return None


def _swap_file(file: Path, copy: Path, now: datetime) -> Path | None:
    """Set the old database aside whole, then put the new one in its place by one rename.

    The old log must be gone before: SQLite would replay it into the new file.
    """
    old = [path for path in (file, Path(f"{file}-wal")) if path.exists()]
    aside: Path | None = None
    if old:
        aside = file.parent / f"before-restore-{now:%Y%m%dT%H%M%S}"
        aside.mkdir(mode=0o700)
        for path in old:
            os.link(path, aside / path.name)
        sync(aside)
        sync(file.parent)
    staged = file.parent / f".{file.name}.restored"
    _place(copy, staged)
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    staged.replace(file)
    sync(file.parent)
    return aside


def _place(copy: Path, staged: Path) -> None:
    """Bring the copy to the database's own file system."""
    staged.unlink(missing_ok=True)
    try:
        os.link(copy, staged)
    except OSError:
        with copy.open("rb") as read, staged.open("wb") as written:
            for chunk in Hashing(read).chunks():
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
        staged.chmod(0o600)
    sync(staged.parent)
