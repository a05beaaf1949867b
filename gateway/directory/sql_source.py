"""Records in the shop's own database: one configured SELECT for one order, on connections that cannot write."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gateway.clock import SystemClock
from gateway.directory.contract import Trouble
from gateway.directory.row import found_of
from gateway.domain.claims import OrderForm
from gateway.domain.records import Found, NotFound

SECONDS = 2.0
POOL = 5
_STEPS = 2000
"""SQLite asks whether to go on after so many of its steps."""

Ask = Callable[[str], Any]
Rows = list[dict[str, object]]


class SqlSource:
    """Asks a database; the query's columns are those of ``directory.fields``."""

    kind = "sql"
    is_near = False

    def __init__(
        self, url: str, query: str, fields: Mapping[str, str], form: OrderForm, clock: SystemClock
    ) -> None:
        self._fields, self._form = fields, form
        # As the table of another SELECT nothing but a SELECT is possible, and a query gone wrong gives two rows at most.
        query = f"SELECT * FROM (\n{query}\n) AS one_order LIMIT 2"  # noqa: S608 - the configuration's own, checked
        self._asks = _Sqlite(url, query, clock) if url.startswith("sqlite:") else _Postgres(url, query)

    async def find(self, key: str) -> Found | NotFound:
        """Return the one row there is; two are a fault of the query."""
        rows = await self._asks.rows(key)
        if not rows:
            return NotFound()
        if len(rows) > 1:
            raise Trouble("several_rows", "the query gives several rows for one order: let it give one")
        return found_of(rows[0], self._fields, key, self._form)

    async def count(self) -> int | None:
        """Ask for an order that cannot be, to see that the query works; nobody counts the others."""
        await self._asks.rows("0" * 32)
        return None

    async def run(self) -> None:
        """Nothing is kept that could grow old."""

    async def close(self) -> None:
        """Close the connections."""
        await self._asks.close()


class _Postgres:
    def __init__(self, url: str, query: str) -> None:
        self._query = text(query)
        millis = str(int(SECONDS * 1000))
        try:
            self._engine: AsyncEngine = create_async_engine(
                make_url(url).set(drivername="postgresql+asyncpg"),
                pool_size=POOL,
                max_overflow=0,
                pool_timeout=SECONDS,
                pool_pre_ping=True,
                pool_recycle=300,
                isolation_level="AUTOCOMMIT",
                connect_args={
                    "timeout": SECONDS,
                    "command_timeout": SECONDS,
                    "server_settings": {
                        "default_transaction_read_only": "on",
                        "statement_timeout": millis,
                        "application_name": "intake-gateway",
                    },
                },
            )
        except (ArgumentError, ModuleNotFoundError) as error:
            raise Trouble("bad_url", f"directory.sql.url: {type(error).__name__}") from None

    async def rows(self, key: str) -> Rows:
        try:
            async with self._engine.connect() as connection:
                found = await connection.execute(self._query, {"order_no": key})
                return [dict(row) for row in found.mappings().fetchmany(2)]
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise _trouble(error) from error

    async def close(self) -> None:
        await self._engine.dispose()


class _Sqlite:
    """One read-only connection a question: opening one takes a tenth of a millisecond."""

    def __init__(self, url: str, query: str, clock: SystemClock) -> None:
        self._file, self._query, self._clock = Path(url.removeprefix("sqlite:///")), query, clock

    async def rows(self, key: str) -> Rows:
        return await asyncio.to_thread(self._rows, key)

    def _rows(self, key: str) -> Rows:
        ends = self._clock.monotonic() + SECONDS
        try:
            connection = sqlite3.connect(f"file:{quote(str(self._file))}?mode=ro", uri=True, timeout=SECONDS)
            try:
                connection.execute("PRAGMA query_only = on")
                connection.set_progress_handler(lambda: self._clock.monotonic() > ends, _STEPS)
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(self._query, {"order_no": key}).fetchmany(2)]
            finally:
                connection.close()
        except sqlite3.Error as error:
            reason = "timeout" if "interrupted" in str(error) else "database"
            raise Trouble(reason, f"the database answered {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Nothing is held."""


def _trouble(error: Exception) -> Trouble:
    """Say what happened without the statement's values, which SQLAlchemy would add."""
    cause = getattr(error, "orig", None) or error
    said = str(cause).splitlines()[0] if str(cause) else ""
    reason = "timeout" if "timeout" in f"{type(cause).__name__} {said}".casefold() else "database"
    return Trouble(reason, f"the database answered {type(cause).__name__}: {said[:200]}")
