"""Of several gateways one reads a mailbox; what a replaced one still hands over is refused."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.contract import NotStored
from adapters.testing import FakeContext
from gateway.clock import FakeClock
from gateway.house import House
from gateway.intake.alone import BEAT, SPAN, Alone, Replaced
from gateway.intake.context import ChannelContext, Live
from gateway.intake.inbox import Inbox
from gateway.intake.worker import Worker
from gateway.store import tables as t
from gateway.store.readership import take_reader
from tests.building import MAIL
from tests.writing import Street


async def take(house: House, owner: str, place: str = "nobody") -> int | None:
    now = house.clock.now()
    return await house.database.write(
        lambda tx: take_reader(tx, MAIL, owner=owner, place=place, now=now, span=SPAN)
    )


def later(house: House, span: timedelta) -> None:
    assert isinstance(house.clock, FakeClock)
    house.clock.jump(span)


async def test_one_of_two_reads_and_the_other_takes_over_when_it_falls_silent(house: House) -> None:
    assert await take(house, "a") == 1
    assert await take(house, "b") is None
    later(house, SPAN / 2)
    assert await take(house, "a") == 1  # renewed
    later(house, SPAN / 2)
    assert await take(house, "b") is None
    later(house, SPAN)
    assert await take(house, "b") == 2
    assert await take(house, "a") is None


async def test_a_process_that_died_in_the_same_place_is_followed_at_once(house: House) -> None:
    assert await take(house, "place1-old", "place1") == 1
    assert await take(house, "place2-new", "place2") is None
    assert await take(house, "place1-new", "place1") == 2


async def test_what_a_replaced_reader_hands_over_is_refused_with_its_cursor(
    house: House, street: Street
) -> None:
    inbox = Inbox(house, Worker(house, {}))
    old = await take(house, "a")
    await inbox.receive(street.inbound("one", channel=MAIL, thread=None), "at 1", old)
    later(house, SPAN)
    new = await take(house, "b")
    await inbox.receive(street.inbound("two", channel=MAIL, thread=None), "at 2", new)
    with pytest.raises(NotStored, match="another gateway"):
        await inbox.receive(street.inbound("late", channel=MAIL, thread=None), "at 1", old)
    with pytest.raises(NotStored, match="another gateway"):
        await inbox.keep_cursor(MAIL, "at 1", old)
    assert len(await street.rows(t.inbox)) == 2
    assert (await street.one(t.cursor, t.cursor.c.channel == MAIL))["value"] == "at 2"


class Looping:
    """An adapter that reads until it is cancelled."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()

    async def run(self) -> None:
        self.reads.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.reads.clear()

    async def send(self, outbound: object) -> None: ...

    async def close(self) -> None: ...


def alone(house: House, owner: str, adapter: Looping) -> Alone:
    return Alone(
        adapter,  # type: ignore[arg-type]  # it sends nothing
        MAIL,
        replace(house, owner=owner),
        place=owner,
        fence=lambda number: None,
        stand_by=FakeContext().progress,
    )


async def both_sleep(house: House, clock: FakeClock) -> None:
    """Wait for the database: a beat is written before the next one comes, as it is where time does not leap."""
    async with asyncio.timeout(10):
        while clock.sleepers < 2:
            await house.database.read(lambda tx: None)


async def test_the_second_process_reads_once_the_first_has_stopped(house: House) -> None:
    first, second = Looping(), Looping()
    one = asyncio.create_task(alone(house, "one", first).run())
    await first.reads.wait()
    two = asyncio.create_task(alone(house, "two", second).run())
    clock = house.clock
    assert isinstance(clock, FakeClock)
    for _ in range(6):
        await both_sleep(house, clock)
        await clock.advance(BEAT)
    await both_sleep(house, clock)
    assert first.reads.is_set()
    assert not second.reads.is_set()
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    while not second.reads.is_set():
        await clock.advance(BEAT)
        await asyncio.sleep(0.01)
    two.cancel()
    await asyncio.gather(two, return_exceptions=True)


async def test_a_reader_that_was_replaced_stops(house: House) -> None:
    adapter = Looping()
    task = asyncio.create_task(alone(house, "one", adapter).run())
    await adapter.reads.wait()
    later(house, SPAN * 2)  # it slept; somebody else took over
    assert await take(house, "two") == 2
    assert isinstance(house.clock, FakeClock)
    while not task.done():
        await house.clock.advance(timedelta(seconds=10))
        await asyncio.sleep(0.01)
    assert isinstance(task.exception(), Replaced)
    assert not adapter.reads.is_set()


async def test_the_context_knows_what_is_stored_and_remembers_what_it_is_told(
    house: House, street: Street
) -> None:
    await street.say("转人工", channel=MAIL, own_id="<stored@wang.example>")

    def context(name: str) -> ChannelContext:
        return ChannelContext(
            name,
            house,
            Inbox(house, Worker(house, {})),
            Live(house),
            root_secret=b"s" * 32,
            public_url="",
            on_progress=lambda detail: None,
            on_typing=lambda channel, thread: None,
        )

    mail = context(MAIL)
    asked = {"<stored@wang.example>", "<never@wang.example>"}
    assert await mail.known(asked) == {"<stored@wang.example>"}
    assert await context("sales").known(asked) == frozenset()
    assert await mail.recall("note") is None
    await mail.remember("note", "first")
    await mail.remember("note", "second")
    assert await context(MAIL).recall("note") == "second"
    assert await context("sales").recall("note") is None
    assert await mail.cursor() is None
    with pytest.raises(ValueError, match="too long"):
        await mail.remember("n" * 25, "x")
