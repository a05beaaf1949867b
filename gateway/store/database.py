"""One way to SQL on both engines: ``await database.write(unit)`` and ``await database.read(unit)``.

A unit is a plain function of a SQLAlchemy ``Connection``. On SQLite all writing units run on one held
connection, grouped into one ``BEGIN IMMEDIATE … COMMIT`` per batch; readers have read-only connections of
their own. On PostgreSQL each writing unit is one transaction on a pooled connection.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool, StaticPool

from gateway.domain.covering import CoverRules
from gateway.errors import OutsideFailure
from gateway.store.columns import cover_by
from gateway.store.committing import WorkThread
from gateway.store.keyring import Keyring, Keys

T = TypeVar("T")
Tx = Connection
"""What store functions take first: an open transaction."""

Unit = Callable[[Tx], T]

_Write = tuple[Unit[Any], asyncio.Future[Any]]

BATCH = 50
"""The most writes in one commit: more would let every chat wait for all the others."""
LOG_PATIENCE = 5
"""Seconds to wait for readers and the writer until the log can be emptied."""
LOCK_ATTEMPTS, LOCK_PAUSE = 250, 0.02
"""How often, and after how many seconds, a file that is locked by another process is asked for again."""

OUR_FAULT = ("22", "23", "42")
"""Classes of SQLSTATE that trying again does not help: wrong data, a broken constraint, a wrong statement."""


class StoreUnavailable(OutsideFailure):
    """The database will not take or give anything just now; nothing was stored."""


class AlreadyRunning(OutsideFailure):
    """Another gateway holds this SQLite file."""


class Database(Protocol):
    """An opened database of either kind."""

    dialect: str

    async def write(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a transaction and return its value once it is committed to disk.

        Raises:
            StoreUnavailable: disk full, database gone or locked; nothing was stored.
        """
        ...

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` on a snapshot; it must not write."""
        ...

    def migrate(self, run: Unit[None]) -> None:
        """Run schema changes in one transaction, before anything else."""
        ...

    async def leave_nothing(self) -> None:
        """Have what was deleted leave the database's files, too, as far as that is ours to do."""
        ...

    def cover_by(self, rules: CoverRules) -> None:
        """Keep people's words covered by these rules from now on; by default every kind of value is."""
        ...

    async def close(self) -> None:
        """Finish what is waiting and let go of all connections."""
        ...


def open_database(url: str, ring: Keyring | None = None) -> Database:
    """Open ``sqlite:///path`` or ``postgresql://…``; creates the folder of a SQLite file.

    Every transaction carries the keys of ``ring`` (``keyring.keys_of``); without them nothing personal can be
    written or read.

    Raises:
        AlreadyRunning: another process holds the SQLite file.
        StoreUnavailable: it cannot be opened.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(Path(parsed.database or "gateway.db"), ring=ring)
    return PostgresDatabase(url, ring=ring)


class SqliteDatabase:
    """A SQLite file: one writer with group commit, a few readers.

    Units run on the event loop, and only the commit, which waits for the disk, in a thread. With the units in
    that thread too, every statement handed the interpreter's lock back and forth: twice the processor time.
    """

    dialect = "sqlite"

    def __init__(self, path: Path, *, readers: int = 2, ring: Keyring | None = None) -> None:
        self.path = path
        self._keys = Keys(ring) if ring is not None else None
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _lock_file(path)
        if not path.exists():
            path.touch(0o600)  # SQLite gives its log and shared memory the mode of the file
        self._engine = _sqlite_engine(path, read_only=False)
        self._reading = _sqlite_engine(path, read_only=True, size=readers)
        if ring is not None:
            self._reading.update_execution_options(
                keys=Keys(ring)
            )  # a reader makes none, so all may share it
        self._thread = WorkThread("sqlite-commit")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="sqlite-reader")
        self._connection: Tx | None = None
        self._waiting: list[_Write] = []
        self._alone: list[_Write] = []
        """Writes of a batch that failed: each gets a transaction of its own."""
        self._busy = False
        self._is_closed = False
        self.on_batch: Callable[[int], None] = lambda size: None
        self.on_commit: Callable[[float], None] = lambda seconds: None

    def cover_by(self, rules: CoverRules) -> None:
        """Have writer and readers cover by these rules."""
        for engine in (self._engine, self._reading):
            cover_by(engine.dialect, rules)

    def migrate(self, run: Unit[None]) -> None:
        """Run schema changes on the writer's own connection, before the loop uses it."""
        try:
            with _Translated():
                run(self._open())
        except BaseException:
            if self._keys is not None:
                self._keys.undo()
            raise
        if self._keys is not None:
            self._keys.commit()

    async def write(self, unit: Unit[T]) -> T:
        """Queue ``unit`` for the next commit and wait for it; it must not take long."""
        if self._is_closed:
            raise StoreUnavailable("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append((unit, future))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._next_batch)
        return await future

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, unit)

    async def leave_nothing(self) -> None:
        """Empty the log, which holds pages as they were; where somebody reads long, the next one does."""
        await asyncio.get_running_loop().run_in_executor(None, _empty_log, self.path)

    async def close(self) -> None:
        """Wait for what is queued, then close every connection and give up the lock."""
        with suppress(StoreUnavailable):
            await self.write(_nothing)
        self._is_closed = True
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _next_batch(self) -> None:
        if self._alone:
            batch = [self._alone.pop(0)]
        elif self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        else:
            self._busy = False
            return
        try:
            with _Translated():
                self._driver().execute("BEGIN IMMEDIATE")
        except StoreUnavailable:
            self._in_thread(self._wait_for_lock, batch)
        except Exception as error:
            self._finish(batch, error=error)
        else:
            self._run(batch)

    def _run(self, batch: list[_Write]) -> None:
        """On the loop, inside the transaction: run the units, then have the thread commit."""
        tx = self._open()
        try:
            with _Translated():
                values = [unit(tx) for unit, _ in batch]
        except Exception as error:
            self._undo()
            if len(batch) == 1:
                self._finish(batch, error=error)
            else:
                self._alone.extend(batch)
                self._next_batch()
            return
        self.on_batch(len(batch))
        self._in_thread(self._commit, batch, values)

    def _commit(self, loop: asyncio.AbstractEventLoop, batch: list[_Write], values: list[Any]) -> None:
        """In the thread: wait for the disk."""
        began = perf_counter()
        try:
            with _Translated():
                self._driver().execute("COMMIT")
            self.on_commit(perf_counter() - began)
        except Exception as error:
            self._undo()
            loop.call_soon_threadsafe(partial(self._finish, batch, error=error))
        else:
            loop.call_soon_threadsafe(self._finish, batch, values)

    def _wait_for_lock(self, loop: asyncio.AbstractEventLoop, batch: list[_Write]) -> None:
        """In the thread: somebody else writes to the file, or it cannot be written; ask again for a while."""
        pause = Event()
        for attempt in range(LOCK_ATTEMPTS):
            try:
                with _Translated():
                    self._driver().execute("BEGIN IMMEDIATE")
            except StoreUnavailable as error:
                if attempt == LOCK_ATTEMPTS - 1 or "locked" not in str(error):
                    loop.call_soon_threadsafe(partial(self._finish, batch, error=error))
                    return
                pause.wait(LOCK_PAUSE)
            else:
                loop.call_soon_threadsafe(self._run, batch)
                return

    def _finish(
        self, batch: list[_Write], values: list[Any] | None = None, *, error: Exception | None = None
    ) -> None:
        if error is None and self._keys is not None:
            self._keys.commit()
        for at, (_, future) in enumerate(batch):
            if future.done():
                continue  # whoever asked has gone: it is written all the same
            if error is not None:
                future.set_exception(error)
            else:
                assert values is not None
                future.set_result(values[at])
        if error is None:
            self._next_batch()
        else:  # in a row of failures each would be called from within the one before
            asyncio.get_running_loop().call_soon(self._next_batch)

    def _in_thread(self, work: Callable[..., None], *with_: Any) -> None:
        self._thread.submit(work, asyncio.get_running_loop(), *with_)

    def _undo(self) -> None:
        """Roll back; a connection that cannot even do that is thrown away."""
        if self._keys is not None:
            self._keys.undo()
        try:
            self._driver().execute("ROLLBACK")
        except sqlite3.Error:
            if self._connection is not None:
                self._connection.invalidate()
                self._connection.close()
                self._connection = None

    def _open(self) -> Tx:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(keys=self._keys)
        return self._connection

    def _driver(self) -> sqlite3.Connection:
        driver: sqlite3.Connection | None = self._open().connection.driver_connection
        assert driver is not None
        return driver

    def _read(self, unit: Unit[T]) -> T:
        with _Translated(), self._reading.connect() as tx:
            tx.exec_driver_sql("BEGIN")
            try:
                return unit(tx)
            finally:
                tx.exec_driver_sql("COMMIT")

    def _close(self) -> None:
        self._thread.shutdown()
        self._readers.shutdown(wait=True)
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()
        self._reading.dispose()
        os.close(self._lock)


def _empty_log(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=LOG_PATIENCE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _nothing(tx: Tx) -> None:
    """A write that only waits for those before it."""


class PostgresDatabase:
    """A PostgreSQL database behind the same functions, by asyncpg."""

    dialect = "postgresql"

    def __init__(self, url: str, *, size: int = 8, ring: Keyring | None = None) -> None:
        from sqlalchemy.ext.asyncio import (
            create_async_engine,  # a quarter of a second that SQLite never needs
        )

        parsed = make_url(url).set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(
            parsed, pool_size=size, max_overflow=0, pool_timeout=10, pool_pre_ping=False
        )
        self._url = url
        self._ring = ring

    async def leave_nothing(self) -> None:
        """Leave it to VACUUM and to how long the server's own log is kept (docs/howto/keys.md)."""

    def cover_by(self, rules: CoverRules) -> None:
        """Have every connection cover by these rules."""
        cover_by(self._engine.sync_engine.dialect, rules)

    def migrate(self, run: Unit[None]) -> None:
        """Run schema changes over a connection of their own, in a loop of their own."""

        from sqlalchemy.ext.asyncio import create_async_engine

        async def change() -> None:
            engine = create_async_engine(self._engine.url)
            keys = self._keys()
            async with engine.begin() as connection:
                await connection.run_sync(_with_keys(run, keys))
            await engine.dispose()
            if keys is not None:
                keys.commit()

        with _Translated(), ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, change()).result()

    async def write(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a transaction of its own."""
        keys = self._keys()
        with _Translated():
            async with self._engine.begin() as connection:
                value = await connection.run_sync(_with_keys(unit, keys))
        if keys is not None:
            keys.commit()
        return value

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a transaction that is rolled back."""
        with _Translated():
            async with self._engine.connect() as connection:
                return await connection.run_sync(_with_keys(unit, self._keys()))

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()

    def _keys(self) -> Keys | None:
        """The keys of one transaction; other gateways may have destroyed some of those we know."""
        if self._ring is None:
            return None
        self._ring.forget_stale()
        return Keys(self._ring)


def _with_keys(unit: Unit[T], keys: Keys | None) -> Unit[T]:
    return unit if keys is None else lambda tx: unit(tx.execution_options(keys=keys))


class _Translated:
    """Turn the drivers' many ways of saying "not now" into ``StoreUnavailable``."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and _is_unavailable(error):
            raise StoreUnavailable(f"the database is not available: {error}") from error


def _is_unavailable(error: Exception) -> bool:
    if isinstance(error, OSError | TimeoutError | OperationalError | PoolTimeout | sqlite3.OperationalError):
        return True
    if not isinstance(error, DBAPIError):
        return type(error) is sqlite3.DatabaseError  # the very class: no database, or a damaged one
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return state[:2] not in OUR_FAULT
    return (
        error.connection_invalidated
        or type(error.orig) is sqlite3.DatabaseError
        or "InterfaceError" in str(error.orig)
        or "Connection" in str(error.orig)
    )


def _lock_file(path: Path) -> int:
    handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise AlreadyRunning(
            f"{path} is in use by another gateway: stop that one first, or set database.url to another file"
        ) from error
    return handle


def _sqlite_engine(path: Path, *, read_only: bool, size: int = 1) -> Engine:
    mode = "ro" if read_only else "rwc"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{path}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            timeout=5 if read_only else 0,
        )

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool if read_only else StaticPool,
        isolation_level="AUTOCOMMIT",
        **({"pool_size": size, "max_overflow": 0} if read_only else {}),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA wal_autocheckpoint=4000")
            # A destroyed key is gone only when its bytes are. FAST would leave them in pages that fall free.
            connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-16000")

    return engine
