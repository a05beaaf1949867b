"""A client of the web chat under test, and the frames it reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient

from adapters.testing import FakeClock, FakeContext
from adapters.webchat.adapter import WebchatAdapter


@dataclass(slots=True, kw_only=True)
class Chat:
    """The channel under test: its adapter, its context, and a client of it."""

    adapter: WebchatAdapter
    context: FakeContext
    clock: FakeClock
    http: TestClient[web.Request, web.Application]

    async def visitor(self) -> tuple[str, str]:
        """Return a new visitor's token and id."""
        async with self.http.post("/chat/v1/visitors") as answer:
            assert answer.status == 201
            body = await answer.json()
            return body["token"], body["conversation"]

    async def post(self, token: str, body: Any, **more: Any) -> tuple[int, dict[str, Any]]:
        """Post a message and return the status and the answer."""
        headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
        how = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self.http.post("/chat/v1/messages", headers=headers, **how, **more) as answer:
            return answer.status, await answer.json(content_type=None)

    async def open(self, **headers: str) -> ClientWebSocketResponse:
        """Open a socket without saying hello."""
        return await self.http.ws_connect("/chat/v1/socket", headers=headers, autoping=False)

    async def hello(self, token: str, since: int = 0, **more: Any) -> ClientWebSocketResponse:
        """Open a socket and say hello; frames are left for the test to read."""
        socket = await self.open()
        await socket.send_json({"type": "hello", "token": token, "since": since, **more})
        return socket

    async def ready(self, token: str) -> ClientWebSocketResponse:
        """Open a socket, say hello, and return it once it is ready."""
        socket = await self.hello(token)
        assert (await frame(socket))["type"] == "ready"
        return socket

    async def pass_time(self, span: timedelta) -> None:
        """Let ``span`` go by and the housekeeping be done once."""
        await self.clock.advance(span)
        self.adapter.sockets.sweep()


async def frame(socket: ClientWebSocketResponse) -> dict[str, Any]:
    """Return the next text frame."""
    received = await socket.receive(timeout=5)
    assert received.type is WSMsgType.TEXT, received
    body: dict[str, Any] = received.json()
    return body


async def closed(socket: ClientWebSocketResponse) -> int | None:
    """Read until the socket is closed and return the code."""
    while True:
        received = await socket.receive(timeout=5)
        if received.type is WSMsgType.CLOSE:
            return int(received.data)
        if received.type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
            return socket.close_code


Open = Callable[..., Awaitable[Chat]]
