"""The real web application on a real SQLite file, with a clock the test owns, and people to sign in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import orjson
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.contract import Inbound
from gateway.clock import FakeClock
from gateway.domain.account_rules import AccountRules
from gateway.domain.conversation import State
from gateway.domain.promise import Promise
from gateway.domain.ticket import Anomaly, Classification, TicketType, Urgency
from gateway.library import Library
from gateway.metrics import Metrics
from gateway.pipeline.plan import MoveConversation, OpenTicket, Owe, Plan, StartConversation
from gateway.settings import Settings
from gateway.store import accounts, api_tokens
from gateway.store.apply import apply
from gateway.store.blobs import Blobs
from gateway.store.database import SqliteDatabase, Tx
from gateway.store.feed import Committed, Feed
from gateway.store.files import StoredFile
from gateway.store.migrate import migrate
from gateway.store.receiving import Arrival, receive
from gateway.store.snapshot import read_snapshot
from gateway.texts import load_texts
from gateway.web.limits import Limits, Pace
from gateway.web.server import build_app
from gateway.web.world import ChannelState, World
from tests.building import ENTRIES
from tests.keyring import a_ring

SERVED = "web"
CARRIED = "support"
PASSWORD = "drei-graue-Enten-im-Regen"
Client = TestClient[web.Request, web.Application]


@dataclass(kw_only=True)
class Seat:
    """One signed-in agent and their browser."""

    client: Client
    csrf: str
    token: str
    agent: accounts.AgentRow

    async def get(self, path: str, **more: Any) -> ClientResponse:
        """GET below /api/v1."""
        return await self.client.get(f"/api/v1{path}", **more)

    async def post(self, path: str, body: object, **more: Any) -> ClientResponse:
        """POST JSON below /api/v1 with the session's token."""
        return await self.client.post(
            f"/api/v1{path}", json=body, headers={"X-CSRF-Token": self.csrf}, **more
        )


@dataclass(kw_only=True)
class DeskRig:
    """The application and what it was built from."""

    client: Client
    app: web.Application
    library: Library
    database: SqliteDatabase
    feed: Feed
    clock: FakeClock
    blobs: Blobs
    world: World
    channels: list[ChannelState]
    typed: list[tuple[str, str, str]]
    clients: list[Client] = field(default_factory=list)
    inbound: int = 0

    async def agent(
        self, role: str = "agent", number: str = "1001", *, password: bool = False
    ) -> accounts.AgentRow:
        """Add a person; hashing a password takes its time, so only who must sign in by hand gets one."""
        from gateway.desk.passwords import Passwords

        stored = Passwords().hash_now(PASSWORD) if password else "none"
        now = self.clock.now()
        return await self.database.write(
            lambda tx: accounts.add_agent(tx, f"a{number}", number, f"客服{number}", role, stored, now)
        )

    async def seat(self, role: str = "agent", number: str = "1001") -> Seat:
        """Add a person and sign them in, in a browser of their own."""
        agent = await self.agent(role, number)
        token, csrf, now = f"token-of-{number}", f"csrf-of-{number}", self.clock.now()
        await self.database.write(
            lambda tx: accounts.open_session(
                tx, agent.id, accounts.hashed(token), csrf, "127.0.0.1", now, now + timedelta(hours=12)
            )
        )
        assert isinstance(self.client.server, TestServer)
        client: Client = TestClient(self.client.server)
        client.session.cookie_jar.update_cookies({"sid": token}, client.make_url("/"))
        self.clients.append(client)
        return Seat(client=client, csrf=csrf, token=token, agent=agent)

    async def ticket(
        self,
        text: str = "我要退款",
        *,
        channel: str = SERVED,
        thread: str | None = None,
        urgency: Urgency = Urgency.NORMAL,
        department: str = "support",
        due: timedelta | None = None,
    ) -> str:
        """Let a customer write something that people must answer; return the ticket's number."""
        self.inbound += 1
        key = thread or f"visitor-{self.inbound}"
        about = Classification(
            type=TicketType.AFTERSALE, urgency=urgency, anomaly=Anomaly.NONE, department=department
        )
        plan = Plan(lang="zh-CN").then(
            StartConversation(lang="zh-CN", because="first"),
            MoveConversation(to=State.QUEUED, because="asked for a person"),
            OpenTicket(classification=about, subject=text[:80], summary=text, lang="zh-CN", because="asked"),
        )
        if due is not None:
            promise = Promise(
                kind="first_response", owner=department, due_at=self.clock.now() + due, because="aftersale"
            )
            plan = plan.then(Owe(promise=promise, because="aftersale"))
        committed = await self.writes(text, channel=channel, thread=key, plan=plan)
        assert committed.ticket is not None
        return committed.ticket

    async def writes(
        self,
        text: str,
        *,
        channel: str = SERVED,
        thread: str,
        plan: Plan | None = None,
        defects: tuple[str, ...] = (),
        files: tuple[StoredFile, ...] = (),
    ) -> Committed:
        """Let a customer write, and carry out ``plan`` about it."""
        self.inbound += 1
        now, policy = self.clock.now(), self.world.policy
        inbound = Inbound(
            channel=channel,
            external_id=f"m{self.inbound}",
            address=thread,
            thread=thread,
            text=text,
            name="王女士",
            defects=defects,
        )
        arrival = Arrival(inbound=inbound, body="{}", body_hash=f"h{self.inbound}", files=files)

        def unit(tx: Tx) -> Committed:
            done = receive(tx, arrival, now=now, zone=policy.hours.zone, owner=None, until=now)
            assert done.snapshot is not None
            committed = apply(
                tx,
                read_snapshot(tx, done.snapshot.thread_id),
                plan or Plan(lang="zh-CN"),
                now=now,
                policy=policy,
                kind="chat" if channel == SERVED else "mail",
                key=lambda: self.clock.chance(8).hex(),
                served=channel == SERVED,
                message_id=done.message_id,
            )
            assert committed is not None
            return committed

        committed = await self.database.write(unit)
        self.feed.publish(committed)
        return committed

    async def token(self, role: str) -> str:
        """Make a program's token."""
        text, now = f"program-{role}", self.clock.now()
        await self.database.write(lambda tx: api_tokens.create_token(tx, text, "a program", role, now))
        return text


def a_library(folder: Path, clock: FakeClock) -> Library:
    """What the house of these tests knows."""
    folder.mkdir(exist_ok=True)
    for name, text in ENTRIES.items():
        (folder / name).write_text(text, "utf-8")
    return Library(folder, lambda: clock.now().date())


@asynccontextmanager
async def running_desk(folder: Path, **world_changes: Any) -> AsyncIterator[DeskRig]:
    """Start the application; everything of it lies in ``folder``."""
    database = SqliteDatabase(folder / "gateway.db", ring=a_ring())
    migrate(database)
    clock = FakeClock(at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    channels = [ChannelState(name=SERVED, kind="webchat", state="up")]
    typed: list[tuple[str, str, str]] = []
    feed, blobs = Feed(), Blobs(folder / "blobs")
    static = folder / "static"
    static.mkdir(exist_ok=True)
    library = a_library(folder / "entries", clock)
    given: dict[str, Any] = {
        "database": database,
        "feed": feed,
        "blobs": blobs,
        "policy": Settings().policy(),
        "texts": load_texts(),
        "library": library,
        "clock": clock,
        "metrics": Metrics(),
        "version": "0.0-test",
        "channels": lambda: channels,
        "is_served": lambda channel: channel == SERVED,
        "kind": lambda channel: "chat" if channel == SERVED else "mail",
        "tell_typing": lambda *said: typed.append(said),
        "static": static,
        "accounts": AccountRules(second_factor=False),
        "trusted_proxies": (),
        "limits": UNHURRIED,
    }
    world = World(**(given | world_changes))
    app = build_app(world)
    client = TestClient(TestServer(app))
    await client.start_server()
    rig = DeskRig(
        client=client,
        app=app,
        library=world.library,
        database=database,
        feed=feed,
        clock=clock,
        blobs=blobs,
        world=world,
        channels=channels,
        typed=typed,
    )
    try:
        yield rig
    finally:
        for one in rig.clients:
            await one.session.close()
        await client.close()
        await database.close()


UNHURRIED = Limits(**dict.fromkeys(("reads", "writes", "strangers", "visitors"), Pace(amount=10**9)))
"""The clock of these tests stands still, so that no permit would ever come back."""

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Stream:
    """A desk's event stream, read as a browser does."""

    def __init__(self, response: ClientResponse, clock: FakeClock) -> None:
        self._response, self._clock = response, clock
        self.last_id = ""
        self.step = timedelta(milliseconds=20)
        """How far the clock goes on each time there is nothing to read yet."""

    async def event(self, kind: str) -> dict[str, Any]:
        """Return the data of the next event of this kind; others are passed over."""
        while True:
            found, data = await self.next()
            if found == kind:
                return dict(orjson.loads(data))

    async def next(self) -> tuple[str, str]:
        """Return kind and data of the next block, comments as kind ``:``."""
        kind, data = "", ""
        while True:
            line = (await self._line()).decode().rstrip("\n")
            if line.startswith(":"):
                kind, data = ":", line
            elif line.startswith("id: "):
                self.last_id = line[4:]
            elif line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line:
                return kind, data

    async def ended(self) -> bool:
        """Read to the end."""
        async with asyncio.timeout(5):
            await self._response.content.read()
        return True

    async def _line(self) -> bytes:
        """The next line, letting the server's 20 ms pass while there is none."""
        reading = asyncio.ensure_future(self._response.content.readline())
        try:
            async with asyncio.timeout(5):
                while not reading.done():
                    await self._clock.advance(self.step)
                    await asyncio.wait((reading,), timeout=0.01)
        finally:
            reading.cancel()
        line = reading.result()
        if not line:
            raise EOFError("the stream ended")
        return line
