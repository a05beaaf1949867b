"""The knowledge page as an editor uses it: search, try, find what is missing, draft it; by day and by night."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Sit, Visit
from tests.e2e.test_accessibility import barriers
from tests.servers.gateway import PASSWORD, ROOT, Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

UNKNOWN = "你们的仓库在哪个城市呀"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    if shutil.which("git") is None:
        pytest.skip("needs git: apt-get install git")
    folder = tmp_path_factory.mktemp("knowledge")
    entries = folder / "entries"
    shutil.copytree(ROOT / "knowledge" / "entries", entries)
    (entries / "坏.md").write_text("---\n标准问法: 坏\n没有这个字段: x\n---\n答案\n", "utf-8")
    subprocess.run(["git", "init", "--quiet", str(entries)], check=True)
    with running(prepared(folder, knowledge=entries)) as gateway:
        gateway.set_up("limei", "1001", "李梅")
        gateway.add_agent("wang", "1002", "王编辑", role="editor")
        yield gateway


def authors(repository: Path) -> list[str]:
    """Return who committed, the newest first."""
    command = ["git", "log", "--format=%an"]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "zh-CN"), (390, "dark", "en-GB")], ids=["day", "night"]
)
async def test_an_editor_reads_tries_and_finds_no_barrier(
    gateway: Gateway, visit: Visit, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write("退货的运费谁承担")
    await shop.heard("bot", "运费")

    desk = await sit(gateway, "limei", width=width, scheme=scheme, locale=locale)
    page = desk.page
    await page.get_by_test_id("nav-knowledge").click()
    await expect(page.get_by_test_id("entry-row").first).to_be_visible()
    await expect(page.get_by_test_id("file-problems")).to_contain_text("坏.md")
    await desk.shot(f"knowledge-list-{scheme}-{locale}")
    assert await barriers(page) == []

    await page.keyboard.press("/")
    await expect(page.locator("#search")).to_be_focused()
    await page.keyboard.type("退货要自己出邮费吗")
    entry = page.locator('[data-entry="退货运费"]')
    await entry.click()
    await expect(page.get_by_test_id("entry-used")).to_contain_text("1")
    await desk.shot(f"knowledge-entry-{scheme}-{locale}")
    assert await barriers(page) == []

    await page.get_by_test_id("knowledge-try").click()
    await page.locator("#try-text").fill("我买的东西不想要了，退回去运费谁出")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("verdict")).to_be_visible()
    await expect(page.get_by_test_id("match").first).to_contain_text("%")
    await expect(page.get_by_role("tabpanel")).to_be_visible()
    await desk.shot(f"knowledge-try-{scheme}-{locale}")
    assert await barriers(page) == []


async def test_what_nobody_could_answer_becomes_a_draft_with_one_click(
    gateway: Gateway, visit: Visit, sit: Sit
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write(UNKNOWN)
    await shop.heard("bot", "麻烦您")

    desk = await sit(gateway, "limei", path="/desk#/knowledge/gaps")
    page = desk.page
    gap = page.get_by_test_id("gap").filter(has_text=UNKNOWN)
    await expect(gap).to_be_visible()
    assert await barriers(page) == []
    await gap.get_by_test_id("draft").click()
    await expect(gap.get_by_test_id("drafted")).to_contain_text(f"_{UNKNOWN}.md")
    await desk.shot("knowledge-gaps")
    assert await barriers(page) == []
    entries = gateway.folder / "entries"
    assert UNKNOWN in (entries / f"_{UNKNOWN}.md").read_text("utf-8")
    assert authors(entries) == ["李梅"]


async def test_why_the_bot_said_it_is_one_click_from_the_message(
    gateway: Gateway, visit: Visit, sit: Sit
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write("怎么申请发票")
    await shop.heard("bot", "发票")
    await shop.write("转人工")
    await shop.heard("bot", "T20")
    desk = await sit(gateway, "limei")
    await desk.open_ticket("转人工")
    answered = desk.message("发票").and_(desk.page.locator('[data-author="bot"]')).first
    await answered.locator("summary").click()
    await answered.get_by_test_id("why").click()
    await expect(desk.page.locator("#try-text")).to_have_value("怎么申请发票")
    await expect(desk.page.get_by_test_id("verdict")).to_be_visible()


async def test_an_editor_who_sees_no_tickets_comes_straight_to_the_knowledge(
    gateway: Gateway, sit: Sit
) -> None:
    desk = await sit(gateway)
    page = desk.page
    await page.locator("#login").fill("wang")
    await page.locator("#password").fill(PASSWORD)
    await page.locator("#password").press("Enter")
    await expect(page.get_by_test_id("entry-row").first).to_be_visible()
    await expect(page.get_by_test_id("queue-all")).to_have_count(0)
    assert await barriers(page) == []
    assert desk.complaints == []
