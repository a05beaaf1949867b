"""The Telegram channel keeps what every adapter promises, against a Bot API server on localhost."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.contract import Adapter, Inbound
from adapters.telegram import SPEC
from adapters.telegram.inbound import Ignored, Place, to_inbound
from adapters.telegram.settings import TelegramSettings
from adapters.testing import FakeContext, FarSide, SendingContract, SentMessage, Trouble
from tests.servers.telegram import TOKEN, Answer, BotApi, failure


class Telegram:
    """The Bot API server, asked what the contract asks."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.last: dict[str, object] = {}

    @property
    def acknowledged(self) -> int:
        return len(self.api.confirmed)

    @property
    def sent(self) -> Sequence[SentMessage]:
        return [
            SentMessage(text=it["text"], buttons=tuple(label for label, _ in it["buttons"]))
            for it in self.api.sent.values()
        ]

    async def offer(self, text: str) -> None:
        self.last = await self.api.say(text)

    async def redeliver(self) -> None:
        if self.last not in self.api.pending:
            await self.api.again(self.last)

    async def until_acknowledged(self, count: int) -> None:
        await self.api.until(lambda: self.acknowledged >= count)

    def prepare(self, trouble: Trouble) -> None:
        answers = {
            "busy": failure(429, "Too Many Requests: retry after 7", retry_after=7),
            "silence": Answer(kind="hang"),
            "unreachable": failure(502, "Bad Gateway"),
            "refused": failure(403, "Forbidden: bot was blocked by the user"),
            "credentials": failure(401, "Unauthorized"),
        }
        self.api.script("sendMessage", answers[trouble])


class TestTelegram(SendingContract):
    spec = SPEC
    payloads = Path(__file__).parent / "payloads"
    stores_cursor = True

    def parsed(self, payload: bytes) -> Inbound | None:
        read = to_inbound(Place(channel="test", bot_id="424242"), json.loads(payload))
        return None if isinstance(read, Ignored) else read

    @pytest.fixture
    async def far_side(self) -> AsyncIterator[FarSide]:
        async with BotApi() as api:
            yield Telegram(api)

    @pytest.fixture
    async def adapter(self, context: FakeContext, far_side: Telegram) -> AsyncIterator[Adapter]:
        settings = TelegramSettings(
            token=SecretStr(TOKEN),
            poll=timedelta(seconds=1),
            timeout=timedelta(seconds=1.5),
            base_url=far_side.api.base_url,
            base_file_url=far_side.api.base_file_url,
        )
        adapter = SPEC.create(settings, context)
        yield adapter
        await adapter.close()
