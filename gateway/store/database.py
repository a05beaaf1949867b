"""One way to SQL on both engines: ``await database.write(unit)`` and ``await database.read(unit)``.

A unit is a plain function of a SQLAlchemy ``Connection``. On SQLite all writing units run on one held
connection in one thread, grouped into one ``BEGIN IMMEDIATE … COMMIT`` per batch; readers have read-only
connections of their own. On PostgreSQL each writing unit is one transaction on a pooled connection.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool, StaticPool

from gateway.errors import OutsideFailure

T = TypeVar("T")
Tx = Connection
"""What store functions take first: an open transaction."""

Unit = Callable[[Tx], T]

_Result = tuple[asyncio.Future[Any], Any, Exception | None]

BATCH = 50
"""The most writes in one commit: more would let every chat wait for all the others."""


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

    async def close(self) -> None:
        """Finish what is waiting and let go of all connections."""
        ...


def open_database(url: str) -> Database:
    """Open ``sqlite:///path`` or ``postgresql://…``; creates the folder of a SQLite file.

    Raises:
        AlreadyRunning: another process holds the SQLite file.
        StoreUnavailable: it cannot be opened.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(Path(parsed.database or "gateway.db"))
    return PostgresDatabase(url)


class SqliteDatabase:
    """A SQLite file: one writer thread with group commit, a few readers."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, readers: int = 2) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _lock_file(path)
        self._engine = _sqlite_engine(path, read_only=False)
        self._reading = _sqlite_engine(path, read_only=True, size=readers)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="sqlite-reader")
        self._connection: Tx | None = None
        self._waiting: list[tuple[Unit[Any], asyncio.Future[Any]]] = []
        self._busy = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self.on_batch: Callable[[int], None] = lambda size: None

    def migrate(self, run: Unit[None]) -> None:
        """Run schema changes on the writer's own connection."""
        self._writer.submit(self._migrate, run).result()

    def _migrate(self, run: Unit[None]) -> None:
        tx = self._open()
        with _Translated():
            run(tx)

    async def write(self, unit: Unit[T]) -> T:
        """Queue ``unit`` for the next commit and wait for it."""
        loop = asyncio.get_running_loop()
        self._loop = loop
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append((unit, future))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._kick)
        return await future

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, unit)

    async def close(self) -> None:
        """Wait for the batch in hand, then close every connection and give up the lock."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _kick(self) -> None:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        try:
            self._writer.submit(self._commit, batch)
        except RuntimeError as error:  # closed: whoever still writes is told so
            self._finish([(future, None, StoreUnavailable(str(error))) for _, future in batch])

    def _commit(self, batch: list[tuple[Unit[Any], asyncio.Future[Any]]]) -> None:
        """Writer thread: one transaction for the batch; after any failure, one for each unit."""
        assert self._loop is not None
        results: list[_Result]
        try:
            values = self._transact([unit for unit, _ in batch])
            results = [(future, value, None) for (_, future), value in zip(batch, values, strict=True)]
        except Exception as error:
            if len(batch) == 1:
                results = [(batch[0][1], None, error)]
            else:
                results = [self._alone(unit, future) for unit, future in batch]
        self.on_batch(len(batch))
        self._loop.call_soon_threadsafe(self._finish, results)

    def _alone(self, unit: Unit[Any], future: asyncio.Future[Any]) -> _Result:
        try:
            return future, self._transact([unit])[0], None
        except Exception as error:
            return future, None, error

    def _transact(self, units: list[Unit[Any]]) -> list[Any]:
        with _Translated():
            tx = self._open()
            tx.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                values = [unit(tx) for unit in units]
                tx.exec_driver_sql("COMMIT")
            except BaseException:
                self._rollback(tx)
                raise
            return values

    def _rollback(self, tx: Tx) -> None:
        """Undo; a connection that cannot even do that is thrown away."""
        try:
            tx.exec_driver_sql("ROLLBACK")
        except DBAPIError:
            tx.invalidate()
            tx.close()
            self._connection = None

    def _open(self) -> Tx:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _finish(self, results: list[_Result]) -> None:
        for future, value, error in results:
            if future.done():
                continue
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)
        if self._waiting:
            self._kick()
        else:
            self._busy = False

    def _read(self, unit: Unit[T]) -> T:
        with _Translated(), self._reading.connect() as tx:
            tx.exec_driver_sql("BEGIN")
            try:
                return unit(tx)
            finally:
                tx.exec_driver_sql("COMMIT")

    def _close(self) -> None:
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()
        self._reading.dispose()
        os.close(self._lock)


class PostgresDatabase:
    """A PostgreSQL database behind the same functions, by asyncpg."""

    dialect = "postgresql"

    def __init__(self, url: str, *, size: int = 8) -> None:
        from sqlalchemy.ext.asyncio import create_async_engine  # a quarter of a second that SQLite never needs

        parsed = make_url(url).set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(
            parsed, pool_size=size, max_overflow=0, pool_timeout=10, pool_pre_ping=False
        )
        self._url = url

    def migrate(self, run: Unit[None]) -> None:
        """Run schema changes over a connection of their own, in a loop of their own."""

        from sqlalchemy.ext.asyncio import create_async_engine

        async def change() -> None:
            engine = create_async_engine(self._engine.url)
            async with engine.begin() as connection:
                await connection.run_sync(run)
            await engine.dispose()

        with _Translated(), ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, change()).result()

    async def write(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a transaction of its own."""
        with _Translated():
            async with self._engine.begin() as connection:
                return await connection.run_sync(unit)

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` in a transaction that is rolled back."""
        with _Translated():
            async with self._engine.connect() as connection:
                return await connection.run_sync(unit)

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


class _Translated:
    """Turn the drivers' many ways of saying "not now" into ``StoreUnavailable``."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(
            error, OperationalError | sqlite3.OperationalError | ConnectionError | OSError | TimeoutError
        ):
            raise StoreUnavailable(f"the database is not available: {error}") from error
        if isinstance(error, DBAPIError) and (
            error.connection_invalidated
            or "InterfaceError" in str(error.orig)
            or "Connection" in str(error.orig)
        ):
            raise StoreUnavailable(f"the database is not available: {error}") from error


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
            timeout=5,
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
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-16000")

    return engine
