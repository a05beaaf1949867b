"""README's picture: the shop with its chat on the left, the desk on the right, the same message in both.

The picture is made anew each time and compared in size; it is only written into docs with UPDATE_SCREENSHOT=1.
"""

import base64
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.conftest import ARTIFACTS, Sit, Visit
from tests.servers.gateway import ROOT, Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURE = ROOT / "docs" / "images" / "first-screen.png"
SIZE = (1600, 900)
PARTS = (560, 1040)
PAGE = """<!doctype html><body style="margin:0;display:flex;background:#fff">
<img width="{0}" src="data:image/png;base64,{2}"><img width="{1}" src="data:image/png;base64,{3}">"""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    with running(prepared(tmp_path)) as gateway:
        gateway.set_up("limei", "1001", "李梅")
        yield gateway


async def test_the_picture_on_the_first_page_can_be_made(
    gateway: Gateway, visit: Visit, sit: Sit, browser: Browser
) -> None:
    shop = await visit(gateway, width=PARTS[0], height=SIZE[1])
    desk = await sit(gateway, "limei", width=PARTS[1], height=SIZE[1])
    await desk.go_online()
    await shop.open()
    await shop.write("怎么退货")
    await shop.heard("bot", "申请退货")
    await shop.write("台灯收到时灯罩碎了，转人工")
    await shop.heard("bot", "已为您转接")
    await desk.open_ticket("灯罩碎了")
    await desk.page.get_by_test_id("claim").click()
    await desk.write("非常抱歉！请拍一张照片发给我，我今天就为您登记补发。")
    await shop.heard("agent", "请拍一张照片")
    await desk.page.get_by_test_id("queue-mine").click()
    await desk.open_ticket("灯罩碎了")
    await shop.write("好的，这就拍")
    await expect(desk.message("好的，这就拍")).to_be_visible()
    await expect(desk.page.get_by_test_id("queue-mine")).to_contain_text("1")
    await expect(desk.page.get_by_test_id("notice-done")).to_have_count(0)

    left, right = [base64.b64encode(await one.page.screenshot()).decode() for one in (shop, desk)]
    page = await browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    await page.set_content(PAGE.format(*PARTS, left, right))
    made = await page.screenshot()
    await page.close()
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / "first-screen.png").write_bytes(made)
    assert size_of(made) == SIZE
    if os.environ.get("UPDATE_SCREENSHOT"):
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_bytes(made)
    assert size_of(PICTURE.read_bytes()) == SIZE


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height
