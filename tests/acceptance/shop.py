"""The whole gateway in this process, on a clock the test drives; customers and agents come in over HTTP as ever."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import aiohttp
from sqlalchemy import ColumnElement, Table, select

from gateway.app import Application
from gateway.clock import FakeClock
from gateway.house import House
from gateway.settings import load
from gateway.store import accounts
from gateway.store.database import Tx
from tests.building import ENTRIES
from tests.sealed_rows import read_row
from tests.servers.dovecot import free_port

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai: the house of the defaults is open."""
CONFIG = """
[server]
port = {port}

[accounts]
second_factor = "optional"

[knowledge]
folder = "entries"
semantic = "off"

[channels.web]
kind = "webchat"
"""
PATIENCE = 10.0
"""Seconds of the real clock that something may take that needs no driven time at all."""
T = TypeVar("T")


@dataclass(kw_only=True)
class Visitor:
    """A customer at the web chat."""

    shop: "Shop"
    token: str
    said: int = 0

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def write(self, text: str = "", **more: Any) -> int:
        """Send a message; return its ``seq`` when it has been acknowledged."""
        self.said += 1
        own = str(UUID(bytes=self.shop.clock.chance(16), version=4))
        body = {"id": own, "text": text} | more
        async with self.shop.http.post("/chat/v1/messages", json=body, headers=self._headers) as answer:
            assert answer.status == 202, await answer.text()
            return int((await answer.json())["seq"])

    async def messages(self) -> list[dict[str, Any]]:
        """Return the transcript so far."""
        async with self.shop.http.get("/chat/v1/messages?since=0", headers=self._headers) as answer:
            assert answer.status == 200, await answer.text()
            messages: list[dict[str, Any]] = (await answer.json())["messages"]
            return messages

    async def heard(self, after: int = 0) -> list[dict[str, Any]]:
        """Return what others said to them after a ``seq``, waiting until there is something."""

        async def found() -> list[dict[str, Any]]:
            return [
                one for one in await self.messages() if one["seq"] > after and one["author"] != "customer"
            ]

        return await self.shop.until(found)

    async def ask(self, text: str) -> str:
        """Write and return what the gateway answers."""
        seq = await self.write(text)
        return str((await self.heard(after=seq))[0]["text"])


@dataclass(kw_only=True)
class Agent:
    """Somebody signed in at the desk."""

    http: aiohttp.ClientSession
    csrf: str
    row: accounts.AgentRow

    async def get(self, path: str) -> Any:
        """GET below /api/v1; the answer must be good."""
        async with self.http.get(f"/api/v1{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: object | None = None, *, status: int | None = None) -> Any:
        """POST below /api/v1; ``status`` is the one expected, any good one by default."""
        return await self._send("POST", path, body, status)

    async def patch(self, path: str, body: object, *, status: int | None = None) -> Any:
        """PATCH below /api/v1, likewise."""
        return await self._send("PATCH", path, body, status)

    async def _send(self, method: str, path: str, body: object, status: int | None) -> Any:
        headers = {"X-CSRF-Token": self.csrf}
        async with self.http.request(method, f"/api/v1{path}", json=body or {}, headers=headers) as answer:
            good = answer.status < 300 if status is None else answer.status == status
            assert good, f"{answer.status} {await answer.text()}"
            return await answer.json() if answer.content_type.endswith("json") else None

    async def claim(self, number: str) -> Any:
        """Take a ticket, as it is now."""
        version = (await self.get(f"/tickets/{number}"))["ticket"]["version"]
        return await self.post(f"/tickets/{number}/claim", {"version": version})

    async def reply(self, number: str, text: str, id: str = "reply-0001") -> Any:
        """Answer, having seen everything."""
        seen = (await self.get(f"/tickets/{number}"))["last_seq"]
        return await self.post(f"/tickets/{number}/replies", {"id": id, "text": text, "seen_seq": seen})


@dataclass(kw_only=True)
class Shop:
    """A running gateway."""

    application: Application
    clock: FakeClock
    http: aiohttp.ClientSession
    sessions: list[aiohttp.ClientSession] = field(default_factory=list)

    @property
    def house(self) -> House:
        """What it is built of, for what no face shows."""
        return self.application.house

    async def visitor(self) -> Visitor:
        """Somebody new opens the chat."""
        async with self.http.post("/chat/v1/visitors", json={}) as answer:
            assert answer.status == 201, await answer.text()
            return Visitor(shop=self, token=(await answer.json())["token"])

    async def agent(self, number: str = "1001", role: str = "agent") -> Agent:
        """Add a person and sign them in."""
        now, token, csrf = self.clock.now(), f"token-of-{number}", f"csrf-of-{number}"

        def unit(tx: Tx) -> accounts.AgentRow:
            row = accounts.add_agent(tx, f"a{number}", number, f"客服{number}", role, "none", now)
            until = now + timedelta(days=400)
            accounts.open_session(tx, row.id, accounts.hashed(token), csrf, "127.0.0.1", now, until)
            return row

        row = await self.house.database.write(unit)
        http = aiohttp.ClientSession(base_url=self.application.address, cookies={"sid": token})
        self.sessions.append(http)
        return Agent(http=http, csrf=csrf, row=row)

    async def ticket(self, text: str = "转人工", visitor: Visitor | None = None) -> str:
        """Let a customer write something that people must answer; return the ticket's number."""
        before = {row["number"] for row in await self.rows("ticket")}
        await (visitor or await self.visitor()).write(text)

        async def found() -> str | None:
            new = [row["number"] for row in await self.rows("ticket") if row["number"] not in before]
            return new[0] if new else None

        return str(await self.until(found))

    async def later(self, span: timedelta) -> None:
        """Let time pass for the gateway, and let it do what that brings about."""
        await self.clock.advance(span)
        # What woke has work for threads and sockets, which no clock shows.
        for _ in range(20):
            await asyncio.sleep(0.005)

    async def until(self, found: Callable[[], Awaitable[T]]) -> T:
        """Return what ``found`` finds, as soon as it finds something; no time of the house passes."""
        async with asyncio.timeout(PATIENCE):
            while not (got := await found()):  # noqa: ASYNC110 - what others commit sets no event of ours
                await asyncio.sleep(0.01)
            return got

    async def rows(self, table: str, *where: ColumnElement[bool]) -> list[dict[str, Any]]:
        """Return the rows of a table, oldest first."""
        from gateway.store.tables import metadata

        found: Table = metadata.tables[table]
        query = select(found).where(*where).order_by(*found.primary_key.columns)

        def unit(tx: Tx) -> list[dict[str, Any]]:
            return [read_row(tx, found, row) for row in tx.execute(query).mappings()]

        return await self.house.database.read(unit)


@asynccontextmanager
async def open_shop(
    folder: Path, config: str = "", at: datetime = MONDAY, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Shop]:
    """Run a gateway in ``folder`` with ``config`` added to the least one; it can be opened there again."""
    entries = folder / "entries"
    entries.mkdir(exist_ok=True)
    for name, text in ENTRIES.items():
        (entries / name).write_text(text, "utf-8")
    (folder / "config.toml").write_text(CONFIG.format(port=free_port()) + config, "utf-8")
    clock = FakeClock(at=at)
    application = Application(load(folder / "config.toml", environ=environ or {}), clock=clock)
    running = asyncio.create_task(application.run())
    http = aiohttp.ClientSession(base_url=application.address)
    shop = Shop(application=application, clock=clock, http=http, sessions=[http])
    try:
        await shop.until(lambda: _answers(http, running))
        yield shop
    finally:
        for one in shop.sessions:
            await one.close()
        application.stop()
        await asyncio.wait_for(running, PATIENCE)


async def _answers(http: aiohttp.ClientSession, running: "asyncio.Task[None]") -> bool:
    if running.done():
        running.result()
    try:
        async with http.get("/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False
