"""Look into a database that a gateway may be using: read-only, without its lock."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from sqlalchemy import Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from gateway.domain.covering import CoverRules
from gateway.safety.trouble import NotDone
from gateway.store.database import Unit
from gateway.store.keyring import Keyring, Keys

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite address; None for any other database."""
    parsed = make_url(url)
    return Path(parsed.database or "gateway.db") if parsed.get_backend_name() == "sqlite" else None


def postgres_engine(url: str) -> "AsyncEngine":
    """Return an engine for a PostgreSQL address that keeps no connection."""
    from sqlalchemy.ext.asyncio import create_async_engine  # brings the ORM, which SQLite never needs

    return create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)


def file_engine(path: Path, ring: Keyring | None = None) -> Engine:
    """Return an engine that can only read ``path``; it takes no part in the gateway's lock and never checkpoints."""

    def connect() -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30)

    return create_engine(
        "sqlite://",
        creator=connect,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        execution_options={"keys": Keys(ring)} if ring else {},
    )


def read_file(path: Path, unit: Unit[T], ring: Keyring | None = None) -> T:
    """Run ``unit`` on one snapshot of a SQLite file, in this thread."""
    engine = file_engine(path, ring)
    try:
        with engine.connect() as tx:
            tx.exec_driver_sql("BEGIN")
            return unit(tx)
    finally:
        engine.dispose()


class Reading:
    """A ``Database`` that takes no writes: what is only looked at cannot be changed by mistake."""

    def __init__(self, url: str, ring: Keyring | None = None) -> None:
        self._ring = ring
        self.path = sqlite_path(url)
        self.dialect = "sqlite" if self.path is not None else "postgresql"
        self._engine = None if self.path is not None else postgres_engine(url)

    def cover_by(self, rules: CoverRules) -> None:
        """Nothing is written, so nothing need be covered."""

    async def leave_nothing(self) -> None:
        """Nothing is deleted here."""

    async def read(self, unit: Unit[T]) -> T:
        """Run ``unit`` on one snapshot of the whole database.

        Raises:
            NotDone: there is no such database, or it does not answer.
        """
        try:
            if self._engine is None:
                assert self.path is not None
                return await asyncio.to_thread(self._read_file, self.path, unit)
            async with self._engine.connect() as connection:
                tx = await connection.execution_options(
                    isolation_level="REPEATABLE READ",
                    postgresql_readonly=True,
                    **({"keys": Keys(self._ring)} if self._ring else {}),
                )
                return await tx.run_sync(unit)
        except (DBAPIError, OSError, TimeoutError) as error:
            raise unreadable(error) from error

    def _read_file(self, path: Path, unit: Unit[T]) -> T:
        if not path.exists():
            raise NotDone(
                f"没有数据库文件 {path}：请检查 data.dir 与 database.url，或先运行一次 gateway run。",
                f"There is no database file {path}: check data.dir and database.url, or start gateway run once.",
            )
        return read_file(path, unit, self._ring)

    async def write(self, unit: Unit[T]) -> T:
        """Refuse."""
        self._refuse()

    def migrate(self, run: Unit[None]) -> None:
        """Refuse."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise AssertionError("a database opened for reading was written to")

    async def close(self) -> None:
        """Let go of the connections."""
        if self._engine is not None:
            await self._engine.dispose()


@asynccontextmanager
async def reading(url: str, ring: Keyring | None = None) -> AsyncIterator[Reading]:
    """Open a database for reading only, for as long as the block runs; personal data needs the keys of ``ring``."""
    database = Reading(url, ring)
    try:
        yield database
    finally:
        await database.close()


def unreadable(error: BaseException) -> NotDone:
    """Return the sentence for a database that cannot be read just now."""
    reason = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return NotDone(
        f"数据库无法读取（{reason}）：请检查 database.url、服务是否启动、文件权限；文件损坏时请恢复最近的备份。",
        f"The database cannot be read ({reason}): check database.url, that its server runs and the file's rights; "
        "if the file is damaged, restore the latest backup.",
    )
