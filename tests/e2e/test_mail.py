"""Mail through real servers: a customer's mailbox on one side, an agent at the desk on the other."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import psutil
import pytest
import pytest_asyncio

from tests.e2e.conftest import ARTIFACTS
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.gateway import Gateway, prepared, running
from tests.servers.people import Agent, signed_in, until
from tests.servers.smtp import Relay, Taken, running_relay

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHANNEL = """
[channels.mail]
kind = "mail"
address = "support@shop.example"
name = "晨光小店"
parse_deadline = "2s"

[channels.mail.imap]
host = "127.0.0.1"
port = {imaps}
login = "support"
password = {{ env = "MAIL_PASSWORD" }}
ca_file = "{ca}"
start = "all"

[channels.mail.smtp]
host = "127.0.0.1"
port = {submission}
security = "starttls"
login = "support"
password = {{ env = "MAIL_PASSWORD" }}
ca_file = "{ca}"
"""
SUPPORT = "support@shop.example"
MAILS = 40
_count = itertools.count(1)


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
    gateway = prepared(tmp_path_factory.mktemp("mail"), channels=channel)
    gateway.environ = {"MAIL_PASSWORD": PASSWORD}
    with running(gateway) as gateway:
        gateway.set_up("wangfang", "1007", "王芳")
        yield gateway


@pytest_asyncio.fixture(loop_scope="session")
async def agent(gateway: Gateway) -> AsyncIterator[Agent]:
    async with signed_in(gateway.url, "wangfang") as agent:
        yield agent


def a_mail(sender: str, subject: str, text: str = "", **headers: str) -> EmailMessage:
    """Return a mail to the shop, with an id of its own."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = headers.pop("To", SUPPORT)
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{next(_count)}.{time.time_ns()}@cust.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text:
        mail.set_content(text)
    return mail


async def deliver(dovecot: Dovecot, mail: EmailMessage | bytes, sender: str = "", to: str = SUPPORT) -> None:
    """Hand a mail in; the server has accepted it when this returns."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    await asyncio.to_thread(dovecot.deliver, to, raw, sender)


async def received(relay: Relay, address: str, count: int = 1) -> list[Taken]:
    """Wait until so many mails to ``address`` were handed to the relay."""

    async def look() -> list[Taken] | None:
        found = [one for one in relay.taken if one.recipients == (address,)]
        return found if len(found) >= count else None

    return await until(look, seconds=25, what=f"{count} mails to {address}")


async def worked_off(gateway: Gateway) -> None:
    """Wait until everything stored was decided about, and everything to send was sent."""

    async def look() -> bool:
        waiting = gateway.rows("SELECT count(*) FROM inbox WHERE state = 'new'")[0][0]
        due = gateway.rows("SELECT count(*) FROM outbox WHERE state IN ('due', 'sending')")[0][0]
        return bool(waiting == due == 0)

    await until(look, what="an empty inbox and outbox")


def plain(taken: Taken) -> str:
    """Return the words of a mail."""
    body = taken.mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_a_mail_is_acknowledged_answered_by_a_person_and_threads_into_one_ticket(
    dovecot: Dovecot, relay: Relay, agent: Agent
) -> None:
    first = a_mail("张三 <zhang@cust.example>", "台灯不亮", "台灯用了两天就不亮了，编号 7731，请帮我看看。")
    await deliver(dovecot, first, "zhang@cust.example")
    (acknowledgement,) = await received(relay, "zhang@cust.example")
    said = acknowledgement.mail
    ticket = await agent.ticket(lambda one: "台灯不亮" in one["subject"])
    number = ticket["number"]
    assert said["In-Reply-To"] == first["Message-ID"]
    assert said["Auto-Submitted"] == "auto-replied"
    assert acknowledgement.sender == ""
    assert number in plain(acknowledgement)
    assert f"[{number}]" in said["Subject"]
    assert "编号 7731" not in plain(acknowledgement)  # an automatic mail quotes nothing
    assert ticket["contact"]["name"] == "张三"

    await agent.claim(number)
    await agent.reply(number, "您好，请把台灯寄回，我们为您更换。")
    _, answer = await received(relay, "zhang@cust.example", 2)  # taking over greets nobody by mail
    assert "请把台灯寄回" in plain(answer)
    assert "王芳（工号 1007）" in plain(answer)
    assert answer.mail["Auto-Submitted"] is None
    assert answer.sender.startswith("support+b-")  # bounces come back to this very copy

    by_references = a_mail("张三 <zhang@cust.example>", "Re: 台灯不亮", "好的，寄到哪里？",
        References=str(answer.mail["Message-ID"]), In_Reply_To=str(answer.mail["Message-ID"]))  # fmt: skip
    await deliver(dovecot, by_references, "zhang@cust.example")
    page = await agent.page_with(number, lambda it: "寄到哪里" in it["messages"][-1]["text"])
    token = parseaddr(str(answer.mail["Reply-To"]))[1]
    assert token.startswith("support+")
    by_token = a_mail("张三 <zhang@cust.example>", "新的主题", "另外，邮费谁付？", To=token)
    await deliver(dovecot, by_token, "zhang@cust.example", to=token)
    page = await agent.page_with(number, lambda it: "邮费谁付" in it["messages"][-1]["text"])
    assert [one["author"] for one in page["messages"] if one["author"] == "customer"] == ["customer"] * 3
    delivered = [one["delivery"]["state"] for one in page["messages"] if one["author"] == "agent"]
    assert delivered == ["delivered"]


async def test_html_in_gb18030_with_an_attachment_is_read(
    dovecot: Dovecot, relay: Relay, agent: Agent
) -> None:
    mail = a_mail("=?gb18030?B?wO7LxA==?= <li@cust.example>", "发票问题")
    mail.set_content(
        "<p>发票抬头写错了：<b>晨星科技</b>，请改为 㐀星 𠮷田。</p>", subtype="html", charset="gb18030"
    )
    mail.add_attachment(b"%PDF-1.7 sample", maintype="application", subtype="pdf", filename="发票（错）.pdf")
    await deliver(dovecot, mail, "li@cust.example")
    ticket = await agent.ticket(lambda one: one["subject"] == "发票问题")
    page = await agent.page(ticket["number"])
    first = page["messages"][0]
    assert "发票抬头写错了" in first["text"]
    assert "㐀星 𠮷田" in first["text"]
    assert ticket["contact"]["name"] == "李四"
    (file,) = first["attachments"]
    assert file["name"] == "发票（错）.pdf"
    content = await agent.ask("GET", f"/attachments/{file['id']}")
    assert content.body == b"%PDF-1.7 sample"
    await received(relay, "li@cust.example")


async def test_an_answer_from_the_knowledge_base_comes_with_the_greeting(
    dovecot: Dovecot, relay: Relay, gateway: Gateway
) -> None:
    await deliver(dovecot, a_mail("chen@cust.example", "退货", "请问怎么退货？"), "chen@cust.example")
    (answer,) = await received(relay, "chen@cust.example")
    assert "申请退货" in plain(answer)
    assert "晨光小店" in plain(answer)
    assert answer.mail.get_body(("html",)) is not None


async def test_automatic_mail_is_kept_and_answered_by_nobody(
    dovecot: Dovecot, relay: Relay, gateway: Gateway
) -> None:
    away = a_mail(
        "zhao@cust.example", "自动回复：我在休假", "我在休假，下周回复。", Auto_Submitted="auto-replied"
    )
    news = a_mail(
        "news@cust.example", "双十一大促", "全场五折", List_Id="<news.cust.example>", Precedence="bulk"
    )
    for mail in (away, news):
        await deliver(dovecot, mail, str(mail["From"]))
    marker = a_mail("after@cust.example", "请问怎么退货？", "请问怎么退货？")
    await deliver(dovecot, marker, "after@cust.example")
    await received(relay, "after@cust.example")
    await worked_off(gateway)
    stored = gateway.rows("SELECT text FROM message WHERE text LIKE '%休假%' OR text LIKE '%五折%'")
    assert len(stored) == 2
    assert not [one for one in relay.taken if one.recipients[0] in ("zhao@cust.example", "news@cust.example")]


async def test_a_bounce_is_shown_at_the_very_message(dovecot: Dovecot, relay: Relay, agent: Agent) -> None:
    await deliver(
        dovecot,
        a_mail("gone@cust.example", "茶杯碎了", "我的订单 77 有一个特别的问题，需要人来看。"),
        "gone@cust.example",
    )
    await received(relay, "gone@cust.example")
    number = (await agent.ticket(lambda one: one["subject"] == "茶杯碎了"))["number"]
    await agent.claim(number)
    await agent.reply(number, "我们重新寄给您。")
    _, answer = await received(relay, "gone@cust.example", 2)
    await deliver(dovecot, bounce_of(answer))
    page = await agent.page_with(number, lambda it: _state_of(it, "重新寄给您") == "bounced")
    (told,) = [one for one in page["messages"] if "重新寄给您" in one["text"]]
    assert "5.1.1" in told["delivery"]["error"]
    assert len([one for one in relay.taken if one.recipients == ("gone@cust.example",)]) == 2


async def test_a_mail_nobody_can_read_becomes_a_ticket_with_the_original_attached(
    dovecot: Dovecot, relay: Relay, gateway: Gateway, agent: Agent
) -> None:
    await deliver(
        dovecot, a_mail("warm@cust.example", "请问怎么退货？", "请问怎么退货？"), "warm@cust.example"
    )
    await received(relay, "warm@cust.example")
    assert gateway.process is not None
    children = psutil.Process(gateway.process.pid).children()
    (parser,) = [one for one in children if "adapters.mail.worker" in one.cmdline()]
    parser.suspend()  # as a mail would that keeps it busy for ever
    bomb = a_mail("odd@cust.example", "bomb", "tick, tack")
    await deliver(dovecot, bomb, "odd@cust.example")
    ticket = await agent.ticket(lambda one: one["subject"] == "无法读取的消息")
    (first, *_) = (await agent.page(ticket["number"]))["messages"]
    assert "无法读取" in first["text"]
    assert first["raw"]
    (file,) = first["attachments"]
    original = await agent.ask("GET", f"/attachments/{file['id']}")
    assert b"tick, tack" in original.body
    await deliver(
        dovecot, a_mail("next@cust.example", "请问怎么退货？", "请问怎么退货？"), "next@cust.example"
    )
    await received(relay, "next@cust.example")
    assert not [one for one in relay.taken if one.recipients == ("odd@cust.example",)]


async def test_a_mail_of_a_hundred_megabytes_becomes_a_ticket_and_holds_up_no_other(
    dovecot: Dovecot, relay: Relay, gateway: Gateway, agent: Agent
) -> None:
    await deliver(dovecot, a_huge_mail(100 * 1024 * 1024), "big@cust.example")
    await deliver(
        dovecot, a_mail("small@cust.example", "请问怎么退货？", "请问怎么退货？"), "small@cust.example"
    )
    await received(relay, "small@cust.example")
    ticket = await agent.ticket(lambda one: one["subject"] == "huge file")
    (first, *_) = (await agent.page(ticket["number"]))["messages"]
    assert first["text"] == "please find my video"
    assert "only its beginning" in " ".join(first["problems"])  # the agent sees that it is not whole
    (told,) = await received(relay, "big@cust.example")
    assert "larger than 26 MB" in plain(told)  # and the customer what to do
    assert gateway.process is not None
    tree = psutil.Process(gateway.process.pid)
    assert sum(one.memory_info().rss for one in (tree, *tree.children())) < 500 * 1024 * 1024


async def test_acknowledgements_leave_within_seconds(
    dovecot: Dovecot, relay: Relay, gateway: Gateway
) -> None:
    accepted: dict[str, float] = {}
    handed_over: dict[str, float] = {}

    def note(taken: Taken) -> None:
        handed_over.setdefault(taken.recipients[0], time.monotonic())

    relay.hand_on = note
    for n in range(MAILS):
        address = f"quick{n}@cust.example"
        mail = a_mail(address, f"问题 {n}", f"我的订单 {n} 有一个特别的问题，需要人来看。")
        await deliver(dovecot, mail, address)
        accepted[address] = time.monotonic()
        await asyncio.sleep(0.15)
    for address in accepted:
        await received(relay, address)
    relay.hand_on = None
    spans = sorted(handed_over[address] - accepted[address] for address in accepted)
    figures: dict[str, Any] = {
        "mails": MAILS,
        "p50_s": round(spans[MAILS // 2], 3),
        "p95_s": round(spans[int(MAILS * 0.95) - 1], 3),
        "max_s": round(spans[-1], 3),
        "from": "accepted by LMTP (Dovecot)",
        "to": "acknowledgement taken by the SMTP relay behind submission",
    }
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / "mail-latency.json").write_text(json.dumps(figures, indent=2) + "\n")
    assert figures["p95_s"] <= 10, figures


def a_huge_mail(size: int) -> bytes:
    """Return a mail with a video of so many bytes."""
    line = b"A" * 76 + b"\r\n"
    head = (
        b"From: big@cust.example\r\nTo: support@shop.example\r\nSubject: huge file\r\n"
        b'Message-ID: <big@cust.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\n\r\nplease find my video\r\n--b\r\nContent-Type: video/mp4; name=v.mp4\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head + line * (size // len(line)) + b"--b--\r\n"


def bounce_of(taken: Taken) -> bytes:
    """Return what the receiving server says when there is no such mailbox (RFC 3464)."""
    address = taken.recipients[0]
    return (
        "From: MAILER-DAEMON@mx.cust.example (Mail Delivery System)\nTo: support@shop.example\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        f"Message-ID: <dsn{time.time_ns()}@mx.cust.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"\n\n'
        f"--dsn\nContent-Type: text/plain\n\nYour mail could not be delivered to {address}.\n"
        "--dsn\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.cust.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        f"--dsn\nContent-Type: message/rfc822\n\n{_head(taken)}\n\n--dsn--\n"
    ).encode()


def _head(taken: Taken) -> str:
    wanted = ("From", "To", "Message-ID")
    return "\n".join(f"{name}: {taken.mail[name]}" for name in wanted).encode("ascii", "replace").decode()


def _state_of(page: dict[str, Any], words: str) -> str | None:
    return next(
        (one["delivery"]["state"] for one in page["messages"] if words in one["text"] and one["delivery"]),
        None,
    )
