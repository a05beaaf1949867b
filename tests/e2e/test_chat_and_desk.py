"""One customer at the shop, one agent at the desk, side by side: from the first question to the last thanks."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Desk, Shop, Sit, Visit
from tests.servers.gateway import PASSWORD, Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

TICKET = re.compile(r"T\d{8}-\d{4}")
CLOCK = re.compile(r"\d{1,2}:\d{2}")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(prepared(tmp_path_factory.mktemp("chat"))) as gateway:
        yield gateway


async def test_the_first_administrator_comes_in_by_the_printed_link_and_only_once(
    gateway: Gateway, sit: Sit
) -> None:
    link = gateway.setup_link
    desk = await sit(gateway, path=link)
    await desk.shot("desk-setup-zh")
    for field, words in (("name", "李梅"), ("number", "1001"), ("login", "limei"), ("password", PASSWORD)):
        await desk.page.locator(f"#{field}").fill(words)
    await desk.page.get_by_role("button", name="创建管理员").click()
    await expect(desk.page.get_by_text("已完成，请登录。")).to_be_visible()
    await desk.sign_in("limei")
    await expect(desk.page.get_by_text("李梅 工号 1001")).to_be_visible()
    await desk.shot("desk-empty-zh")

    other = await sit(gateway, path=link)
    for field, words in (("name", "陌生人"), ("number", "6"), ("login", "thief"), ("password", PASSWORD)):
        await other.page.locator(f"#{field}").fill(words)
    await other.page.get_by_role("button", name="创建管理员").click()
    await expect(other.page.get_by_role("alert").filter(has_text="链接")).to_be_visible()
    assert desk.complaints == []


async def test_a_conversation_in_chinese(gateway: Gateway, visit: Visit, sit: Sit) -> None:
    gateway.add_agent("wangfang", "1007", "王芳")
    shop, desk = await visit(gateway), await sit(gateway, "wangfang")
    await desk.go_online()

    await shop.open()
    await expect(shop.log.locator(".bot")).to_have_count(1)  # the greeting on opening
    await shop.shot("widget-greeting-zh")
    await shop.write("怎么退货")
    answer = await shop.heard("bot", "申请退货")
    await expect(answer).to_contain_text("您好，我是晨光小店")  # greeting and answer are one message
    await expect(shop.log.locator(".bot")).to_have_count(1)  # and took the place of the one on opening

    await shop.write("发票")
    choices = (await shop.heard("bot", "请问您想了解的是下面哪一项")).get_by_role("button")
    await expect(choices.last).to_have_text("转人工客服")
    await shop.shot("widget-choices-zh")
    await choices.first.click()
    await shop.heard("bot", "申请发票")

    await shop.write("转人工")
    handover = await shop.heard("bot", "已为您转接人工客服")
    said = await handover.inner_text()
    number = "".join(TICKET.findall(said)[:1])
    assert number
    assert "您是下一位" in said
    assert CLOCK.search(said)
    await expect(shop.page.get_by_text("您排在第 1 位，预计")).to_be_visible()
    await shop.shot("widget-handover-zh")

    row = desk.page.get_by_test_id("ticket-row").filter(has_text="转人工")
    await expect(row).to_be_visible()  # live, without a click
    assert await desk.open_ticket("转人工") == number
    await expect(desk.message("申请退货").first).to_be_visible()
    await desk.shot("desk-waiting-zh")
    await desk.page.get_by_test_id("claim").click()
    await shop.heard("system", "我是客服王芳，工号 1007")
    await desk.write("您好，请问发票抬头写什么？")
    reply = await shop.heard("agent", "发票抬头写什么")
    await expect(reply).to_contain_text("王芳 · 工号 1007")
    await shop.shot("widget-agent-zh")

    await shop.write("写晨星科技有限公司")
    await expect(desk.message("写晨星科技有限公司")).to_be_visible()
    await _writes_on_a_stale_view(shop, desk)
    await desk.write("客户是老顾客，开专票。", "note")
    await expect(desk.page.get_by_test_id("note").filter(has_text="老顾客")).to_be_visible()
    await desk.shot("desk-conversation-zh")

    await desk.page.get_by_test_id("resolve").click()
    await desk.page.locator("#reason").fill("已开具电子专票并发送到您的邮箱。")
    await desk.shot("desk-resolve-zh")
    await desk.page.locator("#reason").press("Control+Enter")
    await expect(desk.page.get_by_test_id("status")).to_have_text("已解决")
    told = await shop.heard("system", "已处理完毕")
    await expect(told).to_contain_text(number)
    await shop.shot("widget-resolved-zh")

    await shop.write("还是没有收到")
    await shop.heard("bot", "已重新打开")
    await expect(desk.page.get_by_test_id("status")).to_have_text("处理中")
    await desk.page.get_by_test_id("resolve").click()
    await desk.page.locator("#reason").fill("已重新发送。")
    await desk.page.locator("#reason").press("Control+Enter")
    await shop.heard("system", "已重新发送")
    await shop.write("谢谢")
    await expect(desk.page.get_by_test_id("status")).to_have_text("已关闭")
    await desk.shot("desk-closed-zh")

    assert "老顾客" not in await shop.log.inner_text()  # the note was for colleagues
    stored = await shop.page.evaluate("JSON.stringify(localStorage)")
    assert "老顾客" not in stored
    assert (shop.complaints, desk.complaints) == ([], [])


async def _writes_on_a_stale_view(shop: Shop, desk: Desk) -> None:
    """The customer writes while the agent reads further up: the reply is held until it has been read."""
    log = desk.page.get_by_role("log")
    await log.evaluate("it => it.scrollTop = 0")
    await shop.write("等等，改成个人抬头")
    await expect(desk.page.get_by_role("button", name="下面有 1 条新消息")).to_be_visible()
    await desk.write("好的，公司抬头的发票马上开。")
    guard = desk.page.get_by_test_id("stale-guard")
    await expect(guard).to_contain_text("改成个人抬头")
    await expect(guard).to_contain_text("还没有发送")
    await desk.shot("desk-stale-zh")
    assert "公司抬头的发票" not in await shop.log.inner_text()
    await guard.get_by_role("button", name="先改一改").click()
    await desk.write("好的，改为个人抬头。")
    await shop.heard("agent", "好的，改为个人抬头")


async def test_a_conversation_in_english_at_night_on_a_phone(
    gateway: Gateway, visit: Visit, sit: Sit
) -> None:
    gateway.add_agent("jane", "1012", "Jane Reed")
    shop = await visit(gateway, locale="en-GB", width=390, height=844, scheme="dark")
    desk = await sit(gateway, "jane", locale="en-GB", scheme="dark")
    await desk.go_online()
    await desk.shot("desk-empty-en-dark")

    await shop.shot("shop-en-dark-phone")
    await shop.open()
    await shop.write("When will my refund arrive?")
    answer = await shop.heard("bot", "refund")
    await expect(answer).to_contain_text("Morninglight")
    await shop.write("invoice")
    choices = (await shop.heard("bot", "Which of these")).get_by_role("button")
    await shop.shot("widget-choices-en-dark-phone")
    await choices.first.click()
    await shop.heard("bot", "nvoice")

    await shop.write("I want to talk to a person")
    said = await (await shop.heard("bot", "I have passed you")).inner_text()
    assert TICKET.search(said)
    assert CLOCK.search(said)
    await shop.shot("widget-handover-en-dark-phone")

    await desk.open_ticket("talk to a person")
    await desk.page.get_by_test_id("claim").click()
    await shop.heard("system", "Jane Reed, agent 1012")
    await desk.write("Good evening. Which order is it about?")
    reply = await shop.heard("agent", "Which order is it about?")
    await expect(reply).to_contain_text("Jane Reed · no. 1012")
    await shop.shot("widget-agent-en-dark-phone")
    await shop.write("Order 12345, the lamp.")
    await expect(desk.message("Order 12345")).to_be_visible()
    await desk.write("Spoke to the warehouse, parcel left today.", "note")
    await expect(desk.page.get_by_test_id("note")).to_be_visible()
    await desk.shot("desk-conversation-en-dark")
    await desk.page.set_viewport_size({"width": 390, "height": 844})
    await desk.shot("desk-conversation-en-dark-phone")
    await desk.page.get_by_role("button", name="Back to the list").click()
    await desk.page.get_by_test_id("queue-mine").click()
    await expect(desk.page.get_by_test_id("ticket-row")).to_have_count(1)
    await desk.shot("desk-list-en-dark-phone")
    await desk.page.set_viewport_size({"width": 1280, "height": 800})
    await desk.page.get_by_test_id("ticket-row").click()

    await desk.page.get_by_test_id("resolve").click()
    await desk.page.locator("#reason").fill("The parcel left the warehouse today.")
    await desk.page.locator("#reason").press("Control+Enter")
    await shop.heard("system", "The parcel left the warehouse today.")
    await shop.write("thanks!")
    await expect(desk.page.get_by_test_id("status")).to_have_text("Closed")
    assert "warehouse, parcel" not in await shop.log.inner_text()
    assert (shop.complaints, desk.complaints) == ([], [])
