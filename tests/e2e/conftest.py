"""A browser for all tests of this folder, pages as people have them, and where pictures are kept."""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.servers.gateway import PASSWORD, ROOT, Gateway

ARTIFACTS = ROOT / "tests" / "artifacts"
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
SHOWN = re.compile(r"Failed to load resource: .* status of 4\d\d .*/api/v1/")
"""What the interface refuses is told on the page; Chromium writes the status into the console besides."""

expect.set_options(timeout=15_000)  # a machine that runs other tests too is slow

WORDS = {
    "zh-CN": {"open": "联系客服", "write": "请输入您的问题…"},
    "en-GB": {"open": "Chat with us", "write": "Write a message…"},
}


@dataclass(kw_only=True)
class Seen:
    """A page in the browser, and everything it complained of."""

    page: Page
    locale: str
    complaints: list[str] = field(default_factory=list)

    async def shot(self, name: str) -> Path:
        """Keep a picture."""
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        path = ARTIFACTS / f"{name}.png"
        await self.page.screenshot(path=path, animations="disabled")
        return path


@dataclass(kw_only=True)
class Shop(Seen):
    """A customer at the sample shop."""

    @property
    def log(self) -> Locator:
        """The list of messages."""
        return self.page.get_by_role("log")

    async def open(self) -> None:
        """Open the chat and wait for its greeting."""
        await self.page.get_by_role("button", name=WORDS[self.locale]["open"]).click()
        await expect(self.log.locator(".bot").first).to_be_visible()

    async def write(self, text: str) -> None:
        """Write a message and send it."""
        await self.page.get_by_label(WORDS[self.locale]["write"]).fill(text)
        await self.page.keyboard.press("Enter")

    async def heard(self, author: str, words: str) -> Locator:
        """Wait for a message, and return its place."""
        found = self.log.locator(f".{author}").filter(has_text=words).last
        await expect(found).to_be_visible()
        return found


@dataclass(kw_only=True)
class Desk(Seen):
    """An agent at the desk."""

    async def sign_in(self, login: str) -> None:
        """Fill the form in and wait for the desk."""
        await self.page.locator("#login").fill(login)
        await self.page.locator("#password").fill(PASSWORD)
        await self.page.locator("#password").press("Enter")
        await expect(self.page.get_by_test_id("link-state")).to_have_attribute("data-state", "live")

    async def go_online(self) -> None:
        """Turn the switch."""
        switch = self.page.get_by_test_id("presence")
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "true")

    async def open_ticket(self, words: str) -> str:
        """Click the ticket in the list that holds these words, and return its number."""
        row = self.page.get_by_test_id("ticket-row").filter(has_text=words).first
        await row.click()
        await expect(self.page.get_by_test_id("status")).to_be_visible()
        return str(await row.get_attribute("data-ticket"))

    def message(self, words: str) -> Locator:
        """Return where the words stand in the conversation."""
        return self.page.get_by_test_id("message").filter(has_text=words)

    async def write(self, text: str, kind: str = "reply") -> None:
        """Send a reply, or keep a note."""
        await self.page.locator(f"#tab-{kind}").click()
        await self.page.locator("#composer-text").fill(text)
        await self.page.locator("#composer-text").press("Control+Enter")


Visit = Callable[..., Awaitable[Shop]]
Sit = Callable[..., Awaitable[Desk]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    if not (ROOT / "gateway" / "web" / "static" / "desk" / "index.html").exists():
        pytest.skip("the browser files are not built: make ui")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Open pages as different people: each has cookies and storage of its own; all are closed afterwards."""

    async def new(locale: str, width: int, height: int, scheme: str) -> Page:
        person = await browser.new_context(
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = await person.new_page()
        page.set_default_timeout(20_000)
        return page

    yield new
    for context in browser.contexts:
        await context.close()


@pytest.fixture
def visit(new_page: Callable[..., Awaitable[Page]]) -> Visit:
    """Enter the sample shop."""

    async def enter(
        gateway: Gateway, locale: str = "zh-CN", width: int = 760, height: int = 800, scheme: str = "light"
    ) -> Shop:
        shop = Shop(page=await new_page(locale, width, height, scheme), locale=locale)
        _listen(shop)
        await shop.page.goto(f"{gateway.url}/")
        return shop

    return enter


@pytest.fixture
def sit(new_page: Callable[..., Awaitable[Page]]) -> Sit:
    """Open the desk; with ``login`` sign in too."""

    async def sit_down(
        gateway: Gateway,
        login: str = "",
        locale: str = "zh-CN",
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        path: str = "/desk",
    ) -> Desk:
        desk = Desk(page=await new_page(locale, width, height, scheme), locale=locale)
        _listen(desk)
        await desk.page.goto(path if path.startswith("http") else gateway.url + path)
        if login:
            await desk.sign_in(login)
        return desk

    return sit_down


def _listen(seen: Seen) -> None:
    """Keep what the page complains of; a test fails on it in the end."""

    def wrote(kind: str, text: str) -> None:
        if kind == "error" and not SHOWN.match(text):
            seen.complaints.append(text)

    seen.page.on("console", lambda said: wrote(said.type, f"{said.text} ({said.location.get('url')})"))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
