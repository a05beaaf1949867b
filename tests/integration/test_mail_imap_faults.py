"""Whatever an IMAP server does wrong, the reader ends with a word about it, and every mail comes in the end, once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.contract import AdapterError
from adapters.mail.adapter import MailAdapter
from adapters.mail.settings import MailSettings
from adapters.testing import FakeClock, FakeContext
from tests.servers.imap import ScriptedImap, running_imap


def mails(count: int) -> dict[int, bytes]:
    return {n: f"From: a@b.example\r\nSubject: nr {n}\r\n\r\nhello\r\n".encode() for n in range(1, count + 1)}


@pytest.fixture
async def server() -> AsyncIterator[ScriptedImap]:
    async with running_imap(ScriptedImap(mails=mails(5))) as it:
        yield it


def adapter_for(server: ScriptedImap, context: FakeContext, **imap: Any) -> MailAdapter:
    values = {
        "host": "127.0.0.1",
        "port": server.port,
        "tls": False,
        "login": "support",
        "password": "secret",
        "start": "all",
        "timeout": "200ms",
    }
    return MailAdapter(
        MailSettings.model_validate({"address": "support@shop.example", "imap": values | imap}), context
    )


@contextlib.asynccontextmanager
async def at_work(adapter: MailAdapter) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(adapter.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await adapter.close()


FAULTS = ("silence", "bye", "reset", "half", "no", "bad", "wrong tag", "junk")
PHASES = ("GREETING", "LOGIN", "CAPABILITY", "EXAMINE", "SEARCH", "FETCH")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("phase", PHASES)
async def test_row_45_after_any_fault_a_new_run_brings_every_mail_once(
    server: ScriptedImap, phase: str, fault: str
) -> None:
    context = FakeContext()
    adapter = adapter_for(server, context)
    server.at[phase] = [fault]
    async with asyncio.timeout(10):
        with contextlib.suppress(AdapterError, TimeoutError):
            async with asyncio.timeout(0.8):
                await adapter.run()
        async with at_work(adapter):
            await context.stored(5)
    assert [inbound.raw for inbound in context.delivered] == list(server.mails.values())


@pytest.mark.parametrize("fault", ["silence", "bye", "reset"])
async def test_a_fault_says_what_happened(server: ScriptedImap, fault: str) -> None:
    adapter = adapter_for(server, FakeContext())
    server.at["SEARCH"] = [fault]
    with pytest.raises(AdapterError, match=r"127\.0\.0\.1 (closed|was silent|did not)"):
        await adapter.run()


async def test_a_fault_in_the_middle_loses_and_doubles_nothing(server: ScriptedImap) -> None:
    context = FakeContext()
    adapter = adapter_for(server, context)
    server.mails = {n: b"Subject: nr %d\r\n\r\n" % n + b"x" * 100_000 for n in range(1, 101)}
    for _ in range(4):  # the sizes are told; the second group of bodies never comes
        server.at["FETCH"] = ["", "", "silence"]
        with pytest.raises(AdapterError):
            await adapter.run()
    server.at.clear()
    async with at_work(adapter):
        await context.stored(100)
    assert [it.raw for it in context.delivered] == list(server.mails.values())
    assert len(context.attempts) == 100


async def test_a_mail_that_arrives_while_idling_comes_by_the_servers_word(server: ScriptedImap) -> None:
    context = FakeContext()
    async with at_work(adapter_for(server, context)):
        await context.stored(5)
        await server.idling.wait()
        server.add(b"Subject: six\r\n\r\n")
        await context.stored(6)


async def test_a_mail_told_of_in_passing_is_not_left_waiting(server: ScriptedImap) -> None:
    context = FakeContext()
    server.late = b"Subject: six\r\n\r\n"
    async with at_work(adapter_for(server, context)):
        await context.stored(6, seconds=3)


async def test_a_push_that_got_lost_is_made_up_for_by_looking(server: ScriptedImap) -> None:
    clock = FakeClock()
    context = FakeContext(clock=clock)
    async with at_work(adapter_for(server, context)):
        await context.stored(5)
        await server.idling.wait()
        server.mails[6] = b"Subject: six\r\n\r\n"  # without a word
        await clock.somebody_waits()
        await clock.advance(timedelta(seconds=20))
        await context.stored(6)


async def test_a_server_without_idle_is_looked_at_every_ten_seconds() -> None:
    clock = FakeClock()
    context = FakeContext(clock=clock)
    async with running_imap(ScriptedImap(mails=mails(1), capabilities="IMAP4rev1")) as server:
        async with at_work(adapter_for(server, context)):
            await context.stored(1)
            for n in range(2, 5):
                await clock.somebody_waits()
                server.add(b"Subject: %d\r\n\r\n" % n)
                await clock.advance(timedelta(seconds=10))
                await context.stored(n)
        assert clock.waits[:3] == [timedelta(seconds=10)] * 3
        assert not any(command.startswith(("IDLE", "ID ")) for command in server.commands)


async def test_a_connection_that_dies_while_idling_is_noticed(server: ScriptedImap) -> None:
    context = FakeContext()
    adapter = adapter_for(server, context)
    async with at_work(adapter) as task:
        await server.idling.wait()
        for writer in tuple(server._writers):
            writer.transport.abort()
        await asyncio.wait([task], timeout=5)
        assert isinstance(task.exception(), AdapterError)


async def test_row_45_a_server_that_falls_silent_while_idling_is_given_up(server: ScriptedImap) -> None:
    clock = FakeClock()
    adapter = adapter_for(server, FakeContext(clock=clock))
    async with at_work(adapter) as task:
        await server.idling.wait()
        server.at["DONE"] = ["silence"]
        await clock.somebody_waits()
        await clock.advance(timedelta(seconds=20))
        await asyncio.wait([task], timeout=5)
        assert "was silent" in str(task.exception())


async def test_row_46_a_mail_the_server_will_not_give_blocks_nobody(server: ScriptedImap) -> None:
    context = FakeContext()
    adapter = adapter_for(server, context)
    server.refuse_uid = 3
    for _ in range(2):
        with pytest.raises(AdapterError, match="UID 3"):
            await adapter.run()
    async with at_work(adapter):
        stored = await context.stored(5)
        assert "would not hand out this mail" in stored[2].defects[0]
        assert (await adapter.complete(stored[2])).own_id == "<1.3@withheld.intake>"


async def test_a_mail_expunged_by_somebody_else_is_passed_over(server: ScriptedImap) -> None:
    context = FakeContext()
    del server.mails[2]
    adapter = adapter_for(server, context)
    async with at_work(adapter):
        await context.stored(4)
    assert len(context.delivered) == 4


async def test_a_renumbered_folder_is_read_again_while_we_are_connected(server: ScriptedImap) -> None:
    clock = FakeClock()
    context = FakeContext(clock=clock)
    async with at_work(adapter_for(server, context)):
        await context.stored(5)
        await server.idling.wait()
        server.uidvalidity = 2
        server.mails = dict(enumerate([b"Subject: new\r\n\r\n", *mails(5).values()], start=1))
        await clock.somebody_waits()
        await clock.advance(timedelta(seconds=20))
        await context.stored(6)


async def test_row_47_nothing_is_ever_asked_that_changes_the_mailbox(server: ScriptedImap) -> None:
    context = FakeContext()
    async with at_work(adapter_for(server, context)):
        await context.stored(5)
    assert not any(it.startswith(("SELECT", "STORE", "EXPUNGE", "COPY", "MOVE")) for it in server.commands)
    assert all("BODY.PEEK" in it for it in server.commands if it.startswith("FETCH") and "BODY" in it)


async def test_the_search_names_no_charset(server: ScriptedImap) -> None:
    context = FakeContext()
    async with at_work(adapter_for(server, context)):
        await context.stored(5)
    assert not any("CHARSET" in command for command in server.commands)
