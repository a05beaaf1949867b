"""Watching over the work in a browser: late ones, alarms, an emergency, people, shift, a logged call; by day and by night."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Desk, Sit, Visit
from tests.e2e.test_accessibility import barriers
from tests.servers.gateway import Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS = pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "zh-CN"), (390, "dark", "en-GB")], ids=["day", "night"]
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    gateway = prepared(tmp_path_factory.mktemp("board"))
    config = gateway.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('chat = "10m"', 'chat = "1s"'), "utf-8")
    with running(gateway):
        gateway.set_up("limei", "1001", "李梅")
        gateway.add_agent("wangfang", "1002", "王芳")
        yield gateway


async def opened(desk: Desk, page: str, shows: str) -> None:
    """Open a page of the board, wait for what it shows, and find nobody shut out of it."""
    await desk.page.get_by_test_id(f"board-{page}").click()
    await expect(desk.page.get_by_test_id(shows).first).to_be_visible()
    await desk.shot(f"board-{page}-{desk.locale}")
    assert await barriers(desk.page) == []
    wide = "() => document.documentElement.scrollWidth > innerWidth"
    assert not await desk.page.evaluate(wide), f"{page} is wider than the screen"


@SCREENS
async def test_a_supervisor_sees_what_is_late_takes_note_and_finds_no_barrier(
    gateway: Gateway, visit: Visit, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write("转人工")
    number = (await (await shop.heard("bot", "T20")).inner_text()).split("T20")[1][:11]

    desk = await sit(gateway, "limei", width=width, scheme=scheme, locale=locale)
    page = desk.page
    bell = page.get_by_test_id("bell")
    await expect(bell).not_to_have_attribute("data-unseen", "0")
    await page.get_by_test_id("nav-board").click()
    row = page.get_by_test_id("late").get_by_test_id("owed").filter(has_text=f"T20{number}").first
    await expect(row).to_be_visible()
    await opened(desk, "late", "late-count")
    await page.keyboard.press("Escape")
    await row.get_by_role("link").focus()
    await page.keyboard.press("t")
    await expect(page.get_by_test_id("dialog-transfer")).to_be_visible()
    assert await barriers(page) == []
    await page.keyboard.press("Escape")

    await opened(desk, "alarms", "alarm")
    while int(await bell.get_attribute("data-unseen") or 0):
        left = int(await bell.get_attribute("data-unseen") or 0)
        await page.get_by_test_id("take-note").first.click()
        await expect(bell).to_have_attribute("data-unseen", str(left - 1))

    for name, shows in (
        ("emergencies", "begin-by-hand"),
        ("people", "person"),
        ("shift", "handover-sheet"),
        ("log", "log-form"),
    ):
        await opened(desk, name, shows)
    await opened(desk, "reports", "causes-report")
    await page.get_by_test_id("board-people").click()
    await page.get_by_test_id("edit-person").first.click()
    await expect(page.get_by_test_id("dialog-person")).to_be_visible()
    await desk.shot(f"board-person-{locale}")
    assert await barriers(page) == []
    await page.keyboard.press("Escape")

    await row.or_(page.get_by_test_id("board-late")).first.click()
    await row.get_by_role("link").click()
    await page.get_by_test_id("claim").click()
    await expect(page.get_by_test_id("status")).to_be_visible()
    assert desk.complaints == []


async def test_an_emergency_is_begun_by_hand_told_of_ended_and_reviewed(gateway: Gateway, sit: Sit) -> None:
    desk = await sit(gateway, "limei", path="/desk#/board/emergencies")
    page = desk.page
    await page.get_by_test_id("begin-by-hand").click()
    await page.locator("#because").fill("支付通道故障")
    assert await barriers(page) == []
    await page.locator("dialog button[type=submit]").click()
    one = page.get_by_test_id("one-emergency")
    await expect(one).to_have_attribute("data-state", "running")
    await expect(page.get_by_test_id("notice")).to_contain_text("下一次进展通报")
    await page.get_by_test_id("emergency-news").click()
    await page.locator("dialog button[type=submit]").click()
    await expect(page.get_by_test_id("notice")).to_contain_text("已发布 1 次进展")
    await page.get_by_test_id("emergency-end").click()
    await page.locator("dialog button[type=submit]").click()
    await expect(one).to_have_attribute("data-state", "ended")
    report = page.get_by_test_id("report").get_by_role("textbox")
    await expect(report).not_to_have_value("")
    assert "支付通道故障" in await report.input_value()
    await report.fill("# 复盘\n\n## 原因\n支付证书过期")
    await page.get_by_test_id("report-done").click()
    await expect(page.get_by_test_id("report")).to_contain_text("复盘已完成")
    await desk.shot("board-emergency")
    assert await barriers(page) == []
    assert desk.complaints == []


async def test_a_call_is_logged_and_handed_over_to_a_colleague_who_accepts(
    gateway: Gateway, sit: Sit
) -> None:
    desk = await sit(gateway, "limei", path="/desk#/board/log")
    await desk.page.locator("#who").fill("13800001111")
    await desk.page.locator("#text").fill("来电：包裹外箱破损，要求退款")
    await desk.page.get_by_test_id("log-submit").click()
    await expect(desk.page.get_by_test_id("status")).to_be_visible()
    number = desk.page.url.rpartition("/")[2]

    await desk.page.goto(f"{gateway.url}/desk#/board/shift")
    sheet = desk.page.get_by_test_id("handover-sheet")
    await expect(sheet).to_contain_text(number)
    await sheet.locator("#to").select_option("1002")
    await sheet.locator("#note").fill("客户等到今天 18:00")
    await sheet.get_by_test_id("offer").click()
    given = desk.page.get_by_test_id("given").get_by_role("listitem").filter(has_text=number)
    await expect(given).to_have_attribute("data-state", "offered")

    other = await sit(gateway, "wangfang", path="/desk#/board/shift")
    offer = other.page.get_by_test_id("received").get_by_role("listitem").filter(has_text=number)
    await expect(offer).to_contain_text("客户等到今天 18:00")
    await offer.get_by_test_id("accept").click()
    await expect(offer).to_have_count(0)
    await expect(given).to_have_attribute("data-state", "accepted")
    assert [*desk.complaints, *other.complaints] == []
