"""Mail over real servers: Dovecot for IMAP and submission, a scripted relay behind it."""

import asyncio
import contextlib
import imaplib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from adapters.contract import BadCredentials, Inbound, NotStored
from adapters.mail.adapter import MailAdapter
from adapters.mail.place import places_of
from adapters.mail.settings import MailSettings
from adapters.testing import FakeClock, FakeContext
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Dovecot:
    """The same server, the support mailbox empty."""
    dovecot.empty("support")
    return dovecot


def settings(server: Dovecot, **changes: Any) -> MailSettings:
    imap = {
        "host": "127.0.0.1",
        "port": server.imaps,
        "login": "support",
        "password": PASSWORD,
        "ca_file": server.ca_file,
        "start": "all",
        "poll": "1s",
        "timeout": "10s",
    }
    imap |= changes.pop("imap", {})
    return MailSettings.model_validate({"address": "support@shop.example", "imap": imap} | changes)


def a_mail(subject: str = "订单", text: str = "您好，我的订单在哪里？", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "张三 <alice@cust.example>"
    mail["To"] = "support@shop.example"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{abs(hash((subject, text)))}@cust.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


class RealClock(FakeClock):
    """The wall's own time, for tests with real servers."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, span: timedelta) -> None:
        await asyncio.sleep(span.total_seconds())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class WatchedContext(FakeContext):
    """A context that tells when the reader has come round."""

    def __init__(self) -> None:
        super().__init__(clock=RealClock())
        self.came_round = asyncio.Event()

    def progress(self, detail: str = "") -> None:
        super().progress(detail)
        self.came_round.set()


def a_context() -> WatchedContext:
    return WatchedContext()


@contextlib.asynccontextmanager
async def at_work(adapter: MailAdapter) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(adapter.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await adapter.close()


async def test_a_delivered_mail_is_handed_over_raw_and_then_read(mailbox: Dovecot) -> None:
    context = a_context()
    adapter = MailAdapter(settings(mailbox), context)
    async with at_work(adapter):
        await asyncio.to_thread(mailbox.deliver, "support@shop.example", a_mail())
        (raw,) = await context.stored()
        assert raw.kind == "raw"
        assert raw.raw
        inbound = await adapter.complete(raw)
    assert inbound.kind == "message"
    assert inbound.address == "alice@cust.example"
    assert inbound.name == "张三"
    assert inbound.subject == "订单"
    assert inbound.text == "您好，我的订单在哪里？"
    assert inbound.may_autorespond
    assert inbound.raw == raw.raw
    assert inbound.external_id == raw.external_id


async def test_mail_that_arrives_while_idling_comes_at_once(mailbox: Dovecot) -> None:
    context = a_context()
    async with at_work(MailAdapter(settings(mailbox, imap={"poll_with_idle": "1h"}), context)):
        for n in range(3):
            await asyncio.to_thread(mailbox.deliver, "support@shop.example", a_mail(f"nr {n}"))
            await context.stored(n + 1, seconds=5)


async def test_mail_is_found_without_idle(mailbox: Dovecot) -> None:
    context = a_context()
    with running_dovecot("imap_capability = IMAP4rev1 LITERAL+ ID") as server:
        async with at_work(MailAdapter(settings(server, imap={"poll": "200ms"}), context)):
            await asyncio.to_thread(server.deliver, "support@shop.example", a_mail("eins"))
            await context.stored(1)
            await asyncio.to_thread(server.deliver, "support@shop.example", a_mail("zwei"))
            await context.stored(2)


async def test_only_new_mail_is_taken_unless_all_is_asked_for(mailbox: Dovecot) -> None:
    mailbox.deliver("support@shop.example", a_mail("old"))
    context = a_context()
    async with at_work(MailAdapter(settings(mailbox, imap={"start": "new"}), context)):
        await context.came_round.wait()
        await asyncio.to_thread(mailbox.deliver, "support@shop.example", a_mail("new"))
        (raw,) = await context.stored()
    assert b"Subject: new" in (raw.raw or b"")


async def test_row_53_a_restart_goes_on_where_it_stopped(mailbox: Dovecot) -> None:
    context = a_context()
    mailbox.deliver("support@shop.example", a_mail("one"))
    async with at_work(MailAdapter(settings(mailbox), context)):
        await context.stored(1)
    mailbox.deliver("support@shop.example", a_mail("two"))
    async with at_work(MailAdapter(settings(mailbox), context)):
        await context.stored(2)
    assert len(context.attempts) == 2


async def test_what_could_not_be_stored_comes_again(mailbox: Dovecot) -> None:
    context = a_context()
    context.fail_next(NotStored("disk full"))
    mailbox.deliver("support@shop.example", a_mail())
    adapter = MailAdapter(settings(mailbox), context)
    with pytest.raises(NotStored):
        await adapter.run()
    async with at_work(adapter):
        await context.stored(1)


async def test_row_46_a_renumbered_mailbox_is_read_again_without_doubling(mailbox: Dovecot) -> None:
    context = a_context()
    mails = [a_mail(f"nr {n}") for n in range(5)]
    for mail in mails:
        mailbox.deliver("support@shop.example", mail)
    async with at_work(MailAdapter(settings(mailbox), context)):
        await context.stored(5)
        await context.came_round.wait()
    before = places_of(await context.cursor())["INBOX"]
    raws = [inbound.raw or b"" for inbound in context.delivered]
    mailbox.empty("support")
    await append(mailbox, [*raws, a_mail("the sixth")])
    context.came_round.clear()
    async with at_work(MailAdapter(settings(mailbox), context)):
        await context.stored(6)
        await context.came_round.wait()
    after = places_of(await context.cursor())["INBOX"]
    assert before.uidvalidity != after.uidvalidity
    assert len(context.delivered) == 6
    assert len(context.attempts) == 11


async def append(server: Dovecot, raws: list[bytes]) -> None:
    """Put mails into the mailbox byte by byte, as a migration would."""

    def work() -> None:
        with imaplib.IMAP4("127.0.0.1", server.imap) as client:
            client.login("support", PASSWORD)
            for raw in raws:
                client.append("INBOX", "", "", raw)

    await asyncio.to_thread(work)


async def test_row_48_a_mail_beyond_the_limit_is_handed_over_in_part(mailbox: Dovecot) -> None:
    context = a_context()
    adapter = MailAdapter(settings(mailbox, max_size=70_000), context)
    mailbox.deliver("support@shop.example", a_mail("huge", "x" * 70 + "\n" + ("y" * 70 + "\n") * 3000))
    mailbox.deliver("support@shop.example", a_mail("small"))
    async with at_work(adapter):
        huge, small = await context.stored(2)
        assert len(huge.raw or b"") < 70_000
        assert "only its beginning was fetched" in huge.defects[0]
        inbound = await adapter.complete(huge)
        assert inbound.subject == "huge"
        assert inbound.text.startswith("xxx")
        assert "only its beginning was fetched" in inbound.defects[0]
        assert small.defects == ()


async def test_a_thousand_mails_come_in_order_and_once(mailbox: Dovecot) -> None:
    context = a_context()
    await append(mailbox, [a_mail(f"nr {n}") for n in range(1000)])
    async with at_work(MailAdapter(settings(mailbox), context)):
        stored = await context.stored(1000, seconds=60)
    subjects = [inbound_subject(it) for it in stored]
    assert subjects == [f"nr {n}" for n in range(1000)]


def inbound_subject(inbound: Inbound) -> str:
    line = next(line for line in (inbound.raw or b"").splitlines() if line.startswith(b"Subject:"))
    return line.removeprefix(b"Subject: ").decode()


async def test_a_kicked_connection_ends_the_run_at_once(mailbox: Dovecot) -> None:
    context = a_context()
    async with at_work(MailAdapter(settings(mailbox, imap={"poll_with_idle": "1h"}), context)) as task:
        await context.came_round.wait()
        await asyncio.to_thread(mailbox.doveadm, "kick", "support")
        done, _ = await asyncio.wait([task], timeout=5)
        assert done
        assert "closed the connection" in str(task.exception())


async def test_a_wrong_password_names_the_remedy(mailbox: Dovecot) -> None:
    adapter = MailAdapter(settings(mailbox, imap={"password": "wrong"}), a_context())
    with pytest.raises(BadCredentials, match=r"imap\.password"):
        await adapter.run()
    await adapter.close()


async def test_row_47_the_mailbox_is_left_as_it_was(mailbox: Dovecot) -> None:
    context = a_context()
    mailbox.deliver("support@shop.example", a_mail())
    async with at_work(MailAdapter(settings(mailbox), context)):
        await context.stored()
    assert "seen" not in mailbox.doveadm("fetch", "-u", "support", "flags", "all").lower()


async def test_mails_are_marked_as_seen_where_it_is_asked_for(mailbox: Dovecot) -> None:
    context = a_context()
    mailbox.deliver("support@shop.example", a_mail())
    async with at_work(MailAdapter(settings(mailbox, imap={"mark": "seen"}), context)):
        await context.came_round.wait()
    assert "seen" in mailbox.doveadm("fetch", "-u", "support", "flags", "all").lower()


async def test_probing_a_working_mailbox_finds_nothing(mailbox: Dovecot) -> None:
    smtp = {
        "host": "127.0.0.1",
        "port": mailbox.submission,
        "security": "starttls",
        "login": "support",
        "password": PASSWORD,
        "ca_file": mailbox.ca_file,
    }
    adapter = MailAdapter(settings(mailbox, smtp=smtp), a_context())
    assert await adapter.probe() == []
    await adapter.close()


async def test_probing_names_the_folders_there_are(mailbox: Dovecot) -> None:
    adapter = MailAdapter(settings(mailbox, imap={"folders": ["没有这个"]}), a_context())
    findings = await adapter.probe()
    assert any("INBOX" in finding for finding in findings)
    await adapter.close()
