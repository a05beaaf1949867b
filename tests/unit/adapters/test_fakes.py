"""The fakes keep the promises of what they stand for; else every test built on them is worth nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.contract import Context, IdTaken, Inbound, LiveNotice, NotStored, Shown
from adapters.testing import FakeClock, FakeContext
from adapters.testing.clock import NOON


def an_inbound(external_id: str = "m1", text: str = "你好", thread: str | None = "t1") -> Inbound:
    """Return an ordinary message."""
    return Inbound(channel="test", external_id=external_id, text=text, thread=thread)


def test_the_fake_is_a_context() -> None:
    context: Context = FakeContext()
    assert context.channel == "test"


async def test_sleepers_wake_in_the_order_of_their_hours() -> None:
    clock, woken = FakeClock(), []

    async def sleep(seconds: int) -> None:
        await clock.wait(timedelta(seconds=seconds))
        woken.append((seconds, clock.monotonic()))

    tasks = [asyncio.create_task(sleep(seconds)) for seconds in (30, 10, 20)]
    await clock.somebody_waits(3)
    await clock.advance(timedelta(seconds=25))
    assert woken == [(10, 10.0), (20, 20.0)]
    assert clock.now() == NOON + timedelta(seconds=25)
    await clock.advance(timedelta(seconds=5))
    await asyncio.gather(*tasks)
    assert woken[-1] == (30, 30.0)


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = FakeClock()
    task = asyncio.create_task(clock.wait(timedelta(days=1)))
    await clock.somebody_waits()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await clock.advance(timedelta(days=2))


async def test_a_flying_clock_waits_for_nobody() -> None:
    clock = FakeClock(flies=True)
    await clock.wait(timedelta(days=3))
    assert clock.now() == NOON + timedelta(days=3)
    assert clock.waits == [timedelta(days=3)]


async def test_one_id_is_stored_once_and_never_for_two_texts() -> None:
    context = FakeContext()
    first = await context.deliver(an_inbound(), "c1")
    again = await context.deliver(an_inbound())
    assert first is not None
    assert again is not None
    assert (first.seq, first.duplicate, again.seq, again.duplicate) == (1, False, 1, True)
    with pytest.raises(IdTaken):
        await context.deliver(an_inbound(text="别的"), "c2")
    assert await context.cursor() == "c1"


async def test_a_failure_stores_neither_message_nor_cursor() -> None:
    context = FakeContext()
    context.fail_next(NotStored("the disk is full"), after=1)
    await context.deliver(an_inbound("m1"), "c1")
    with pytest.raises(NotStored):
        await context.deliver(an_inbound("m2"), "c2")
    assert (len(context.delivered), await context.cursor()) == (1, "c1")


async def test_a_thread_has_a_history_and_subscribers() -> None:
    context = FakeContext()
    pushed: list[Shown | LiveNotice] = []
    stop = context.subscribe("t1", pushed.append)
    await context.deliver(an_inbound())
    reply = context.say("t1", "您好！")
    stop()
    stop()
    context.say("t1", "还在吗？")
    context.say("t2", "别人的")
    history = await context.history("t1", since=1)
    assert [it.text for it in history.messages] == ["您好！", "还在吗？"]
    assert history.last_seq == 3
    assert pushed[-1] == reply
    assert len(pushed) == 2
    assert (await context.history("unknown")).last_seq == 0


async def test_a_file_belongs_to_its_thread() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    context = FakeContext()
    blob_id = await context.put_blob("t1", "a.txt", "text/plain", chunks())
    blob = await context.get_blob("t1", blob_id)
    assert blob is not None
    assert b"".join([chunk async for chunk in blob.chunks()]) == b"ab"
    assert await context.get_blob("t2", blob_id) is None


def test_secrets_are_the_same_and_chance_is_not() -> None:
    context = FakeContext()
    assert context.secret("a") == FakeContext().secret("a") != context.secret("b")
    assert len(context.secret("a")) == 32
    assert context.chance(16) != context.chance(16)
