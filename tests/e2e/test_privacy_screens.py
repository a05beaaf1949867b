"""Two people and a customer's data in a browser: asked for, approved, downloaded, and read in the audit; by day and by night."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Desk, Sit, Visit
from tests.e2e.test_accessibility import barriers
from tests.servers.gateway import PASSWORD, Gateway, prepared, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS = pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "zh-CN"), (390, "dark", "en-GB")], ids=["day", "night"]
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(prepared(tmp_path_factory.mktemp("privacy"))) as gateway:
        gateway.set_up("limei", "1001", "李梅")
        gateway.add_agent("zhaolei", "2001", "赵磊", role="supervisor")
        gateway.add_agent("sunyi", "4001", "孙怡", role="auditor")
        yield gateway


async def nothing_wrong(desk: Desk, name: str) -> None:
    """Keep a picture; nobody is shut out, and nothing is wider than the screen."""
    await desk.shot(f"privacy-{name}-{desk.locale}")
    assert await barriers(desk.page) == []
    wide = "() => document.documentElement.scrollWidth > innerWidth"
    assert not await desk.page.evaluate(wide), f"{name} is wider than the screen"


@SCREENS
async def test_an_export_takes_two_people_and_the_audit_tells_of_both(
    gateway: Gateway, visit: Visit, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    shop = await visit(gateway)
    await shop.open()
    await shop.write(f"转人工 {scheme}")
    await shop.heard("bot", "T20")

    look = {"width": width, "scheme": scheme, "locale": locale}
    lead = await sit(gateway, "zhaolei", **look)
    await lead.open_ticket(scheme)
    if width < 800:
        await lead.page.locator(".facts-toggle").click()
    await lead.page.get_by_test_id("ask-export").click()
    await expect(lead.page.get_by_test_id("dialog-ask-approval")).to_be_visible()
    await nothing_wrong(lead, "ask")
    await lead.page.locator("#reason").fill("客户来信要求提供自己的数据")
    await lead.page.locator("#reason").press("Control+Enter")
    request = lead.page.get_by_test_id("person-request").first
    await expect(request).to_have_attribute("data-state", "asked")
    await request.scroll_into_view_if_needed()
    await expect(lead.page.get_by_test_id("verification")).to_be_visible()
    await nothing_wrong(lead, "asked")

    admin = await sit(gateway, "limei", path="/desk#/board/approvals", **look)
    waiting = admin.page.get_by_test_id("approvals-open")
    await expect(waiting).to_be_visible()
    await nothing_wrong(admin, "waiting")
    await waiting.get_by_test_id("approve-request").first.click()
    await expect(admin.page.get_by_test_id("dialog-decision")).to_be_visible()
    await nothing_wrong(admin, "decide")
    await admin.page.locator("#answer").press("Control+Enter")
    await expect(waiting).to_have_count(0)

    await lead.page.goto(f"{gateway.url}/desk#/board/approvals")
    mine = lead.page.get_by_test_id("approvals-mine")
    await expect(mine.get_by_test_id("download")).to_be_visible()
    await expect(mine.get_by_test_id("approve-request")).to_have_count(0)
    await nothing_wrong(lead, "approved")
    async with lead.page.expect_download() as begun:
        await mine.get_by_test_id("download").click()
    assert (await begun.value).suggested_filename.endswith(".zip")
    await expect(mine).to_have_count(0)

    auditor = await sit(gateway, path="/desk#/board/audit", **look)
    await auditor.page.locator("#login").fill("sunyi")  # nothing is live for whoever sees no tickets
    await auditor.page.locator("#password").fill(PASSWORD)
    await auditor.page.locator("#password").press("Enter")
    rows = auditor.page.get_by_test_id("audit-row")
    await expect(rows.first).to_be_visible()
    await nothing_wrong(auditor, "audit")
    await auditor.page.locator("#act").fill("person.export")
    await auditor.page.locator("#act").press("Enter")
    await expect(rows.first).to_have_attribute("data-act", "person.export")
    await expect(rows.first).to_contain_text("2001")
    for desk in (lead, admin, auditor):
        assert desk.complaints == []
