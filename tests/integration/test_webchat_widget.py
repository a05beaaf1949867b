"""The built widget in a real browser, on the sample shop page, under a strict content security policy."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from adapters.contract import Choice, LiveNotice
from adapters.testing import FakeContext
from adapters.webchat.adapter import WebchatAdapter, create
from adapters.webchat.settings import WebchatSettings

STATIC = Path(__file__).parents[2] / "gateway" / "web" / "static"
CHROMIUM = shutil.which("chromium")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
    pytest.mark.skipif(
        not (STATIC / "widget.js").exists() or not (STATIC / "shop" / "index.html").exists(),
        reason="the browser files are not built: npm --prefix gateway/web/ui ci, then run build there",
    ),
]


@dataclass(slots=True, kw_only=True)
class Shop:
    """The shop page open in a browser, and the gateway's side of it in the test's hands."""

    page: Page
    context: FakeContext
    adapter: WebchatAdapter
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def open(self) -> None:
        """Open the chat by its button and wait until it is connected."""
        await self.page.get_by_role("button", name="联系客服").click()
        await expect(self.page.get_by_text("正在连接…")).to_be_hidden()

    async def write(self, text: str) -> str:
        """Write a message as a customer does; return the visitor once it is stored."""
        already = len(self.context.delivered)
        await self.page.get_by_label("请输入您的问题…").fill(text)
        await self.page.keyboard.press("Enter")
        return str((await self.context.stored(already + 1))[-1].thread)

    @property
    def log(self) -> Locator:
        """The list of messages."""
        return self.page.get_by_role("log")


Visit = Callable[..., Awaitable[Shop]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    runners: list[web.AppRunner] = []

    async def start(locale: str = "zh-CN", width: int = 1200, scheme: str = "light") -> Shop:
        context = FakeContext(public_url="")
        adapter = create(WebchatSettings(), context)
        runner = web.AppRunner(application(adapter), shutdown_timeout=1)
        runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        visitor = await browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 760},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = await visitor.new_page()
        page.set_default_timeout(10_000)
        shop = Shop(page=page, context=context, adapter=adapter)
        page.on("request", lambda request: shop.asked.append(request.url.split("/", 3)[3]))
        page.on("console", lambda said: shop.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: shop.complaints.append(str(error)))
        await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        return shop

    yield start
    for context in browser.contexts:
        await context.close()
    for runner in runners:
        await runner.cleanup()


def application(adapter: WebchatAdapter) -> web.Application:
    """Return what the gateway's server would serve, as far as the shop page needs it."""

    async def guard(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.setdefault("Content-Security-Policy", POLICY)

    async def page(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "shop" / "index.html")

    async def widget(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "widget.js")

    async def settings(_request: web.Request) -> web.Response:
        return web.json_response(
            {"title": "晨光小店客服", "greeting": "您好！", "hours": "周一至周五 9:00–18:00"}
        )

    app = web.Application()
    app.on_response_prepare.append(guard)
    app.add_routes(adapter.routes())
    app.add_routes(
        [web.get("/", page), web.get("/widget.js", widget), web.get("/chat/v1/settings", settings)]
    )
    app.router.add_static("/shop/", STATIC / "shop")
    return app


async def test_nothing_of_the_chat_is_fetched_before_it_is_opened(visit: Visit) -> None:
    shop = await visit()
    await expect(shop.page.get_by_role("button", name="联系客服")).to_be_visible()
    assert [url for url in shop.asked if url.startswith("chat/")] == []
    shop.asked.clear()
    await shop.open()
    await expect(shop.log.get_by_text("您好！")).to_be_visible()
    await expect(shop.page.get_by_text("周一至周五 9:00–18:00")).to_be_visible()
    assert set(shop.asked) == {"chat/v1/settings?lang=zh-CN", "chat/v1/visitors"}


async def test_a_conversation_from_the_first_question_to_a_persons_answer(visit: Visit) -> None:
    shop = await visit()
    await shop.open()
    visitor = await shop.write("我想退货")
    offered = (Choice(id="c1", label="退货"), Choice(id="c2", label="转人工"))
    shop.context.say(visitor, "您要办理**哪一项**？", choices=offered)
    await shop.page.get_by_role("button", name="转人工").click()
    inbound = (await shop.context.stored(2))[-1]
    assert (inbound.choice, inbound.text) == ("c2", "转人工")
    await expect(shop.page.get_by_role("button", name="转人工")).to_be_disabled()

    tomorrow = shop.context.clock.now() + timedelta(days=1)
    shop.context.notify(visitor, LiveNotice(kind="queue", place=2, expected_at=tomorrow))
    await expect(shop.page.get_by_text("您排在第 2 位，预计")).to_be_visible()
    shop.context.notify(visitor, LiveNotice(kind="typing"))
    await expect(shop.page.get_by_text("正在输入…")).to_be_visible()
    shop.context.say(visitor, "我来处理。", author="agent", agent_name="小王", agent_number="1007")
    await expect(shop.log.get_by_text("小王 · 工号 1007")).to_be_visible()
    await expect(shop.page.get_by_text("您排在第 2 位")).to_be_hidden()
    await expect(shop.page.get_by_text("正在输入…")).to_be_hidden()
    assert shop.complaints == []


async def test_row_49_a_cut_line_is_shown_and_what_was_written_meanwhile_arrives_once(visit: Visit) -> None:
    shop = await visit()
    await shop.open()
    visitor = await shop.write("第一句")
    shop.adapter.sockets.abort()
    await expect(shop.page.get_by_text("网络已断开")).to_be_visible()
    await shop.write("第二句")
    shop.context.say(visitor, "两句都收到了。")
    await expect(shop.log.get_by_text("两句都收到了。")).to_be_visible()
    await expect(shop.page.get_by_text("网络已断开")).to_be_hidden()
    assert [it.text for it in shop.context.delivered] == ["第一句", "第二句"]
    await expect(shop.log.get_by_text("第二句")).to_have_count(1)


async def test_the_transcript_is_there_again_after_a_reload(visit: Visit) -> None:
    shop = await visit()
    await shop.open()
    visitor = await shop.write("订单 12345 到哪了？")
    shop.context.say(visitor, "已到达杭州。")
    await expect(shop.log.get_by_text("已到达杭州。")).to_be_visible()
    await shop.page.reload()
    await expect(shop.log.get_by_text("订单 12345 到哪了？")).to_be_visible()
    await expect(shop.log.get_by_text("已到达杭州。")).to_be_visible()


async def test_a_file_is_sent_with_a_message(visit: Visit) -> None:
    shop = await visit()
    await shop.open()
    async with shop.page.expect_file_chooser() as chooser:
        await shop.page.get_by_role("button", name="添加文件").click()
    await (await chooser.value).set_files({"name": "坏了.png", "mimeType": "image/png", "buffer": PNG})
    await expect(shop.page.get_by_role("button", name="移除 坏了.png")).to_be_visible()
    await expect(shop.page.get_by_text("正在上传")).to_be_hidden()
    await shop.write("收到时就坏了")
    (file,) = shop.context.delivered[-1].attachments
    assert (file.name, file.size) == ("坏了.png", len(PNG))
    await expect(shop.log.get_by_role("button", name="坏了.png")).to_be_visible()


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=window.hit=1>",
        "<script>window.hit=1</script>",
        "[click](javascript:window.hit=1)",
        "<svg onload=window.hit=1>",
        '[x](https://a.example/"onmouseover=window.hit=1)',
    ],
)
async def test_row_10_nothing_anybody_writes_becomes_more_than_text(visit: Visit, hostile: str) -> None:
    shop = await visit()
    await shop.open()
    visitor = await shop.write(hostile)
    for author in ("bot", "agent", "system"):
        shop.context.say(visitor, f"{author} {hostile}", author=author, agent_name=hostile)
    await expect(shop.log.get_by_text("system", exact=False).last).to_be_visible()
    assert await shop.page.evaluate("window.hit") is None
    strange = (
        "document.querySelector('intake-chat').shadowRoot.querySelectorAll('script, img, iframe, [onerror]')"
    )
    assert await shop.page.evaluate(f"{strange}.length") == 0
    assert shop.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "dark")])
async def test_no_barrier_is_found_in_the_open_chat(visit: Visit, width: int, scheme: str) -> None:
    shop = await visit(width=width, scheme=scheme)
    await shop.open()
    visitor = await shop.write("你好")
    shop.context.say(visitor, "请选择：\n\n- 退货\n- 换货", choices=(Choice(id="a", label="退货"),))
    shop.context.notify(visitor, LiveNotice(kind="queue", place=1))
    await expect(shop.page.get_by_role("button", name="退货")).to_be_enabled()
    found = (await Axe().run(shop.page)).response["violations"]
    assert [(it["id"], [node["target"] for node in it["nodes"]]) for it in found] == []


async def test_escape_closes_and_gives_the_focus_back_and_new_messages_are_counted(visit: Visit) -> None:
    shop = await visit(locale="en-GB")
    await shop.page.get_by_role("button", name="Chat with us").click()
    await shop.page.get_by_label("Write a message…").fill("hello")
    await shop.page.keyboard.press("Enter")
    visitor = str((await shop.context.stored())[0].thread)
    await shop.page.keyboard.press("Escape")
    shop.context.say(visitor, "Good morning.")
    again = shop.page.get_by_role("button", name="Chat with us, 1 new")
    await expect(again).to_be_focused()
    await shop.page.keyboard.press("Enter")
    await expect(shop.log.get_by_text("Good morning.")).to_be_visible()
    await expect(shop.page.get_by_label("Write a message…")).to_be_focused()


async def test_the_language_follows_the_page_and_keeps_the_draft(visit: Visit) -> None:
    shop = await visit()
    await shop.open()
    await shop.page.get_by_label("请输入您的问题…").fill("写到一半")
    await shop.page.get_by_role("button", name="English").click()
    await expect(shop.page.get_by_label("Write a message…")).to_have_value("写到一半")
