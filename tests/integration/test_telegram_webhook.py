"""Telegram's webhook in our own route: secret first, stored next, answered last."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr, ValidationError

from adapters.contract import AdapterError, NotStored
from adapters.telegram import SPEC
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from adapters.testing import FakeContext
from tests.servers.telegram import TOKEN, BotApi

SECRET = "sample-secret-of-the-test"


def settings(api: BotApi) -> TelegramSettings:
    """Return settings of a bot in webhook mode."""
    return TelegramSettings(
        token=SecretStr(TOKEN),
        mode="webhook",
        webhook_secret=SecretStr(SECRET),
        timeout=timedelta(seconds=0.3),
        base_url=api.base_url,
    )


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def context() -> FakeContext:
    return FakeContext("bot")


@pytest.fixture
async def adapter(api: BotApi, context: FakeContext) -> AsyncIterator[TelegramAdapter]:
    adapter = SPEC.create(settings(api), context)
    assert isinstance(adapter, TelegramAdapter)
    yield adapter
    await adapter.close()


@pytest.fixture
async def url(adapter: TelegramAdapter) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(adapter.routes())
    async with TestServer(app) as server:
        yield str(server.make_url("/telegram/bot/webhook"))


async def test_the_run_tells_telegram_where_to_call_and_ends(api: BotApi, adapter: TelegramAdapter) -> None:
    await adapter.run()
    assert api.webhook["url"] == "https://gateway.example/telegram/bot/webhook"
    assert api.secret == SECRET
    allowed = json.loads(api.called("setWebhook")[0].params["allowed_updates"])
    assert allowed == ["message", "edited_message", "callback_query"]


async def test_without_a_public_https_address_the_remedy_is_named(api: BotApi) -> None:
    adapter = SPEC.create(settings(api), FakeContext("bot", public_url="http://localhost:8080"))
    with pytest.raises(AdapterError, match=r"set server\.public_url"):
        await adapter.run()
    await adapter.close()


def test_row_33_a_webhook_without_a_secret_is_no_configuration() -> None:
    with pytest.raises(ValidationError, match="webhook_secret"):
        TelegramSettings(token=SecretStr(TOKEN), mode="webhook")


def test_a_polling_bot_has_no_route(api: BotApi, context: FakeContext) -> None:
    adapter = TelegramAdapter(TelegramSettings(token=SecretStr(TOKEN)), context)
    assert adapter.routes() == []


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "秘密"])
async def test_row_33_a_wrong_secret_is_turned_away_and_nothing_stored(
    api: BotApi, context: FakeContext, url: str, secret: str
) -> None:
    api.secret = SECRET
    assert await api.post_to_webhook(url, await api.say("hello"), secret=secret) == 401
    assert context.attempts == []


async def test_row_42_eight_workers_posting_five_copies_each_store_each_update_once(
    api: BotApi, context: FakeContext, url: str
) -> None:
    api.secret = SECRET
    updates = [await api.say(f"m{n}") for n in range(20)]
    copies = updates * 5

    async def work(worker: int) -> list[int]:
        return [await api.post_to_webhook(url, update) for update in copies[worker::8]]

    statuses = await asyncio.gather(*map(work, range(8)))
    assert {status for each in statuses for status in each} == {200}
    assert sorted(it.text for it in context.delivered) == sorted(f"m{n}" for n in range(20))


async def test_what_cannot_be_stored_is_answered_503(api: BotApi, context: FakeContext, url: str) -> None:
    api.secret = SECRET
    update = await api.say("hello")
    context.fail_next(NotStored("the disk is full"))
    assert await api.post_to_webhook(url, update) == 503
    assert await api.post_to_webhook(url, update) == 200
    assert len(context.delivered) == 1


async def test_over_a_mebibyte_is_not_read(api: BotApi, context: FakeContext, url: str) -> None:
    api.secret = SECRET
    assert await api.post_to_webhook(url, {}, body=b"x" * (1024 * 1024 + 1)) == 413
    assert context.attempts == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"update_id": "1"}', b"\xff", b"[" * 100_000])
async def test_what_is_no_update_is_answered_400(api: BotApi, url: str, body: bytes) -> None:
    api.secret = SECRET
    assert await api.post_to_webhook(url, {}, body=body) == 400


async def test_half_a_surrogate_pair_is_stored_all_the_same(
    api: BotApi, context: FakeContext, url: str
) -> None:
    api.secret = SECRET
    assert await api.post_to_webhook(url, await api.say("a\ud800b")) == 200
    assert context.delivered[0].text == "a?b"


async def test_a_tap_is_answered_in_the_same_breath(api: BotApi, context: FakeContext, url: str) -> None:
    api.secret = SECRET
    update = await api.tap("c1")
    assert await api.post_to_webhook(url, update) == 200
    assert context.delivered[0].choice == "c1"
    assert api.called("answerCallbackQuery")[0].params == {
        "callback_query_id": update["callback_query"]["id"]
    }


async def test_probe_tells_a_webhook_that_is_not_set_and_one_that_fails(
    api: BotApi, adapter: TelegramAdapter
) -> None:
    assert "set when the gateway runs" in (await adapter.probe())[0]
    await adapter.run()
    assert await adapter.probe() == []
    api.webhook["last_error_message"] = "Connection refused"
    assert "Connection refused" in (await adapter.probe())[0]
