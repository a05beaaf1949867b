"""Rules that keep time, as an agent lives with them: what is owed and late, what a draft promises, who is asked for what."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import Desk, Sit, Visit
from tests.e2e.test_accessibility import barriers
from tests.servers.gateway import Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

GRIEVANCE = "我要投诉！订单 20261118332155 的电热水壶漏电，转人工"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    more = '\n[words]\nenforce = "block"\n[complaints]\nrequired = ["wanted"]\n'
    house = prepared(tmp_path_factory.mktemp("rules"), more=more)
    # So short that the first answer is late before anybody can give it, whatever the complaint is taken for.
    short = json.dumps({"answer": "2s", "solve": "1h"})
    house.environ = {
        "GATEWAY__PROMISES__FIRST_RESPONSE": json.dumps(
            {"chat": "2s", "social": "2s", "mail": "2s", "urgent": "2s", "latest": "24h"}
        ),
        "GATEWAY__PROMISES__COMPLAINT": short,
        "GATEWAY__PROMISES__SERIOUS": short,
    }
    with running(house) as gateway:
        gateway.set_up("limei", "1001", "李梅")
        yield gateway


@dataclass(kw_only=True)
class Seen:
    """A desk whose every screen is looked at for barriers."""

    desk: Desk
    name: str
    found: list[object] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """Where all that happens."""
        return self.desk.page

    def at(self, name: str) -> Locator:
        """Return a place by its test id."""
        return self.page.get_by_test_id(name)

    async def look(self, what: str) -> None:
        """Keep a picture, and what bars the way of anybody."""
        await self.desk.shot(f"rules-{what}-{self.name}")
        self.found += [(what, barrier) for barrier in await barriers(self.page)]

    async def submit(self, window: str) -> None:
        """Send the window's form and wait until it is gone."""
        box = self.at(f"dialog-{window}")
        await box.locator("button[type=submit]").click()
        await expect(box).to_have_count(0)


async def test_an_agent_works_through_a_late_complaint(gateway: Gateway, visit: Visit, sit: Sit) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write(GRIEVANCE)
    await shop.heard("bot", "T20")
    seen = Seen(desk=await sit(gateway, "limei", width=1440, height=1000), name="day")
    page = seen.page
    await seen.desk.open_ticket("漏电")

    # Late: it says so, and asks for cause and plan.
    late = seen.at("promise-row").and_(page.locator('[data-state="late"]')).first
    await expect(late).to_be_visible()
    await expect(seen.at("explanation-owed")).to_be_visible()
    await late.get_by_test_id("promise-bar").focus()
    await expect(page.locator(".pbar-reasons li").first).to_be_visible()
    await seen.look("late")
    await seen.at("explain").click()
    await page.locator('input[name="cause"][value="staff"]').check()
    await page.locator("#plan").fill("十分钟内由李梅答复")
    await seen.look("explain")
    await seen.submit("explain")
    await expect(seen.at("explanation-owed")).to_have_count(0)

    # The record, what it was judged by, what the house did by itself.
    await expect(seen.at("record")).to_contain_text("客户诉求")
    await seen.at("record-open").click()
    await page.locator("#record-wanted").fill("退货退款")
    await seen.look("record")
    await seen.submit("record")
    await expect(seen.at("record")).to_contain_text("必填内容齐全")
    await expect(seen.at("named")).to_contain_text("20261118332155")
    await seen.at("acts").click()
    await expect(seen.at("act").first).to_be_visible()
    await seen.look("why")
    await page.keyboard.press("Escape")
    assert seen.found == []


async def test_a_promise_in_a_draft_is_confirmed_sent_and_moved(
    gateway: Gateway, visit: Visit, sit: Sit
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write("发票开错了，转人工")
    await shop.heard("bot", "T20")
    seen = Seen(desk=await sit(gateway, "limei", width=390, scheme="dark"), name="night")
    page = seen.page
    await seen.desk.open_ticket("发票开错")
    await seen.at("claim").click()
    await page.locator("#composer-text").fill("这个我不知道，明天上午10点前给您答复。")

    # A banned phrase holds the reply back until one key has put the better one in its place.
    guard = seen.at("draft-guard")
    await expect(guard.locator('[data-kind="banned"]')).to_be_visible()
    await expect(seen.at("send")).to_be_disabled()
    await seen.look("draft")
    await page.locator("#composer-text").press("Alt+Enter")
    await expect(guard.locator('[data-kind="banned"]')).to_have_count(0)
    await expect(seen.at("send")).to_be_enabled()
    await seen.at("draft-promise").get_by_role("button").click()
    await page.locator("#composer-text").press("Control+Enter")
    await shop.heard("agent", "明天上午10点前给您答复")

    # From then on it is owed; a later time is told to the customer.
    promised = seen.at("promise-row").and_(page.locator('[data-kind="promised"]'))
    if await page.locator(".strip-more").count():
        await page.locator(".strip-more").click()
    await expect(promised).to_be_visible()
    await promised.get_by_test_id("renegotiate").click()
    await page.locator(".later button").last.click()
    await page.locator("#reason").fill("财务今天休息")
    await seen.look("renegotiate")
    await seen.submit("renegotiate")
    await shop.heard("bot", "T20")
    assert seen.found == []


async def test_what_was_judged_is_corrected_and_a_department_asked(
    gateway: Gateway, visit: Visit, sit: Sit
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write("收货地址写错了想改，转人工")
    await shop.heard("bot", "T20")
    seen = Seen(desk=await sit(gateway, "limei", width=1440, height=1000, scheme="dark"), name="dark")
    page = seen.page
    await seen.desk.open_ticket("收货地址")
    await seen.at("claim").click()
    await seen.at("classify").click()
    await page.locator("#urgency").select_option("urgent")
    await page.locator("#reason").fill("包裹今天发出")
    await seen.look("classify")
    await seen.submit("classify")
    await expect(seen.at("classification").locator(".corrected")).to_be_visible()
    await seen.at("ask").click()
    await page.locator("#asked").select_option("logistics")
    await page.locator("#text").fill("请拦下包裹改地址")
    await seen.look("ask")
    await seen.submit("ask")
    task = seen.at("task")
    await expect(task).to_have_attribute("data-state", "asked")
    await task.get_by_role("button", name="受理").click()
    await expect(task).to_have_attribute("data-state", "accepted")
    await task.get_by_role("button", name="完成").click()
    await page.locator("#reason").fill("已改址")
    await seen.submit("done")
    await expect(task).to_contain_text("已改址")
    await seen.look("panels")
    assert seen.found == []


async def test_two_tickets_about_one_order_are_merged_and_taken_apart(
    gateway: Gateway, visit: Visit, sit: Sit
) -> None:
    for words in ("订单 20261119778899 一直没发货，转人工", "我的订单 20261119778899 到底发了没有？转人工"):
        shop = await visit(gateway)
        await shop.open()
        await shop.write(words)
        await shop.heard("bot", "T20")
    seen = Seen(desk=await sit(gateway, "limei", width=1280, height=900), name="day")
    page = seen.page
    number = await seen.desk.open_ticket("到底发了没有")
    same = seen.at("same")
    await expect(same).to_contain_text("同一订单")
    await seen.look("same")
    await same.get_by_role("button", name="并入它").click()
    await page.locator("#reason").fill("同一订单")
    await seen.look("merge")
    await seen.submit("merge")

    # The other ticket opens, with what was said on this one between its own messages.
    await expect(seen.desk.message("到底发了没有")).to_be_visible()
    await expect(seen.desk.message("一直没发货")).to_be_visible()
    await seen.look("merged")
    await page.goto(f"{gateway.url}/desk#/all/{number}")
    await seen.at("merged").get_by_role("button", name="取消合并").click()
    await page.locator("#reason").fill("其实是两件事")
    await seen.submit("unmerge")
    await expect(seen.at("merged")).to_have_count(0)
    await seen.at("tags").get_by_label("给工单加标签").fill("等发货")
    await page.keyboard.press("Enter")
    await expect(seen.at("tags").get_by_text("等发货")).to_be_visible()
    assert seen.found == []
