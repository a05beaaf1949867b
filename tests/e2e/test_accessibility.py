"""Nobody is shut out: axe finds nothing serious on any page, by day and by night, on a screen and on a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.conftest import Sit, Visit
from tests.servers.gateway import Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(prepared(tmp_path_factory.mktemp("axe"))) as gateway:
        gateway.set_up("limei", "1001", "李梅")
        yield gateway


async def barriers(page: Page) -> list[tuple[str, str, list[object]]]:
    """Return what axe finds that is serious or worse: rule, help, where."""
    found = (await Axe().run(page)).response["violations"]
    return [
        (it["id"], it["help"], [node["target"] for node in it["nodes"]])
        for it in found
        if it["impact"] in SERIOUS
    ]


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "zh-CN"), (390, "dark", "en-GB")], ids=["day", "night"]
)
async def test_no_barrier_is_found(
    gateway: Gateway, visit: Visit, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    person = {"zh-CN": "转人工", "en-GB": "agent"}[locale]
    shop = await visit(gateway, width=width, scheme=scheme, locale=locale)
    assert await barriers(shop.page) == []
    await shop.open()
    await shop.write({"zh-CN": "发票", "en-GB": "invoice"}[locale])
    await expect(shop.log.get_by_role("button").first).to_be_enabled()
    assert await barriers(shop.page) == []
    await shop.write(person)
    await shop.heard("bot", "T20")
    assert await barriers(shop.page) == []

    await shop.page.goto(f"{gateway.url}/promises")
    await shop.shot(f"promises-{scheme}-{locale}")
    assert await barriers(shop.page) == []

    desk = await sit(gateway, width=width, scheme=scheme, locale=locale)
    await expect(desk.page.get_by_test_id("sign-in")).to_be_visible()
    await desk.shot(f"desk-sign-in-{scheme}-{locale}")
    assert await barriers(desk.page) == []
    await desk.sign_in("limei")
    await expect(desk.page.get_by_test_id("ticket-row").filter(has_text=person)).to_be_visible()
    assert await barriers(desk.page) == []
    await desk.open_ticket(person)
    await desk.page.get_by_test_id("claim").click()
    await desk.write("☎", "note")
    await expect(desk.page.get_by_test_id("note")).to_be_visible()
    assert await barriers(desk.page) == []
    for dialog in ("transfer", "resolve", "channels"):
        await desk.page.get_by_test_id(dialog).click()
        await expect(desk.page.get_by_test_id(f"dialog-{dialog}")).to_be_visible()
        await desk.shot(f"desk-{dialog}-{scheme}-{locale}")
        assert await barriers(desk.page) == []
        await desk.page.keyboard.press("Escape")


async def test_a_chat_can_be_held_with_the_keyboard_alone(gateway: Gateway, visit: Visit) -> None:
    shop = await visit(gateway)
    await shop.page.get_by_role("button", name="联系客服").focus()
    await shop.page.keyboard.press("Enter")
    await expect(shop.page.get_by_label("请输入您的问题…")).to_be_focused()
    await shop.page.keyboard.type("发票")
    await shop.page.keyboard.press("Enter")
    choice = shop.log.get_by_role("button").first
    await expect(choice).to_be_enabled()
    for _ in range(10):  # from the field back to the buttons, however many there are
        await shop.page.keyboard.press("Shift+Tab")
        if await choice.evaluate("it => it.matches(':focus')"):
            break
    await shop.page.keyboard.press("Enter")
    await shop.heard("bot", "申请发票")
    await shop.page.keyboard.press("Escape")
    await expect(shop.page.get_by_role("button", name="联系客服")).to_be_focused()
