"""The generic channel keeps what every adapter promises, with an app on the other side of two real sockets."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr, ValidationError

from adapters.api import SPEC
from adapters.api.adapter import ApiAdapter
from adapters.api.model import Posted, to_inbound
from adapters.api.settings import ApiSettings
from adapters.contract import Adapter, Inbound
from adapters.testing import FakeContext, FarSide, SendingContract, SentMessage, Trouble
from adapters.testing.clock import breathe
from tests.servers.shop_app import SECRET, TOKEN, Reply, ShopApp, post


class App:
    """The app, asked what the contract asks; a 202 is our "got it"."""

    def __init__(self, app: ShopApp) -> None:
        self.app = app
        self.url = ""
        self.acknowledged = 0
        self._text = ""

    @property
    def sent(self) -> Sequence[SentMessage]:
        return [
            SentMessage(text=it["text"], buttons=tuple(choice["label"] for choice in it["choices"]))
            for it in self.app.received
        ]

    async def offer(self, text: str) -> None:
        self._text = text
        body = {"id": "m1", "thread": "t1", "from": {"id": "c1"}, "text": text}
        status, _, _ = await post(self.url, body)
        self.acknowledged += status == 202

    async def redeliver(self) -> None:
        await self.offer(self._text)

    async def until_acknowledged(self, count: int) -> None:
        while self.acknowledged < count:
            await breathe(1)

    def prepare(self, trouble: Trouble) -> None:
        self.app.script.append(
            {
                "busy": Reply(status=503, headers=(("Retry-After", "7"),)),
                "silence": Reply(kind="hang"),
                "unreachable": Reply(status=502),
                "refused": Reply(status=410),
                "credentials": Reply(status=401),
            }[trouble]
        )


class TestApi(SendingContract):
    spec = SPEC
    payloads = Path(__file__).parent / "payloads"

    def parsed(self, payload: bytes) -> Inbound | None:
        try:
            return to_inbound("test", Posted.model_validate(json.loads(payload)))
        except ValidationError:
            return None

    @pytest.fixture
    async def far_side(self) -> AsyncIterator[FarSide]:
        async with ShopApp() as app:
            yield App(app)

    @pytest.fixture
    async def adapter(self, context: FakeContext, far_side: App) -> AsyncIterator[Adapter]:
        settings = ApiSettings(
            token=SecretStr(TOKEN),
            webhook_url=far_side.app.webhook_url,
            webhook_secret=SecretStr(SECRET),
            timeout=timedelta(seconds=0.3),
        )
        adapter = ApiAdapter(settings, context)
        app = web.Application()
        app.add_routes(adapter.routes())
        async with TestServer(app) as server:
            far_side.url = str(server.make_url("/api/v1/channels/test/messages"))
            yield adapter
        await adapter.close()
