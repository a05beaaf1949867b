"""The one clock at work: it wakes in time, reactions follow the commit, and a clock that is wrong harms nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.clock import FakeClock
from gateway.desk.escalation import Escalation, Reaction
from gateway.errors import NotFound
from gateway.house import House
from gateway.store import tables as t
from gateway.store.promises_due import Fired
from tests.building import MORNING, a_house, always_open, hours
from tests.sending import until
from tests.writing import Street

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_house(tmp_path, clock=FakeClock(at=MORNING)) as house:
        yield Street(house=house)


@asynccontextmanager
async def watching(house: House, *reactions: Reaction) -> AsyncIterator[Escalation]:
    clock = Escalation(house)
    clock.on_fired.extend(reactions)
    task = asyncio.create_task(clock.run())
    try:
        yield clock
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def fired(street: Street, count: int) -> None:
    async def so_many() -> bool:
        return len(await street.rows(t.promise, t.promise.c.fired_at.is_not(None))) >= count

    await until(street.house.clock, so_many, step=5 * timedelta(seconds=1))


async def test_a_promise_made_while_the_clock_sleeps_is_reminded_of_and_called_late_in_its_time(
    street: Street,
) -> None:
    async with watching(street.house):
        await until(street.house.clock, _yes)
        await street.say("转人工")
        await fired(street, 1)
    (row,) = await street.rows(t.promise, t.promise.c.kind == "first_response")
    assert row["warn_at"] <= row["warned_at"] < row["due_at"] <= row["fired_at"]
    assert row["fired_at"] - row["due_at"] < timedelta(seconds=31)


async def test_every_reaction_hears_of_it_after_the_commit_though_one_of_them_fails(street: Street) -> None:
    heard: list[str] = []

    async def refuses(one: Fired) -> None:
        raise NotFound(f"no ticket {one.number}")

    async def breaks(one: Fired) -> None:
        raise RuntimeError("a reaction with a fault")

    async def listens(one: Fired) -> None:
        rows = await street.rows(t.promise, t.promise.c.id == one.promise_id)
        assert rows[0]["warned_at"] or rows[0]["fired_at"]
        heard.append(f"{one.kind} {one.what}")

    async with watching(street.house, refuses, breaks, listens):
        await street.say("转人工")

        async def all_heard() -> bool:
            return len(heard) >= 3

        await until(street.house.clock, all_heard, step=5 * timedelta(seconds=1))
    assert heard == ["first_response warned", "first_response late", "first_response escalated"]


async def test_a_clock_that_is_set_back_is_noted_and_nothing_is_done_twice(street: Street) -> None:
    async with watching(street.house):
        await street.say("转人工")
        await fired(street, 1)
        with capture_logs() as logs:
            street.later(-timedelta(hours=1))
            await until(street.house.clock, _after(8), step=10 * timedelta(seconds=1))
        assert [one["event"] for one in logs].count("promises.clock_set_back") == 1
        street.later(timedelta(hours=1))
        await until(street.house.clock, _after(8), step=10 * timedelta(seconds=1))
    late = [row for row in await street.rows(t.event) if (row["data"] or {}).get("what") == "late"]
    assert len([row for row in late if row["kind"] == "promise"]) == 1


async def test_a_start_with_other_rules_reckons_anew_before_anything_is_called_late(street: Street) -> None:
    await street.agent(state="online")
    await street.say("转人工")
    street.later(2 * MINUTE)
    always = always_open()
    longer = dict.fromkeys(always.spans.first_response, timedelta(hours=2))
    policy = replace(
        always,
        spans=replace(always.spans, first_response=longer),
        promises=replace(always.promises, version="other", next_response={}),
    )
    async with watching(replace(street.house, policy=policy)):
        await until(street.house.clock, _after(5))
    (row,) = await street.rows(t.promise, t.promise.c.kind == "resolution")
    assert row["version"] == "other"
    (first,) = await street.rows(t.promise, t.promise.c.kind == "first_response")
    # The customer was told a minute, so that stays, whatever the rules are now.
    assert (first["fired_at"] is not None, first["due_at"] - first["started_at"]) == (True, MINUTE)


async def test_a_house_that_never_opens_is_called_out_and_counts_all_time(street: Street) -> None:
    never = replace(street.house, policy=replace(street.house.policy, hours=hours()))
    with capture_logs() as logs:
        async with watching(never):
            await until(street.house.clock, _after(2))
    assert "promises.never_opens" in [one["event"] for one in logs]


async def _yes() -> bool:
    return True


def _after(times: int) -> Callable[[], Awaitable[bool]]:
    """What holds after so many steps."""
    left = [times * 8]

    async def holds() -> bool:
        left[0] -= 1
        return left[0] <= 0

    return holds
