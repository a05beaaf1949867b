"""The web chat keeps what every adapter promises, asked over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestServer

from adapters.contract import Adapter, Inbound, InboundAttachment
from adapters.testing import FakeContext, FarSide, SentMessage, Trouble
from adapters.testing.contract import AdapterContract
from adapters.webchat import SPEC
from adapters.webchat.adapter import WebchatAdapter, create
from adapters.webchat.frames import BadMessage, read_message, read_object
from adapters.webchat.settings import WebchatSettings
from adapters.webchat.talk import to_inbound

VISITOR = "00112233445566778899aabbccddeeff"


class Widget:
    """A client with one socket, which resends under the same id what was not acknowledged."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._socket: ClientWebSocketResponse | None = None
        self._last: dict[str, str] = {}
        self._reader: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self.acknowledged = 0
        self.sent: Sequence[SentMessage] = ()

    async def offer(self, text: str) -> None:
        self._last = {"type": "message", "id": f"m{len(self._last) + 1}", "text": text}
        await self.redeliver()

    async def redeliver(self) -> None:
        if self._socket is None:
            self._socket = await self._connected()
            self._reader = asyncio.create_task(self._read(self._socket))
        await self._socket.send_json(self._last)

    async def _connected(self) -> ClientWebSocketResponse:
        async with self._http.post(f"{self._url}/chat/v1/visitors") as answer:
            token = (await answer.json())["token"]
        socket = await self._http.ws_connect(f"{self._url}/chat/v1/socket")
        await socket.send_json({"type": "hello", "token": token, "since": 0})
        return socket

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is WSMsgType.TEXT and frame.json()["type"] == "ack":
                async with self._changed:
                    self.acknowledged += 1
                    self._changed.notify_all()

    async def until_acknowledged(self, count: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.acknowledged >= count)

    def prepare(self, trouble: Trouble) -> None:
        raise NotImplementedError("a served channel sends nothing")

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader


class TestWebchat(AdapterContract):
    spec = SPEC
    payloads = Path(__file__).parent / "payloads"

    def parsed(self, payload: bytes) -> Inbound | None:
        try:
            said = read_message(read_object(payload), max_text=4000, max_files=5)
        except BadMessage:
            return None
        files = tuple(
            InboundAttachment(name=f"{it}.png", media_type="image/png", blob=it, size=68)
            for it in said.attachments
        )
        return to_inbound("test", VISITOR, said, files, None)

    @pytest.fixture
    def adapter(self, context: FakeContext) -> WebchatAdapter:
        return create(WebchatSettings(), context)

    @pytest.fixture
    async def far_side(self, adapter: WebchatAdapter) -> AsyncIterator[FarSide]:
        app = web.Application()
        app.add_routes(adapter.routes())
        async with TestServer(app) as server, ClientSession() as http:
            widget = Widget(http, str(server.make_url("")).rstrip("/"))
            yield widget
            await widget.close()


def test_the_specification_makes_an_adapter_from_defaults_alone() -> None:
    assert isinstance(SPEC.create(SPEC.settings(), FakeContext()), Adapter)
    assert SPEC.capabilities.served
