"""People who use a running gateway over HTTP: an agent at the desk's interface, a visitor of the chat."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from tests.servers.gateway import PASSWORD

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T | None]], seconds: float = 15.0, what: str = "") -> T:
    """Look again and again until ``look`` finds something true, and return it."""
    found: T | None = None
    try:
        async with asyncio.timeout(seconds):
            while not (found := await look()):  # noqa: ASYNC110 - another process cannot set an event of ours
                await asyncio.sleep(0.03)
    except TimeoutError:
        raise AssertionError(f"{what or look} did not come true within {seconds} s") from None
    return found


@dataclass(kw_only=True)
class Answer:
    """Status, headers, and JSON of an answer."""

    status: int
    body: Any
    headers: "dict[str, str]" = field(default_factory=dict)


@dataclass(kw_only=True)
class Agent:
    """One signed-in agent without a browser."""

    session: aiohttp.ClientSession
    csrf: str = ""

    async def ask(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        """Ask for something below /api/v1."""
        headers = {"X-CSRF-Token": self.csrf} if method != "GET" else {}
        url = f"/api/v1{path}"
        async with self.session.request(method, url, json=body, headers=headers, **more) as answer:
            is_json = "json" in answer.content_type
            content = await answer.json() if is_json else await answer.read()
            return Answer(status=answer.status, body=content, headers=dict(answer.headers))

    async def get(self, path: str) -> Any:
        """Return what is there; it must be there."""
        answer = await self.ask("GET", path)
        assert answer.status == 200, (path, answer)
        return answer.body

    async def post(self, path: str, body: object) -> Any:
        """Post, and return the answer; it must go well."""
        answer = await self.ask("POST", path, body)
        assert answer.status < 300, (path, body, answer)
        return answer.body

    async def tickets(self, **query: str) -> list[dict[str, Any]]:
        """Return the list of tickets."""
        answer = await self.ask("GET", "/tickets", params=query)
        assert answer.status == 200, answer
        return list(answer.body["tickets"])

    async def ticket(self, holds: Callable[[dict[str, Any]], bool] = lambda ticket: True) -> dict[str, Any]:
        """Wait for a ticket of which ``holds`` is true, and return it."""

        async def look() -> dict[str, Any] | None:
            return next((one for one in await self.tickets(queue="all") if holds(one)), None)

        return await until(look, what="a ticket")

    async def page(self, number: str) -> dict[str, Any]:
        """Return everything about one ticket."""
        return dict(await self.get(f"/tickets/{number}"))

    async def page_with(self, number: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the ticket's page is so, and return it."""

        async def look() -> dict[str, Any] | None:
            page = await self.page(number)
            return page if holds(page) else None

        return await until(look, what=f"{number} as expected")

    async def claim(self, number: str) -> None:
        """Take a ticket."""
        page = await self.page(number)
        await self.post(f"/tickets/{number}/claim", {"version": page["ticket"]["version"]})

    async def reply(self, number: str, text: str, id: str = "", **more: Any) -> Any:
        """Answer, having seen everything."""
        seen = (await self.page(number))["last_seq"]
        body = {"id": id or uuid.uuid4().hex, "text": text, "seen_seq": seen} | more
        return await self.post(f"/tickets/{number}/replies", body)


@asynccontextmanager
async def signed_in(url: str, login: str, state: str = "online") -> AsyncIterator[Agent]:
    """Sign in with the tests' password, and be online."""
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name too
    async with aiohttp.ClientSession(url, cookie_jar=jar) as session:
        agent = Agent(session=session)
        agent.csrf = (await agent.post("/session", {"login": login, "password": PASSWORD}))["csrf"]
        answer = await agent.ask("PUT", "/me/state", {"state": state})
        assert answer.status == 200, answer
        yield agent


@dataclass(kw_only=True)
class Visitor:
    """One visitor of the chat, with a program of their own instead of the widget."""

    session: aiohttp.ClientSession
    token: str = ""

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        """Ask for something below /chat/v1."""
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        async with self.session.request(method, f"/chat/v1{path}", headers=headers, **more) as answer:
            is_json = "json" in answer.content_type
            content = await answer.json() if is_json else await answer.read()
            return Answer(status=answer.status, body=content, headers=dict(answer.headers))

    async def say(self, text: str, id: str = "", **more: Any) -> Answer:
        """Send one message."""
        body = {"id": id or uuid.uuid4().hex, "text": text} | more
        return await self.ask("POST", "/messages", json=body)

    async def messages(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the transcript."""
        answer = await self.ask("GET", "/messages", params={"since": since})
        assert answer.status == 200, answer
        return list(answer.body["messages"])

    async def heard(self, author: str, words: str = "", count: int = 1) -> list[dict[str, Any]]:
        """Wait for ``count`` messages of ``author`` with these words, and return them."""

        async def look() -> list[dict[str, Any]] | None:
            all_ = await self.messages()
            found = [one for one in all_ if one["author"] == author and words in one["text"]]
            return found if len(found) >= count else None

        return await until(look, what=f"{author}: {words}")


@asynccontextmanager
async def visiting(url: str) -> AsyncIterator[Visitor]:
    """Begin a chat."""
    async with aiohttp.ClientSession(url) as session:
        visitor = Visitor(session=session)
        answer = await visitor.ask("POST", "/visitors")
        assert answer.status == 201, answer
        visitor.token = answer.body["token"]
        yield visitor
