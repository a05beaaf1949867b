"""Visitors of the web chat, by socket and by HTTP: they send, lose the line, come back, and send again what was not acknowledged."""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random

import aiohttp
import orjson

from tests.chaos.journal import Journal, Seen, Sent
from tests.chaos.words import next_words

WEB = "web"
NO_LINE = (aiohttp.ClientError, OSError, TimeoutError)
PATIENCE = 3.0
"""Seconds a client waits for an answer before it takes the line for dead."""


@dataclass(kw_only=True)
class Visitor:
    """One visitor, one thread."""

    url: str
    session: aiohttp.ClientSession
    journal: Journal
    token: str = ""
    thread: str = ""
    since: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """What shows who it is."""
        return {"Authorization": f"Bearer {self.token}"}

    async def arrive(self) -> None:
        """Become a visitor."""
        async with self.session.post(f"{self.url}/chat/v1/visitors", timeout=_patience()) as answer:
            made = await answer.json()
            self.token, self.thread = made["token"], made["conversation"]

    def written(self, text: str, rng: Random) -> tuple[Sent, str]:
        """Note a new message; return it and the client's own id."""
        own = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        return self.journal.write(
            Sent(channel=WEB, id=f"{self.thread}:{own}", thread=self.thread, text=text)
        ), own

    async def post(self, sent: Sent, own: str) -> None:
        """Send one message by HTTP and take the answer; raises one of ``NO_LINE`` where there is none."""
        where, body = f"{self.url}/chat/v1/messages", {"id": own, "text": sent.text}
        async with self.session.post(where, json=body, headers=self.headers, timeout=_patience()) as answer:
            if answer.status == 202:
                self.journal.ack(WEB, sent.id, (await answer.json())["seq"])
            elif answer.status != 503:
                self.journal.contradictions.append(
                    f"{sent.id}: HTTP {answer.status} {(await answer.text())[:200]}"
                )

    async def fetch(self, since: int) -> list[Seen]:
        """Return the transcript after ``since``."""
        found: list[Seen] = []
        while True:
            ask = self.session.get(
                f"{self.url}/chat/v1/messages",
                params={"since": since},
                headers=self.headers,
                timeout=_patience(),
            )
            async with ask as answer:
                page = await answer.json()
            found += [self.shown(one) for one in page["messages"]]
            if not page["messages"] or found[-1].seq >= page["last_seq"]:
                return found
            since = found[-1].seq

    def shown(self, message: dict[str, object]) -> Seen:
        """Note a message the gateway showed."""
        seen = Seen(
            thread=self.thread,
            seq=int(str(message["seq"])),
            id=str(message["id"]),
            author=str(message["author"]),
            text=str(message["text"]),
        )
        self.journal.see(seen)
        return seen


@dataclass(kw_only=True)
class ChatLoad:
    """So many clients at once; each is a new visitor every few messages."""

    url: str
    session: aiohttp.ClientSession
    journal: Journal
    seed: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    visitors: list[Visitor] = field(default_factory=list)
    pace: float = 0.08

    async def by_http(self, number: int) -> None:
        """A client without sockets: posts, and asks for what is new."""
        rng = Random(f"{self.seed}/http/{number}")
        while not self.stopping.is_set():
            visitor = await self._arrived()
            for _ in range(rng.randint(2, 8)):
                sent, own = visitor.written(next_words(rng), rng)
                post = partial(visitor.post, sent, own)
                await _again_and_again(post, partial(getattr, sent, "acked"))
                if rng.random() < 0.15:  # the answer got lost on the way, thinks the client
                    await _try(post)
                if rng.random() < 0.3:
                    await _try(partial(visitor.fetch, 0))
                await asyncio.sleep(rng.uniform(0, self.pace))
                if self.stopping.is_set():
                    break

    async def by_socket(self, number: int) -> None:
        """A client like the widget."""
        rng = Random(f"{self.seed}/socket/{number}")
        while not self.stopping.is_set():
            visitor = await self._arrived()
            plan = [next_words(rng) for _ in range(rng.randint(2, 10))]
            unacked: list[tuple[Sent, str]] = []
            while (plan or unacked) and not (self.stopping.is_set() and not unacked):
                try:
                    await self._one_line(visitor, plan, unacked, rng)
                except NO_LINE:
                    await asyncio.sleep(0.2)

    async def _arrived(self) -> Visitor:
        visitor = Visitor(url=self.url, session=self.session, journal=self.journal)
        await _again_and_again(visitor.arrive, lambda: bool(visitor.token))
        self.visitors.append(visitor)
        return visitor

    async def _one_line(
        self, visitor: Visitor, plan: list[str], unacked: list[tuple[Sent, str]], rng: Random
    ) -> None:
        """Connect, resume, resend, go on until all is said or the line is lost."""
        async with self.session.ws_connect(f"{self.url}/chat/v1/socket", timeout=_ws_patience()) as line:
            await line.send_json({"type": "hello", "token": visitor.token, "since": visitor.since})
            while (await self._heard(line, visitor, unacked)) != "ready":
                pass
            for sent, own in tuple(unacked):
                await line.send_json({"type": "message", "id": own, "text": sent.text})
            while plan or unacked:
                if self.stopping.is_set():
                    plan.clear()
                if plan and len(unacked) < 2:
                    sent, own = visitor.written(plan.pop(0), rng)
                    unacked.append((sent, own))
                    await line.send_json({"type": "message", "id": own, "text": sent.text})
                    if rng.random() < 0.1:
                        await line.send_json({"type": "message", "id": own, "text": sent.text})
                    continue
                await self._heard(line, visitor, unacked)
                await asyncio.sleep(rng.uniform(0, self.pace))

    async def _heard(
        self, line: aiohttp.ClientWebSocketResponse, visitor: Visitor, unacked: list[tuple[Sent, str]]
    ) -> str:
        said = await line.receive(timeout=PATIENCE)
        if said.type is not aiohttp.WSMsgType.TEXT:
            raise aiohttp.ClientConnectionError("the line is lost")
        data = orjson.loads(said.data)
        if data["type"] == "message":
            visitor.since = max(visitor.since, visitor.shown(data).seq)
        elif data["type"] == "ack":
            self.journal.ack(WEB, f"{visitor.thread}:{data['id']}", data["seq"])
            unacked[:] = [one for one in unacked if one[1] != data["id"]]
        elif data["type"] == "error" and data["code"] != "not-stored":
            self.journal.contradictions.append(f"{visitor.thread}: {data}")
        return str(data["type"])


async def _again_and_again(do: Callable[[], Awaitable[object]], is_done: Callable[[], bool]) -> None:
    while not is_done():
        await _try(do)
        if not is_done():
            await asyncio.sleep(0.2)


async def _try(do: Callable[[], Awaitable[object]]) -> None:
    with contextlib.suppress(*NO_LINE):
        await do()


def _patience() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=PATIENCE)


def _ws_patience() -> aiohttp.ClientWSTimeout:
    return aiohttp.ClientWSTimeout(ws_close=0.1)
