"""PostgreSQL's own tools, run with the login in their environment, never on their command line."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from gateway.safety.reading import postgres_engine, unreadable
from gateway.safety.trouble import NotDone

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version."""

_OTHERS = text(
    "select count(*) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
)


def login(url: str) -> dict[str, str]:
    """Return a database address as the variables that libpq reads."""
    parsed = make_url(url)
    host = parsed.host or str(parsed.query.get("host", ""))
    values = {
        "PGHOST": host,
        "PGPORT": str(parsed.port or parsed.query.get("port", "") or ""),
        "PGUSER": parsed.username or "",
        "PGPASSWORD": str(parsed.password or ""),
        "PGDATABASE": parsed.database or "",
    }
    return {name: value for name, value in values.items() if value}


def tool(name: str) -> str:
    """Return where ``pg_dump`` or ``pg_restore`` is, the newest where there are several.

    Raises:
        NotDone: it is not on this machine.
    """
    found = sorted(
        PROGRAMS.glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[-3]),
        reverse=True,
    )
    place = str(found[0]) if found else shutil.which(name)
    if place is None:
        raise NotDone(
            f"找不到 {name}：请安装与数据库服务器同版本（或更新）的 PostgreSQL 客户端（Debian：apt-get install postgresql-client）。",
            f"{name} is not here: install PostgreSQL's client of the server's version or newer "
            "(Debian: apt-get install postgresql-client).",
        )
    return place


async def run_tool(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a tool to its end.

    Raises:
        NotDone: it is not there, or failed; its own words are in the message.
    """
    process = await asyncio.create_subprocess_exec(
        tool(name),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    _, errors = await process.communicate()
    if process.returncode:
        said = errors.decode("utf-8", "replace").strip()[-600:]
        raise NotDone(
            f"{name} 失败，未作任何更改：{said}。请检查 database.url、账号权限，以及客户端版本不低于服务器版本。",
            f"{name} failed, nothing was changed: {said}. Check database.url, the login's rights, "
            "and that the client is not older than the server.",
        )


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[tuple["AsyncConnection", str]]:
    """Hold one snapshot open: what is counted on the connection is what ``pg_dump --snapshot=ID`` writes."""
    engine = postgres_engine(url)
    try:
        async with engine.connect() as connection:
            tx = await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            name = (await tx.execute(text("select pg_export_snapshot()"))).scalar_one()
            yield tx, str(name)
    except (DBAPIError, OSError) as error:
        raise unreadable(error) from error
    finally:
        await engine.dispose()


async def others_connected(url: str) -> int:
    """Return how many clients besides us use the database: gateways on whatever machine."""
    engine = postgres_engine(url)
    try:
        async with engine.connect() as connection:
            return int((await connection.execute(_OTHERS)).scalar_one())
    except (DBAPIError, OSError) as error:
        raise unreadable(error) from error
    finally:
        await engine.dispose()


async def count_dump(path: Path) -> dict[str, int]:
    """Return the rows of each table in a dump, by reading all of it; needs no server.

    Raises:
        NotDone: the dump cannot be read to its end.
    """
    process = await asyncio.create_subprocess_exec(
        tool("pg_restore"),
        "--file=-",
        "--data-only",
        str(path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=256 * 1024 * 1024,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    complaining = asyncio.create_task(process.stderr.read())
    counts: dict[str, int] = {}
    table: str | None = None
    async for line in process.stdout:  # COPY public.name (…) FROM stdin; one line a row; \.
        if table is None and line.startswith(b"COPY "):
            table = line.split(b" ", 2)[1].split(b".")[-1].strip(b'"').decode()
            counts[table] = 0
        elif table is not None and line == b"\\.\n":
            table = None
        elif table is not None:
            counts[table] += 1
    errors = await complaining
    if await process.wait():
        said = errors.decode("utf-8", "replace").strip()[-300:]
        raise NotDone(
            f"备份中的数据库转储无法读取：{said}。请使用另一份备份。",
            f"The dump in the backup cannot be read: {said}. Use another backup.",
        )
    return counts
