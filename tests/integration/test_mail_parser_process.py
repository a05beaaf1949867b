"""The parser's process: it reads, it dies of bombs, it comes back, and it costs nothing while nobody writes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import psutil
import pytest

from adapters.contract import AutomaticKind, Unreadable
from adapters.mail.worker import IDLE, Parser
from adapters.testing import FakeClock
from adapters.testing.clock import breathe

MAIL = "From: 张三 <alice@cust.example>\nSubject: 订单\n\n您好\n".encode()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def parser(clock: FakeClock) -> AsyncIterator[Parser]:
    it = Parser(clock, timedelta(seconds=5))
    yield it
    await it.close()


def children() -> list[psutil.Process]:
    return [it for it in psutil.Process().children() if is_parser(it)]


def is_parser(process: psutil.Process) -> bool:
    try:
        return "adapters.mail.worker" in " ".join(process.cmdline())
    except psutil.Error:  # it is just ending
        return False


async def test_a_mail_is_read_in_another_process(parser: Parser) -> None:
    mail = await parser.parse(MAIL)
    assert (mail.from_name, mail.subject, mail.reply) == ("张三", "订单", "您好")
    assert len(children()) == 1


async def test_the_files_of_a_mail_cross_the_border_whole(parser: Parser) -> None:
    content = bytes(range(256)) * 400
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\n"
    raw = head + b'Content-Disposition: attachment; filename="a.bin"\n\n' + content + b"\n--x--\n"
    mail = await parser.parse(raw)
    assert mail.files[0].content == content


async def test_the_kind_of_an_automatic_mail_crosses_the_border(parser: Parser) -> None:
    mail = await parser.parse(b"From: a@b.example\nAuto-Submitted: auto-replied\n\naway")
    assert mail.automatic is AutomaticKind.AUTO_REPLY


async def test_many_at_once_share_one_process(parser: Parser) -> None:
    mails = await asyncio.gather(*(parser.parse(MAIL + str(n).encode()) for n in range(50)))
    assert len({mail.message_id for mail in mails}) == 50
    assert len(children()) == 1


async def test_row_09_a_mail_that_takes_too_long_is_given_up_and_the_next_one_is_read(
    clock: FakeClock,
) -> None:
    parser = Parser(clock, timedelta(milliseconds=300))
    await parser.parse(MAIL)
    (process,) = children()
    process.suspend()  # as a bomb would: no answer, ever
    with pytest.raises(Unreadable, match="took longer"):
        await parser.parse(MAIL)
    assert (await parser.parse(MAIL)).subject == "订单"
    await parser.close()


async def test_row_08_a_mail_that_kills_two_processes_is_unreadable_and_the_next_one_is_read(
    parser: Parser,
) -> None:
    await parser.parse(MAIL)
    asked = asyncio.create_task(parser.parse(b"Subject: huge\n\n" + b"x" * 50_000_000))
    seen: set[int] = set()
    while not asked.done():
        for process in children():
            if parser.is_busy and process.pid not in seen:
                seen.add(process.pid)
                with contextlib.suppress(psutil.Error):
                    process.kill()
        await asyncio.sleep(0)
    with pytest.raises(Unreadable, match="died"):
        await asked
    assert len(seen) == 2
    assert (await parser.parse(MAIL)).subject == "订单"


async def test_a_process_that_died_at_rest_is_no_mails_fault(parser: Parser) -> None:
    await parser.parse(MAIL)
    (process,) = children()
    process.kill()
    process.wait()
    assert (await parser.parse(MAIL)).subject == "订单"


async def test_an_empty_mail_is_unreadable(parser: Parser) -> None:
    with pytest.raises(Unreadable, match="empty"):
        await parser.parse(b"\r\n")


async def test_a_minute_without_mail_ends_the_process(parser: Parser, clock: FakeClock) -> None:
    await parser.parse(MAIL)
    (process,) = children()
    await clock.somebody_waits()
    await clock.advance(IDLE)
    await asyncio.to_thread(process.wait, 10)
    assert not children()
    assert (await parser.parse(MAIL)).subject == "订单"


async def test_a_cancelled_reading_does_not_answer_the_next_mail(parser: Parser) -> None:
    await parser.parse(MAIL)
    asked = asyncio.create_task(parser.parse(b"Subject: first\n\n" + b"x" * 1_000_000))
    while not parser.is_busy:
        await breathe(1)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    assert (await parser.parse(MAIL)).subject == "订单"


async def test_the_process_knows_no_secret_of_ours(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "very-secret")
    await parser.parse(MAIL)
    (process,) = children()
    assert "BOT_TOKEN" not in process.environ()


BOMBS = {
    "quadratic address list": b"From: " + b"a@b.example, " * 25_000 + b"\n\nx",
    "open comments": b"From: " + b"(" * 5_000 + b"\n\nx",
    "nested parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)
    ),
    "nested mails": b"Content-Type: message/rfc822\n\n" * 2_000,
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    "long header": b"X: " + b"y" * 2_000_000 + b"\nFrom: a@b.example\n\nx",
    "deep html": b"Content-Type: text/html\n\n" + b"<div>" * 20_000,
    "table html": b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 3_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 3_000 + b"\n\nx",
    "parameters": b'Content-Type: text/plain; a="' + b'\\"' * 4_000 + b"\n\nx",
    "quotes": b"Content-Type: text/plain\n\n" + b"> " * 200_000,
    "headers in the text": b"\n" + b"From: a@b.example\n" * 50_000,
    "colons": b"\n" + b"On 2024-01-01 x@y.example wrote:\n\n" * 20_000,
    "one long line": b"\n" + b"-" * 3_000_000,
    "many begins": b"\n" + b"begin 644 x\n" * 50_000 + b"\nend\n",
}


@pytest.mark.parametrize("name", BOMBS)
async def test_row_09_a_bomb_harms_nobody_but_itself(parser: Parser, name: str) -> None:
    gaps = [0.0]

    async def watch() -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.005)
            gaps.append(loop.time() - before)

    watcher = asyncio.create_task(watch())
    before = asyncio.get_running_loop().time()
    with contextlib.suppress(Unreadable):
        await parser.parse(BOMBS[name])
    took = asyncio.get_running_loop().time() - before
    watcher.cancel()
    await asyncio.gather(watcher, return_exceptions=True)
    assert took < 8
    assert max(gaps) < 0.5
    assert (await parser.parse(MAIL)).subject == "订单"
