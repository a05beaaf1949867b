"""Coming in, as people do it: a second factor, a passkey, one's account, other people's; by day and by night."""

import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Desk, Sit
from tests.e2e.test_accessibility import barriers
from tests.servers.gateway import PASSWORD, Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS = pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "zh-CN"), (390, "dark", "en-GB")], ids=["day", "night"]
)
WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    gateway = prepared(tmp_path_factory.mktemp("sign-in"))
    config = gateway.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('"optional"', '"required"'), "utf-8")
    with running(gateway):
        gateway.set_up("limei", "1001", "李梅")
        yield gateway


async def give_password(desk: Desk, login: str) -> None:
    await desk.page.locator("#login").fill(login)
    await desk.page.locator("#password").fill(PASSWORD)
    await desk.page.locator("#password").press("Enter")


async def is_in(desk: Desk) -> None:
    await expect(desk.page.get_by_test_id("link-state")).to_have_attribute("data-state", "live")


async def whole(desk: Desk, name: str) -> None:
    """Keep a picture, find no barrier, and nothing wider than the screen."""
    await desk.shot(f"access-{name}-{desk.locale}")
    assert await barriers(desk.page) == []
    assert not await desk.page.evaluate(WIDE), f"{name} is wider than the screen"


@SCREENS
async def test_an_authenticator_is_set_up_used_and_looked_after(
    gateway: Gateway, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    login, number = ("wangfang", "1002") if locale == "zh-CN" else ("zhaolei", "1003")
    gateway.add_agent(login, number, "王芳" if locale == "zh-CN" else "赵磊", role="supervisor")
    desk = await sit(gateway, width=width, scheme=scheme, locale=locale)
    page = desk.page
    await expect(page.get_by_test_id("ways")).to_have_attribute("data-ready", "yes")
    await page.get_by_test_id("forgot").click()
    await whole(desk, "door")
    await give_password(desk, login)
    await expect(page.get_by_test_id("step-enrol")).to_be_visible()
    await whole(desk, "enrol")
    await page.get_by_test_id("enrol-totp").click()
    await expect(page.get_by_test_id("totp-setup")).to_be_visible()
    await whole(desk, "totp")
    await page.locator("summary").click()
    secret = (await page.get_by_test_id("totp-secret").inner_text()).replace(" ", "")
    totp = pyotp.TOTP(secret)
    await page.locator("#code").fill("000000" if totp.now() != "000000" else "111111")
    await page.locator("#code").press("Enter")
    await expect(
        page.get_by_role("alert").filter(has_text="。" if locale == "zh-CN" else ".")
    ).to_be_visible()
    await page.locator("#code").fill(totp.now())
    await page.locator("#code").press("Enter")
    await expect(page.get_by_test_id("recovery-codes")).to_be_visible()
    codes = await page.get_by_test_id("recovery-codes").locator("li").all_inner_texts()
    await whole(desk, "codes")
    await page.get_by_test_id("codes-kept").click()
    await is_in(desk)

    await page.get_by_test_id("my-account").click()
    await expect(page.get_by_test_id("my-sessions").get_by_test_id("session")).to_have_count(1)
    await whole(desk, "account")
    await page.get_by_test_id("sign-out").click()

    await give_password(desk, login)
    await expect(page.get_by_test_id("step-second")).to_be_visible()
    await whole(desk, "second")
    await page.locator("#code").fill(totp.at(int(time.time()) + 30))  # this step's code is used
    await page.locator("#code").press("Enter")
    await is_in(desk)
    await page.get_by_test_id("sign-out").click()
    await give_password(desk, login)
    await page.locator("#code").fill(codes[0])
    await page.locator("#code").press("Enter")
    await is_in(desk)
    assert desk.complaints == []


async def with_passkeys(page: Page) -> None:
    """Give the page an authenticator of Chromium's own that always finds the right finger."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def test_a_passkey_is_made_and_signs_in_without_a_password(gateway: Gateway, sit: Sit) -> None:
    gateway.add_agent("sunli", "1004", "孙丽")
    named = f"http://localhost:{gateway.port}/desk"  # browsers make passkeys for names only
    desk = await sit(gateway, path=named)
    page = desk.page
    await with_passkeys(page)
    await give_password(desk, "sunli")
    await page.get_by_test_id("enrol-passkey").click()
    await expect(page.get_by_test_id("recovery-codes")).to_be_visible()
    await page.get_by_test_id("codes-kept").click()
    await is_in(desk)
    await page.get_by_test_id("sign-out").click()
    await page.get_by_test_id("passkey-sign-in").click()
    await is_in(desk)
    await page.get_by_test_id("sign-out").click()
    await give_password(desk, "sunli")
    await expect(page.get_by_test_id("step-second")).to_be_visible()
    await whole(desk, "second-passkey")
    await page.get_by_test_id("use-passkey").click()
    await is_in(desk)
    assert desk.complaints == []


@SCREENS
async def test_an_administrator_keeps_accounts_and_tokens(
    gateway: Gateway, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    desk = await sit(gateway, width=width, scheme=scheme, locale=locale)
    page = desk.page
    await give_password(desk, "limei")
    await page.get_by_test_id("put-off").click()  # on the gateway's own machine
    await is_in(desk)
    await page.get_by_test_id("nav-accounts").click()
    card = page.locator('[data-testid="account"][data-number="1001"]')
    await expect(card).to_be_visible()
    await whole(desk, "accounts")
    number = "2001" if locale == "zh-CN" else "2002"
    await page.get_by_test_id("add-account").click()
    for name, value in (("name", "周敏"), ("number", number), ("login", f"zhou{number}")):
        await page.locator(f"#{name}").fill(value)
    await whole(desk, "account-add")
    await page.get_by_test_id("dialog-account-add").locator("button[type=submit]").click()
    added = page.locator(f'[data-testid="account"][data-number="{number}"]')
    await expect(added).to_be_visible()
    await added.get_by_test_id("disable-account").click()
    await page.get_by_test_id("dialog-account-disable").locator("button[type=submit]").click()
    await expect(added.get_by_test_id("disable-account")).to_have_count(0)

    await page.get_by_test_id("access-tokens").click()
    await page.get_by_test_id("add-token").click()
    await page.locator("#name").fill("dashboard")
    await whole(desk, "token-add")
    await page.get_by_test_id("dialog-token-add").locator("button[type=submit]").click()
    text = await page.get_by_test_id("token-text").inner_text()
    await page.keyboard.press("Escape")
    assert gateway.get("/api/v1/me", Authorization=f"Bearer {text}")[0] == 200
    row = page.get_by_test_id("token").first
    await whole(desk, "tokens")
    await row.get_by_role("button").click()
    await expect(row.get_by_role("button")).to_have_count(0)
    assert gateway.get("/api/v1/me", Authorization=f"Bearer {text}")[0] == 401
    assert desk.complaints == []


async def test_an_invitation_is_a_link_that_sets_a_password_once(gateway: Gateway, sit: Sit) -> None:
    words = ("agent", "add", "heqi", "--number", "1009", "--name", "何琪", "--invite")
    said = gateway.command(*words).stdout
    link = said.rpartition(" ")[2].strip()
    desk = await sit(gateway, path=link)
    page = desk.page
    await expect(page.locator("#password")).to_be_visible()
    await whole(desk, "invite")
    await page.locator("#password").fill("password1234")
    await page.locator("#password").press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="太容易")).to_be_visible()
    await page.locator("#password").fill(PASSWORD)
    await page.locator("#password").press("Enter")
    await expect(page.get_by_test_id("sign-in")).to_be_visible()
    await give_password(desk, "heqi")
    await expect(page.get_by_test_id("step-enrol")).to_be_visible()
    again = await sit(gateway, path=link)
    await expect(again.page.get_by_role("alert").filter(has_text="无效")).to_be_visible()
    assert desk.complaints == []
