"""Several folders, nightly reconciliation, outages and other clients: every mail comes in the end, once."""

import asyncio
import contextlib
import imaplib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.contract import AdapterError
from adapters.mail.adapter import MailAdapter
from adapters.mail.folders import encoded
from adapters.mail.place import places_of
from adapters.mail.settings import MailSettings
from adapters.testing import FakeClock, FakeContext
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.imap import ScriptedImap, running_imap

FOLDERS = """
namespace inbox {
  inbox = yes
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
  mailbox Junk {
    special_use = \\Junk
    auto = create
  }
}
"""


class Watched(FakeContext):
    """A context that tells when the reader came round."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.came_round = asyncio.Event()

    def progress(self, detail: str = "") -> None:
        super().progress(detail)
        self.came_round.set()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot(FOLDERS) as server:
        yield server


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Dovecot:
    dovecot.empty("support")
    return dovecot


def adapter(server: Dovecot, context: FakeContext, **imap: Any) -> MailAdapter:
    usual = {
        "host": "127.0.0.1",
        "port": server.imaps,
        "login": "support",
        "password": PASSWORD,
        "ca_file": server.ca_file,
        "start": "all",
        "poll": "200ms",
        "poll_with_idle": "200ms",
    }
    return MailAdapter(
        MailSettings.model_validate({"address": "support@shop.example", "imap": usual | imap}), context
    )


@contextlib.asynccontextmanager
async def at_work(it: MailAdapter) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(it.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await it.close()


def a_mail(n: int, text: str = "hi") -> bytes:
    return f"From: a@b.example\r\nMessage-ID: <{n}@b.example>\r\nSubject: nr {n}\r\n\r\n{text}\r\n".encode()


def put(server: Dovecot, folder: str, *mails: bytes) -> None:
    """Append mails as any other client would."""
    with imaplib.IMAP4("127.0.0.1", server.imap) as client:
        client.login("support", PASSWORD)
        name = f'"{encoded(folder)}"'
        client.create(name)
        for mail in mails:
            assert client.append(name, "", "", mail)[0] == "OK"


def subjects(context: FakeContext) -> list[str]:
    return sorted((it.raw or b"").decode().split("Subject: ")[1].split("\r")[0] for it in context.delivered)


async def test_every_folder_named_is_read_and_none_that_we_sent(mailbox: Dovecot) -> None:
    for n, folder in enumerate(("INBOX", "客户 来信", "Junk", "Sent", "Other"), start=1):
        await asyncio.to_thread(put, mailbox, folder, a_mail(n))
    clock = FakeClock()
    context = Watched(clock=clock)
    async with at_work(adapter(mailbox, context, folders=["INBOX", "客户 来信", "\\Junk"])):
        await context.stored(3)
        await clock.somebody_waits()
        await asyncio.to_thread(put, mailbox, "客户 来信", a_mail(7))
        await clock.advance(timedelta(seconds=1))
        await context.stored(4)
    assert subjects(context) == ["nr 1", "nr 2", "nr 3", "nr 7"]
    assert set(places_of(await context.cursor())) == {"INBOX", encoded("客户 来信"), "Junk"}


async def test_a_folder_of_what_we_sent_is_refused_by_its_role(mailbox: Dovecot) -> None:
    with pytest.raises(AdapterError, match="leave it out"):
        await adapter(mailbox, FakeContext(), folders=["INBOX", "Sent"]).run()


async def test_row_53_each_folder_goes_on_where_it_stopped(mailbox: Dovecot) -> None:
    context = Watched()
    await asyncio.to_thread(put, mailbox, "INBOX", a_mail(1))
    await asyncio.to_thread(put, mailbox, "Junk", a_mail(2))
    for _ in range(2):
        context.came_round.clear()
        async with at_work(adapter(mailbox, context, folders=["INBOX", "Junk"])):
            await context.stored(2)
            await context.came_round.wait()
    assert len(context.attempts) == 2


async def test_row_46_at_night_what_slipped_through_is_fetched_and_counted(mailbox: Dovecot) -> None:
    clock = FakeClock(datetime.now(UTC).replace(hour=1, minute=0))
    context = Watched(clock=clock)
    await asyncio.to_thread(put, mailbox, "INBOX", *(a_mail(n) for n in range(1, 11)))
    it = adapter(mailbox, context, poll_with_idle="1h")
    async with at_work(it):
        await context.stored(10)
        await context.came_round.wait()
    lost = context.delivered.pop(4)  # as a fault we do not know of would
    context._accepted.pop(lost.external_id)
    context.known_ids = {f"<{n}@b.example>" for n in range(1, 11) if n != 5}
    await clock.advance(timedelta(hours=2))  # 03:00: not yet
    context.came_round.clear()
    async with at_work(adapter(mailbox, context, poll_with_idle="1h")):
        await context.came_round.wait()
    assert len(context.attempts) == 10
    await clock.advance(timedelta(hours=1))
    context.came_round.clear()
    async with at_work(adapter(mailbox, context, poll_with_idle="1h")):
        found = await context.stored(10)
        await context.came_round.wait()
    assert found[-1].raw == lost.raw
    assert context.counts["reconciled_missing"] == 1
    assert len(context.attempts) == 11  # the nine that are known were not even fetched
    context.came_round.clear()
    async with at_work(adapter(mailbox, context, poll_with_idle="1h")):
        await context.came_round.wait()
    assert len(context.attempts) == 11  # once a night


async def test_mail_from_before_the_channel_began_is_not_taken_at_night(mailbox: Dovecot) -> None:
    clock = FakeClock(datetime.now(UTC).replace(hour=1, minute=0))
    context = Watched(clock=clock)
    await asyncio.to_thread(put, mailbox, "INBOX", a_mail(1), a_mail(2))
    async with at_work(adapter(mailbox, context, start="new")):
        await context.came_round.wait()
        await asyncio.to_thread(put, mailbox, "INBOX", a_mail(3))
    await clock.advance(timedelta(hours=3))
    context.came_round.clear()
    async with at_work(adapter(mailbox, context, start="new")):
        await context.came_round.wait()
        await context.stored(1)
    assert subjects(context) == ["nr 3"]


async def test_another_client_reads_moves_and_expunges_meanwhile(mailbox: Dovecot) -> None:
    clock = FakeClock()
    context = Watched(clock=clock)
    await asyncio.to_thread(put, mailbox, "INBOX", *(a_mail(n) for n in range(1, 201)))

    def meddle() -> None:
        with imaplib.IMAP4("127.0.0.1", mailbox.imap) as client:
            client.login("support", PASSWORD)
            client.select("INBOX")
            client.store("1:200", "+FLAGS", r"(\Seen)")
            for n in range(1, 60):
                client.uid("STORE", str(n * 3), "+FLAGS", r"(\Deleted)")
                client.expunge()

    async with at_work(adapter(mailbox, context)) as task:
        await asyncio.to_thread(meddle)
        await asyncio.to_thread(put, mailbox, "INBOX", a_mail(999))
        await clock.somebody_waits()
        await clock.advance(timedelta(seconds=1))
        while not any(b"<999@" in (it.raw or b"") for it in context.delivered):
            await context.stored(len(context.delivered) + 1)
            assert not task.done()
    got = subjects(context)
    kept = {f"nr {n}" for n in range(1, 201) if n % 3 or n > 177}
    assert kept <= set(got)
    assert len(got) == len(set(got))


async def test_row_45_after_three_hours_without_the_server_everything_is_caught_up(mailbox: Dovecot) -> None:
    clock = FakeClock(datetime.now(UTC))
    context = Watched(clock=clock)
    await asyncio.to_thread(put, mailbox, "INBOX", a_mail(0))
    async with at_work(adapter(mailbox, context)):
        await context.stored(1)
        await context.came_round.wait()
    for _ in range(36):  # as the keeper does, every five minutes
        with pytest.raises(AdapterError):
            await adapter(mailbox, context, port=1).run()
        await clock.advance(timedelta(minutes=5))
    await asyncio.to_thread(put, mailbox, "INBOX", *(a_mail(n) for n in range(1, 301)))
    async with at_work(adapter(mailbox, context)):
        await context.stored(301, seconds=30)
    assert len(subjects(context)) == len(set(subjects(context))) == 301


async def test_163_lets_nobody_in_who_does_not_introduce_himself() -> None:
    context = FakeContext()
    server = ScriptedImap(mails={1: a_mail(1)}, capabilities="IMAP4rev1 ID")
    async with running_imap(server):
        imap = {"host": "127.0.0.1", "port": server.port, "tls": False, "start": "all"}
        told = {"provider": "163", "address": "shop@163.com", "password": "code", "imap": imap}
        it = MailAdapter(MailSettings.model_validate(told), context)
        async with at_work(it):
            await context.stored(1)
    names = [one.split()[0] for one in server.commands]
    assert names.index("LOGIN") < names.index("ID") < names.index("EXAMINE")
