"""Telegram over its Bot API: the same corridor on a messenger; and a wrong token hurts only its own channel."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.servers.gateway import WEB, Gateway, prepared, running
from tests.servers.people import Agent, signed_in, until, visiting
from tests.servers.telegram import TOKEN, BotApi, failure

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHANNEL = """
[channels.bot]
kind = "telegram"
token = {{ env = "BOT_TOKEN" }}
base_url = "{api.base_url}"
base_file_url = "{api.base_file_url}"
poll = "2s"
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


def with_bot(folder: Path, api: BotApi, token: str = TOKEN) -> Gateway:
    """Return an installation with a web chat and a bot."""
    gateway = prepared(folder, channels=WEB + CHANNEL.format(api=api))
    gateway.environ = {"BOT_TOKEN": token}
    return gateway


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def gateway(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    with running(with_bot(tmp_path_factory.mktemp("telegram"), api)) as gateway:
        gateway.set_up("wangfang", "1007", "王芳")
        yield gateway


@pytest_asyncio.fixture(loop_scope="session")
async def agent(gateway: Gateway) -> AsyncIterator[Agent]:
    async with signed_in(gateway.url, "wangfang") as agent:
        yield agent


async def told(api: BotApi, chat: int, words: str) -> dict[str, Any]:
    """Wait until ``words`` stand in a message in front of this customer."""

    def find() -> dict[str, Any] | None:
        of_chat = [one for one in api.sent.values() if one["chat"]["id"] == chat]
        return next((one for one in of_chat if words in one.get("text", "")), None)

    await until_sent(api, lambda: find() is not None, f"{chat} is told {words}")
    found = find()
    assert found is not None
    return found


async def until_sent(api: BotApi, holds: Callable[[], bool], what: str) -> None:
    """Wait for something at the Bot API."""

    async def look() -> bool:
        return holds()

    await until(look, what=what)


async def test_a_question_is_answered_and_a_choice_is_tapped(api: BotApi, gateway: Gateway) -> None:
    await api.say("怎么退货", chat=1)
    answer = await told(api, 1, "申请退货")
    assert "您好，我是晨光小店" in answer["text"]
    await api.say("发票", chat=1)
    offer = await told(api, 1, "请问您想了解的是下面哪一项")
    labels = [label for label, _ in offer["buttons"]]
    assert labels[-1] == "转人工客服"
    await api.tap(offer["buttons"][0][1], chat=1, message=offer["message_id"])
    await told(api, 1, "申请发票")
    await until_sent(api, lambda: bool(api.called("answerCallbackQuery")), "the tap is answered")


async def test_a_photo_and_a_request_for_a_person_become_a_ticket_and_the_agents_answer_arrives(
    api: BotApi, gateway: Gateway, agent: Agent
) -> None:
    api.files["broken-cup"] = PNG
    photo = {"file_id": "broken-cup", "file_unique_id": "u1", "width": 9, "height": 9, "file_size": len(PNG)}
    await api.update("message", api.message(2, photo=[photo], caption="杯子碎了，转人工"))
    handover = await told(api, 2, "已为您转接人工客服")
    ticket = await agent.ticket(lambda one: one["channel"] == "bot")
    assert ticket["number"] in handover["text"]
    page = await agent.page(ticket["number"])
    (file,) = page["messages"][0]["attachments"]
    content = await agent.ask("GET", f"/attachments/{file['id']}")
    assert content.body == PNG

    await agent.claim(ticket["number"])
    await told(api, 2, "我是客服王芳，工号 1007")
    await agent.reply(ticket["number"], "抱歉，我们今天补寄一只给您。")
    await told(api, 2, "我们今天补寄一只给您")
    await api.say("谢谢，地址不变", chat=2)
    await agent.page_with(ticket["number"], lambda it: it["messages"][-1]["text"] == "谢谢，地址不变")
    await agent.post(f"/tickets/{ticket['number']}/notes", {"text": "仓库已发货"})
    assert all("仓库已发货" not in one.get("text", "") for one in api.sent.values())


async def test_a_pause_that_telegram_asks_for_is_kept_and_nothing_is_sent_twice(
    api: BotApi, gateway: Gateway
) -> None:
    api.script("sendMessage", failure(429, "Too Many Requests: retry after 2", retry_after=2))
    await api.say("怎么开发票？", chat=3)
    await told(api, 3, "申请发票")
    sent = [call for call in api.called("sendMessage") if int(call.params["chat_id"]) == 3]
    assert len(sent) == 2  # refused once, taken once
    waited = gateway.rows("SELECT attempts FROM outbox ORDER BY id DESC LIMIT 1")
    assert waited
    assert sum("申请发票" in one.get("text", "") for one in api.sent.values() if one["chat"]["id"] == 3) == 1


async def test_a_wrong_token_makes_that_channel_red_and_no_other(
    api: BotApi, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("wrong")
    with running(with_bot(folder, api, token="424242:not-the-token-at-all")) as gateway:
        gateway.set_up("wangfang", "1007", "王芳")
        async with signed_in(gateway.url, "wangfang") as agent:

            async def red() -> dict[str, Any] | None:
                states = {one["name"]: one for one in (await agent.get("/channels"))["channels"]}
                return states if states["bot"]["state"] == "bad_credentials" else None

            states = await until(red, what="a red channel")
            assert states["web"]["state"] == "up"
            assert "channels.bot.token" in f"{states['bot']['detail']} {states['bot']['remedy']}"
            status, body = gateway.get("/readyz")
            assert status == 503
            assert {one["name"]: one["state"] for one in body["channels"]} == {
                "web": "up",
                "bot": "bad_credentials",
            }
            assert gateway.status("/healthz") == 200
            async with visiting(gateway.url) as visitor:
                await visitor.say("怎么退货")
                await visitor.heard("bot", "申请退货")
        assert "not-the-token-at-all" not in gateway.log
