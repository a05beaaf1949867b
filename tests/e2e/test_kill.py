"""kill -9 in the middle of a chat, and a restart on the same data: nothing is lost, nothing is there twice."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Shop, Sit, Visit
from tests.servers.gateway import STOP_WITHIN, Gateway, prepared, running
from tests.servers.people import signed_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    gateway = prepared(tmp_path)
    with running(gateway) as gateway:
        gateway.set_up("wangfang", "1007", "王芳")
        yield gateway


async def shown(shop: Shop) -> Counter[str]:
    """Return what the customer has before them, each text with how often it is there."""
    return Counter(await shop.log.locator(".text").all_inner_texts())


async def test_a_chat_survives_kills_with_everything_in_it_once(gateway: Gateway, visit: Visit) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write("怎么退货")
    await shop.heard("bot", "申请退货")
    await shop.write("转人工")
    await shop.heard("bot", "已为您登记工单")
    async with signed_in(gateway.url, "wangfang") as agent:
        number = (await agent.ticket())["number"]
        await agent.claim(number)
        await agent.reply(number, "我在，请说。", id="reply-before-kill")
        await shop.heard("agent", "我在，请说。")

        await shop.write("按下发送就断电")
        gateway.kill()
        await expect(shop.page.get_by_text("网络已断开")).to_be_visible()
        await shop.write("断电时写的")
        written = shop.log.locator(".customer").filter(has_text="断电时写的")
        await expect(written).to_contain_text("尚未发送")
        await shop.shot("widget-away-zh")
        gateway.start()
        await expect(shop.page.get_by_text("网络已断开")).to_be_hidden(timeout=40_000)
        await expect(shop.log.get_by_text("尚未发送")).to_have_count(0)

        # The agent is still signed in, and a reply sent again under its id is the same reply.
        await agent.reply(number, "我在，请说。", id="reply-before-kill")
        await agent.reply(number, "停电了，现在好了。", id="reply-after-kill")
        await shop.heard("agent", "停电了，现在好了。")
        page = await agent.page(number)

    said = Counter(one["text"] for one in page["messages"] if one["author"] == "customer")
    assert said == Counter(["怎么退货", "转人工", "按下发送就断电", "断电时写的"])
    assert [one["seq"] for one in page["messages"]] == list(range(1, page["last_seq"] + 1))
    before = await shown(shop)
    assert set(before.values()) == {1}
    await shop.page.reload()
    await shop.heard("agent", "停电了，现在好了。")
    await expect(shop.log.locator(".text")).to_have_count(before.total())
    assert await shown(shop) == before


async def test_a_question_cut_off_by_a_kill_is_answered_once_after_the_restart(
    gateway: Gateway, visit: Visit
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write("怎么退货")
    gateway.kill()
    gateway.start()
    answers = shop.log.locator(".bot").filter(has_text="申请退货")
    await expect(answers).to_have_count(1, timeout=40_000)
    await expect(shop.log.locator(".customer")).to_have_count(1)
    rows = gateway.rows("SELECT author, count(*) FROM message GROUP BY author")
    assert dict(rows) == {"customer": 1, "bot": 1}


async def test_it_stops_within_ten_seconds_though_people_are_connected(
    gateway: Gateway, visit: Visit, sit: Sit
) -> None:
    shop, _ = await visit(gateway), await sit(gateway, "wangfang")
    await shop.open()
    await shop.write("你好")
    await shop.heard("bot", "您好")
    assert gateway.stop() < STOP_WITHIN
    assert '"event":"stopped"' in gateway.log
    assert '"level":"error"' not in gateway.log
