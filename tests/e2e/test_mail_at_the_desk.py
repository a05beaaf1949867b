"""What an agent sees and does about mail, in a browser, between a real mailbox and a server that takes what is sent."""

import struct
import zlib
from collections.abc import Iterator
from email.message import EmailMessage

import psutil
import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Desk, Sit
from tests.e2e.test_accessibility import barriers
from tests.e2e.test_mail import CHANNEL, a_mail, deliver
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.gateway import Gateway, prepared, running
from tests.servers.people import until
from tests.servers.smtp import Relay, Taken, running_relay

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS = pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "zh-CN"), (390, "dark", "en-GB")], ids=["day", "night"]
)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def relay(dovecot: Dovecot) -> Iterator[Relay]:
    with running_relay(dovecot.relay) as server:
        yield server


@pytest.fixture(scope="module")
def gateway(dovecot: Dovecot, relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    channel = CHANNEL.format(imaps=dovecot.imaps, submission=dovecot.submission, ca=dovecot.ca_file)
    gateway = prepared(tmp_path_factory.mktemp("maildesk"), channels=channel)
    gateway.environ = {"MAIL_PASSWORD": PASSWORD}
    with running(gateway) as gateway:
        gateway.set_up("wangfang", "1007", "王芳")
        yield gateway


def a_picture() -> bytes:
    """A PNG of 3 by 2 pixels, made by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"".join(b"\0" + b"\x20\x60\xc0" * 3 for _ in range(2)))
    header = struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def a_formatted_mail(sender: str, subject: str) -> EmailMessage:
    """With a picture of its own, one from elsewhere, a script, and an old mail quoted."""
    mail = a_mail(sender, subject)
    mail.set_content("发票抬头请改为公司全称。\n\n> 在 2026年11月20日 写道：\n> 请问抬头是什么？\n")
    mail.add_alternative(
        '<p>发票抬头请改为<b>公司全称</b>。<img src="cid:logo" alt="标志"></p>'
        '<p><img src="https://tracker.example/p.gif" alt="促销图"></p><script>document.title = "hacked"</script>'
        "<blockquote type=cite>请问抬头是什么？</blockquote>",
        subtype="html",
    )
    html = mail.get_body(("html",))
    assert html is not None
    html.add_related(a_picture(), maintype="image", subtype="png", cid="<logo>", filename="logo.png")
    return mail


async def sent_to(relay: Relay, address: str, words: str) -> Taken:
    """Wait until a mail with these words was handed to the relay for ``address``."""

    async def look() -> Taken | None:
        found = (one for one in relay.taken if one.recipients == (address,) and words in read(one))
        return next(found, None)

    return await until(look, seconds=25, what=f"{words} for {address}")


def children_of(gateway: Gateway) -> list[psutil.Process]:
    """Return the processes the gateway has started."""
    assert gateway.process is not None
    children: list[psutil.Process] = psutil.Process(gateway.process.pid).children()
    return children


def read(taken: Taken) -> str:
    """Return the words of a mail."""
    body = taken.mail.get_body(("plain",))
    return "" if body is None else str(body.get_content())


async def opened(
    sit: Sit, gateway: Gateway, subject: str, width: int = 1280, scheme: str = "light", locale: str = "zh-CN"
) -> Desk:
    """Sit down, open the ticket and take it."""
    desk = await sit(gateway, "wangfang", width=width, scheme=scheme, locale=locale)
    await desk.open_ticket(subject)
    await desk.page.get_by_test_id("claim").click()
    await expect(desk.page.locator("#composer-text")).to_be_visible()
    return desk


@SCREENS
async def test_a_formatted_mail_is_read_whole_answered_with_copies_and_passed_on(
    gateway: Gateway, dovecot: Dovecot, relay: Relay, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    customer, subject = f"chen-{scheme}@cust.example", f"发票抬头 {scheme}"
    await deliver(dovecot, a_formatted_mail(f"陈先生 <{customer}>", subject), customer)
    desk = await opened(sit, gateway, subject, width, scheme, locale)
    page = desk.page

    first = page.get_by_test_id("message").first
    await expect(first).to_contain_text("公司全称")
    await expect(first).not_to_contain_text("请问抬头是什么")
    await first.get_by_test_id("whole-open").click()
    frame = page.frame_locator("[data-testid=mail-frame]")
    await expect(frame.get_by_text("请问抬头是什么")).to_be_visible()
    logo = frame.get_by_role("img", name="标志")
    await expect(logo).to_have_js_property("naturalWidth", 3)
    assert await frame.get_by_role("img", name="促销图").get_attribute("src") is None
    assert "hacked" not in await page.title()
    await desk.shot(f"mail-whole-{scheme}-{locale}")
    assert await barriers(page) == []

    await page.get_by_test_id("others").click()
    await page.locator("#others-cc").fill("boss@cust.example")
    await page.locator("#others-bcc").fill("archive@house.example")
    await page.locator("input[type=file]").set_input_files(
        {"name": "开票资料.txt", "mimeType": "text/plain", "buffer": "税号 123".encode()}
    )
    await expect(page.get_by_text("开票资料.txt")).to_be_visible()
    assert await barriers(page) == []
    words = f"已按公司全称开票 {scheme}"
    await page.locator("#composer-text").fill(words)
    await page.get_by_test_id("send").click()
    copies = [
        await sent_to(relay, one, words) for one in (customer, "boss@cust.example", "archive@house.example")
    ]
    assert len({one.mail["Message-ID"] for one in copies}) == 1
    assert {str(one.mail["Cc"]) for one in copies} == {"boss@cust.example"}
    assert not any(b"archive@house.example" in one.content for one in copies[:2])
    assert [part.get_filename() for part in copies[0].mail.iter_attachments()] == ["开票资料.txt"]
    own = desk.message(words)
    await expect(own.get_by_test_id("delivery")).to_have_count(3)
    for i in range(3):
        await expect(own.get_by_test_id("delivery").nth(i)).to_have_attribute("data-state", "delivered")

    await first.get_by_test_id("forward").click()
    dialog = page.get_by_test_id("dialog-forward")
    await dialog.locator("#to").fill("nobody")
    await dialog.get_by_test_id("forward-submit").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("nobody")
    assert await barriers(page) == []
    await dialog.locator("#to").fill("bureau@tax.example")
    await dialog.locator("#text").fill(f"请核对抬头 {scheme}")
    await dialog.get_by_test_id("forward-submit").click()
    passed_on = await sent_to(relay, "bureau@tax.example", f"请核对抬头 {scheme}")
    assert "公司全称" in read(passed_on)
    await expect(page.get_by_test_id("forwarded")).to_contain_text("b***@tax.example")
    await desk.shot(f"mail-forwarded-{scheme}-{locale}")
    assert await barriers(page) == []
    assert desk.complaints == []


async def test_a_refused_mail_is_red_says_why_and_can_be_sent_again(
    gateway: Gateway, dovecot: Dovecot, relay: Relay, sit: Sit
) -> None:
    customer = "full@cust.example"
    await deliver(dovecot, a_mail(customer, "茶杯少了一个", "请转人工客服，少了一个杯子。"), customer)
    desk = await opened(sit, gateway, "茶杯少了一个")
    await sent_to(relay, customer, "")
    relay.at["RCPT"] = ["550 5.1.1 user unknown"] * 4
    await desk.write("我们补寄一个。")
    fate = desk.message("我们补寄一个").get_by_test_id("delivery")
    await expect(fate).to_have_attribute("data-state", "refused")
    await expect(fate.locator("summary")).to_have_text("没有这个邮箱")
    await fate.locator("summary").click()
    await expect(fate).to_contain_text("5.1.1")
    await desk.shot("mail-refused")
    assert await barriers(desk.page) == []
    relay.at.pop("RCPT")
    await fate.get_by_role("button").click()
    await expect(fate).to_have_attribute("data-state", "delivered")
    await sent_to(relay, customer, "我们补寄一个")


@SCREENS
async def test_spam_goes_to_a_view_of_its_own_and_its_sender_can_be_blocked_and_unblocked(
    gateway: Gateway, dovecot: Dovecot, sit: Sit, width: int, scheme: str, locale: str
) -> None:
    sender = f"mallory-{scheme}@evil.example"
    await deliver(dovecot, a_mail(sender, f"便宜手表 {scheme}", "请转人工客服，我有一批便宜手表。"), sender)
    desk = await sit(gateway, "wangfang", width=width, scheme=scheme, locale=locale)
    page = desk.page
    number = await desk.open_ticket(f"便宜手表 {scheme}")
    await page.get_by_test_id("spam").click()
    await page.locator("input[value=address]").check()
    assert await barriers(page) == []
    await page.get_by_test_id("spam-submit").click()
    await expect(page.get_by_test_id("not-spam")).to_be_visible()

    await deliver(dovecot, a_mail(sender, f"更便宜的手表 {scheme}", "请转人工客服，再看看。"), sender)
    await page.goto(f"{gateway.url}/desk#/spam")
    rows = page.get_by_test_id("ticket-row")
    await expect(rows.filter(has_text=f"更便宜的手表 {scheme}")).to_be_visible()
    await expect(page.locator(f'[data-ticket="{number}"]')).to_be_visible()
    await desk.shot(f"mail-spam-{scheme}-{locale}")
    assert await barriers(page) == []

    await page.goto(f"{gateway.url}/desk#/mail/blocked")
    line = page.get_by_test_id("blocked").filter(has_text=sender)
    await expect(line).to_be_visible()
    await desk.shot(f"mail-blocked-{scheme}-{locale}")
    assert await barriers(page) == []
    await line.get_by_role("button").click()
    await expect(line).to_have_count(0)

    await page.goto(f"{gateway.url}/desk#/spam/{number}")
    await page.get_by_test_id("not-spam").first.click()
    await page.get_by_test_id("not-spam-submit").click()
    await expect(page.get_by_test_id("claim")).to_be_visible()
    assert desk.complaints == []


async def test_what_could_not_be_read_is_opened_as_text_and_read_again(
    gateway: Gateway, dovecot: Dovecot, relay: Relay, sit: Sit
) -> None:
    await deliver(
        dovecot, a_mail("warm@cust.example", "请问怎么退货？", "请问怎么退货？"), "warm@cust.example"
    )
    await sent_to(relay, "warm@cust.example", "")
    (parser,) = (one for one in children_of(gateway) if "adapters.mail.worker" in one.cmdline())
    parser.suspend()  # as a mail would that keeps it busy for ever
    odd = a_mail("odd@cust.example", "odd", "tick, tack <script>")
    await deliver(dovecot, odd, "odd@cust.example")
    desk = await sit(gateway, "wangfang")
    await expect(desk.page.get_by_test_id("ticket-row").filter(has_text="无法读取的消息")).to_be_visible()
    await desk.page.get_by_test_id("nav-mail").click()
    card = desk.page.get_by_test_id("kept")
    await expect(card).to_have_count(1)
    await card.get_by_test_id("kept-open").click()
    await expect(card.get_by_test_id("kept-text")).to_contain_text("tick, tack <script>")
    await desk.shot("mail-unread")
    assert await barriers(desk.page) == []
    async with desk.page.expect_download() as started:
        await card.locator("a[download]").click()
    kept = await (await started.value).path()
    assert b"tick, tack" in kept.read_bytes()
    await card.get_by_test_id("kept-release").click()
    await expect(card).to_have_count(0)
    assert desk.complaints == []
