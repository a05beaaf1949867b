"""Open promises by the hundred thousand: a thousand fall due at once, with and without the process killed halfway.

The real ``gateway run`` on a database filled beforehand; a reader beside it watches what has been committed.
"""

import asyncio
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, insert, make_url, select, text, update

from benchmarks import tickets
from gateway.domain.promise_rules import About, owed
from gateway.settings import Settings, load
from gateway.store import tables as t
from gateway.store.database import Tx, open_database
from gateway.store.migrate import migrate
from gateway.store.root_file import ring_of

CONFIG = """
[data]
dir = "data"
[database]
url = "{url}"
[server]
port = {port}
[knowledge]
folder = "entries"
semantic = "off"
[logs]
level = "warning"
[channels.web]
kind = "webchat"
"""
LIMIT_S = 60.0
p, e = t.promise.c, t.event.c


def fill(tx: Tx, begin: int, end: int, settings: Settings) -> None:
    """Write tickets that owe a solution tomorrow or later."""
    tickets.fill(tx, begin, end)
    policy, rows = settings.policy(), []
    for n in range(begin, end):
        due_at = datetime.now(UTC) + timedelta(days=2, seconds=n)
        made = owed(
            "resolution", policy, About(department="support"), now=due_at - timedelta(days=1), because="bench"
        )
        rows.append(
            {"ticket_id": n, "kind": "resolution", "owner": "support", "state": "running", "told": False,
             "because": "bench", "rule": made.rule, "version": made.version, "created_at": tickets.NOW,
             "started_at": due_at - timedelta(days=1), "since_at": due_at - timedelta(days=1), "span": made.span,
             "counts": made.counts, "due_at": due_at, "warn_at": due_at - timedelta(hours=1)}
        )  # fmt: skip
    tx.execute(insert(t.promise), rows)


async def filled(settings: Settings, count: int, due: int, at: Callable[[], datetime]) -> datetime:
    """Fill the database; return when the thousand fall due."""
    database = open_database(settings.database_url, ring_of(settings, lambda: datetime.now(UTC)))
    migrate(database)
    for begin in range(1, count + 1, 5000):
        await database.write(partial(fill, begin=begin, end=min(begin + 5000, count + 1), settings=settings))
    due_at = at()
    now_due = update(t.promise).where(p.id <= due).values(due_at=due_at, warn_at=None)
    await database.write(lambda tx: tx.execute(now_due))
    await database.close()
    return due_at


class Watch:
    """What has been committed, seen by a reader of its own."""

    def __init__(self, url: str) -> None:
        self._engine: Engine | None = None
        self._url = make_url(url)
        if self._url.get_backend_name() == "sqlite":
            self._engine = create_engine(f"sqlite:///file:{self._url.database}?mode=ro&uri=true")

    def read(self, unit: Callable[[Tx], Any]) -> Any:
        """Run ``unit`` on a snapshot."""
        if self._engine is not None:
            with self._engine.connect() as tx:
                return unit(tx)
        return asyncio.run(self._postgres(unit))

    async def _postgres(self, unit: Callable[[Tx], Any]) -> Any:
        from sqlalchemy.ext.asyncio import create_async_engine

        engine = create_async_engine(self._url.set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            got = await connection.run_sync(unit)
        await engine.dispose()
        return got

    def fired(self) -> int:
        """How many promises have been called late."""
        return int(
            self.read(lambda tx: tx.execute(select(func.count()).where(p.fired_at.is_not(None))).scalar())
        )


def start(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start the gateway of a folder; return it once it is ready."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-m", "gateway", "run"], cwd=folder, **quiet)
    give_up = time.time() + LIMIT_S
    while time.time() < give_up:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).read()
        except OSError:
            time.sleep(0.02)
        else:
            return process
    raise RuntimeError(f"the gateway was not ready within {LIMIT_S} s")


def until(watch: Watch, count: int) -> float:
    """Wait until so many have fired; return the wall clock then."""
    give_up = time.time() + LIMIT_S
    while watch.fired() < count:
        if time.time() > give_up:
            raise RuntimeError(f"{watch.fired()} of {count} fired within {LIMIT_S} s")
        time.sleep(0.01)
    return time.time()


def exactly_once(tx: Tx, due: int) -> bool:
    """Whether each promise that fell due was called late once, with one escalation and one explanation owed."""
    late = select(e.data).where(e.kind == "promise", e.data.like(text("'%\"late\"%'")))
    ids = [row["id"] for row in tx.execute(late).scalars()]
    why = tx.execute(select(p.ticket_id).where(p.kind == "explanation")).scalars().all()
    level = tx.execute(select(func.count()).where(t.ticket.c.escalation == 1)).scalar()
    return len(ids) == len(set(ids)) == due and len(why) == len(set(why)) == due and level == due


def one(folder: Path, url: str, count: int, due: int, port: int, kill_at: int | None) -> dict[str, Any]:
    """One run: fall due while it runs, or (killed) be taken up by the next start."""
    folder.mkdir(parents=True)
    (folder / "entries").mkdir()
    (folder / "entries" / "a.md").write_text("---\nquestion: 怎么退货？\n---\n请在七天内寄回。\n", "utf-8")
    (folder / "config.toml").write_text(CONFIG.format(url=url, port=port), "utf-8")
    settings = load(folder / "config.toml", environ={})
    due_at = asyncio.run(filled(settings, count, due, lambda: datetime.now(UTC) + timedelta(seconds=30)))
    watch, process = Watch(settings.database_url), start(folder, port)
    figures: dict[str, Any] = {"open": count, "due": due}
    try:
        if kill_at is None:
            figures["all_fired_after_s"] = round(until(watch, due) - due_at.timestamp(), 2)
        else:
            until(watch, kill_at)
            process.send_signal(signal.SIGKILL)
            process.wait()
            figures["fired_when_killed"] = watch.fired()
            began = time.time()
            process = start(folder, port)
            ready_at = time.time()
            figures |= {
                "ready_again_after_s": round(ready_at - began, 2),
                "all_fired_after_ready_s": round(until(watch, due) - ready_at, 2),
            }
        time.sleep(1)
    finally:
        process.terminate()
        process.wait(20)
    figures["exactly_once"] = watch.read(partial(exactly_once, due=due))
    return figures


def measure(work: Path, port: Callable[[], int], count: int = 100_000, due: int = 1000) -> dict[str, Any]:
    """Both ways on SQLite, and on PostgreSQL where there is a server."""
    from tests.servers.postgres import programs, running_postgres

    with ExitStack() as stack:
        servers = [None] if programs() is None else [None, stack.enter_context(running_postgres())]
        return {
            f"{'sqlite' if server is None else 'postgresql'}{', killed' if kill else ''}": one(
                work / f"promises-{server is None}-{kill}",
                server.create() if server else "",
                count,
                due,
                port(),
                kill,
            )
            for server in servers
            for kill in (None, due // 5)
        }


if __name__ == "__main__":
    import json
    import tempfile

    from benchmarks.run import free_port

    with tempfile.TemporaryDirectory() as place:
        print(json.dumps(measure(Path(place), free_port), indent=1))
