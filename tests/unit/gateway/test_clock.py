"""The clocks: the machine's own, and the one that tests move by hand."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gateway.clock import FakeClock, SystemClock

MINUTE = timedelta(minutes=1)


async def test_the_machines_clock_is_aware_and_moves_on() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.wait(timedelta(milliseconds=2))
    await clock.wait(-MINUTE)
    assert clock.monotonic() - before >= 0.002
    assert clock.now().tzinfo is UTC


def test_the_machines_chance_differs_each_time() -> None:
    clock = SystemClock()
    assert clock.chance(16) != clock.chance(16)
    assert 0 <= clock.fraction() < 1


async def test_three_days_of_waiting_pass_at_once_and_in_order() -> None:
    clock, woken = FakeClock(), list[tuple[str, datetime]]()
    start = clock.now()

    async def sleeper(name: str, span: timedelta) -> None:
        await clock.wait(span)
        woken.append((name, clock.now()))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sleeper("late", timedelta(days=3)))
        tasks.create_task(sleeper("early", MINUTE))
        await clock.advance(timedelta(days=4))
    assert woken == [("early", start + MINUTE), ("late", start + timedelta(days=3))]
    assert clock.now() == start + timedelta(days=4)
    assert clock.monotonic() == 4 * 24 * 3600


async def test_a_sleeper_that_sleeps_again_is_woken_again() -> None:
    clock, turns = FakeClock(), list[float]()

    async def loop() -> None:
        while len(turns) < 3:
            await clock.wait(MINUTE)
            turns.append(clock.monotonic())

    task = asyncio.create_task(loop())
    await clock.advance(10 * MINUTE)
    await task
    assert turns == [60, 120, 180]


async def test_a_sleeper_that_was_cancelled_is_forgotten() -> None:
    clock = FakeClock()
    task = asyncio.create_task(clock.wait(MINUTE))
    await asyncio.sleep(0)
    assert clock.sleepers == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert clock.sleepers == 0


async def test_no_span_is_no_wait() -> None:
    await FakeClock().wait(timedelta())


def test_a_wrong_time_server_moves_the_wall_clock_only() -> None:
    clock = FakeClock()
    before = clock.now()
    clock.jump(-timedelta(hours=1))
    assert clock.now() == before - timedelta(hours=1)
    assert clock.monotonic() == 0


def test_chance_is_repeatable() -> None:
    one, other = FakeClock(), FakeClock()
    assert (one.chance(8), one.fraction()) == (other.chance(8), other.fraction())


def test_a_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        FakeClock(at=datetime(2026, 1, 1))
