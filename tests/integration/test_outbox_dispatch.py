"""What is owed is sent in order, tried to the end, and of unknown fate only once more."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.contract import BadCredentials, Refused, SendFailed
from gateway.clock import FakeClock
from gateway.desk.escalation import Escalation
from gateway.intake.keeper import Keeper
from gateway.store import tables as t
from gateway.store.feed import Committed
from tests.building import BOT, MAIL, MORNING, a_house
from tests.sending import Provider, always, ends, sending, until
from tests.writing import Street, replying


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_house(tmp_path, clock=FakeClock(at=MORNING)) as house:
        yield Street(house=house)


async def test_a_reply_is_sent_with_all_the_adapter_needs(street: Street) -> None:
    await street.say("转人工", channel=BOT, own_id="chat/1", name="王芳")
    provider = Provider()
    async with sending(street, provider):
        await ends(street, "delivered")
    (said,) = provider.asked
    assert (said.address, said.thread, said.name, said.replies_to) == ("wang", "of wang", "王芳", ("chat/1",))
    assert (said.automatic, said.author, said.attempt) == (True, "bot", 1)
    assert said.ticket == "T20261123-0001"


async def test_a_refused_message_is_not_tried_again(street: Street) -> None:
    await street.say("转人工", channel=BOT)
    provider = Provider(always(Refused("blocked by the user")))
    async with sending(street, provider):
        row = await ends(street, "refused")
    assert (len(provider.asked), row["error"]) == (1, "blocked by the user")


async def test_a_mail_is_tried_after_1_5_15_30_and_60_minutes_and_for_four_days(street: Street) -> None:
    await street.say("转人工", channel=MAIL)
    provider = Provider(always(SendFailed("try later")))
    minute = timedelta(minutes=1)
    async with sending(street, provider, MAIL):

        async def six_times() -> bool:
            return len(provider.at) == 6

        await until(street.house.clock, six_times, step=minute / 2, steps=300)
        gaps = [(b - a) / minute for a, b in zip(provider.at, provider.at[1:], strict=False)]
        for gap, wanted in zip(gaps, (1, 5, 15, 30, 60), strict=True):
            assert wanted <= gap <= wanted + 1
        street.later(timedelta(days=4))
        row = await ends(street, "refused", step=minute)
    assert "given up after four days" in row["error"]


async def test_a_providers_pause_is_honoured(street: Street) -> None:
    await street.say("转人工", channel=BOT)
    errors = [SendFailed("429", retry_after=timedelta(seconds=100))]
    provider = Provider(lambda outbound: errors.pop() if errors else None)
    async with sending(street, provider):
        await ends(street, "delivered")
    assert timedelta(seconds=100) <= provider.at[1] - provider.at[0] <= timedelta(seconds=103)


@pytest.mark.parametrize("silence", [SendFailed("timeout", maybe_sent=True), RuntimeError("a bug")])
async def test_row_44_a_message_of_unknown_fate_is_sent_once_more_and_then_held_for_a_person(
    street: Street, silence: Exception
) -> None:
    await street.say("转人工", channel=BOT)
    provider = Provider(always(silence))
    async with sending(street, provider):
        row = await ends(street, "held")
    assert [said.attempt for said in provider.asked] == [1, 2]
    assert len({said.key for said in provider.asked}) == 1
    assert "of unknown fate twice" in row["error"]


async def test_wrong_credentials_wait_for_the_operator_and_lose_nothing(street: Street) -> None:
    await street.say("转人工", channel=BOT)
    errors: list[Exception] = [BadCredentials("bad token")]
    provider = Provider(lambda outbound: errors.pop() if errors else None)
    async with sending(street, provider):
        await ends(street, "delivered", steps=400)
    assert provider.at[1] - provider.at[0] >= timedelta(minutes=5)


async def test_the_messages_of_a_thread_arrive_in_order_whatever_fails_between(street: Street) -> None:
    await street.say("转人工", channel=BOT)
    agent = await street.agent()
    for n in range(3):
        await street.act(agent, "T20261123-0001", replying(f"第{n}句", f"r{n}"))
    failing = [SendFailed("x"), None, SendFailed("x"), SendFailed("x")]
    provider = Provider(lambda outbound: failing.pop() if failing else None)
    async with sending(street, provider):
        await ends(street, "delivered", steps=400)
    keys = [row["key"] for row in await street.rows(t.outbox)]
    assert list(dict.fromkeys(said.key for said in provider.asked)) == keys


async def test_a_slow_thread_does_not_hold_up_another(street: Street) -> None:
    for who in ("slow", "quick"):
        await street.say("转人工", who=who, channel=BOT)
    provider = Provider(lambda outbound: SendFailed("x") if outbound.address == "slow" else None)
    async with sending(street, provider):

        async def quick_has_it() -> bool:
            return "delivered" in {row["state"] for row in await street.rows(t.outbox)}

        await until(street.house.clock, quick_has_it, steps=5)


async def test_a_stop_takes_nothing_more_and_waits_for_the_send_in_hand(street: Street) -> None:
    await street.say("转人工", channel=BOT)
    agent = await street.agent()
    await street.act(agent, "T20261123-0001", replying("您好"))
    provider = Provider()
    provider.hold = asyncio.Event()
    async with sending(street, provider) as dispatcher:

        async def is_sending() -> bool:
            return bool(provider.asked)

        await until(street.house.clock, is_sending)
        finishing = asyncio.create_task(dispatcher.finish())
        await asyncio.sleep(0.01)
        assert not finishing.done()
        provider.hold.set()

        async def is_finished() -> bool:
            return finishing.done()

        await until(street.house.clock, is_finished)
    states = [row["state"] for row in await street.rows(t.outbox)]
    assert states[0] == "delivered"
    assert set(states[1:]) == {"due"}


async def test_a_late_promise_is_told_once_and_after_a_long_sleep_too(street: Street) -> None:
    for who in ("a", "b"):
        await street.say("转人工", who=who)
    told: list[Committed] = []
    street.house.feed.subscribe(told.append)
    street.later(timedelta(days=40))
    task = asyncio.create_task(Escalation(street.house).run())

    async def all_told() -> bool:
        return len(told) >= 2

    await until(street.house.clock, all_told)
    await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    late = [
        (one.ticket or "", event.data["promise"])
        for one in told
        for event in one.events
        if event.kind == "promise" and event.data["promise"] != "told"  # an alarm goes with it
        if event.data["what"] == "late"
    ]
    assert sorted(late) == [
        (f"T20261123-000{n}", kind) for n in (1, 2) for kind in ("first_response", "resolution")
    ]


async def test_an_adapter_that_falls_is_started_again_after_1_2_4_seconds_and_is_up_again() -> None:
    clock = FakeClock()
    provider = Provider(runs=[ConnectionError("gone"), ConnectionError("gone"), ConnectionError("gone")])
    provider.clock = clock
    keeper = Keeper(clock)
    keeper.register(BOT, "telegram")
    task = asyncio.create_task(keeper.keep(BOT, provider))
    await clock.advance(timedelta(0))
    assert keeper.reports()[0].state == "down"
    assert keeper.reports()[0].detail == "gone"
    await clock.advance(timedelta(seconds=10))
    assert provider.started == [0, 1, 3, 7]
    keeper.progress(BOT, "polled")
    assert (keeper.reports()[0].state, keeper.reports()[0].progress_at) == ("up", clock.now())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert provider.closed == 1


async def test_an_adapter_with_bad_credentials_waits_five_minutes_and_the_others_run() -> None:
    clock = FakeClock()
    bad, good = Provider(runs=[BadCredentials("wrong token")]), Provider()
    bad.clock = good.clock = clock
    keeper = Keeper(clock)
    keeper.register("bad", "telegram")
    keeper.register("good", "telegram")
    tasks = [asyncio.create_task(keeper.keep(name, one)) for name, one in (("bad", bad), ("good", good))]
    await clock.advance(timedelta(seconds=299))
    assert keeper.reports()[0].state == "bad_credentials"
    assert (bad.started, good.started) == ([0], [0])
    await clock.advance(timedelta(seconds=1))
    assert bad.started == [0, 300]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_pause_grows_to_five_minutes_and_begins_anew_after_a_good_run() -> None:
    clock = FakeClock()
    provider = Provider(runs=[ConnectionError("gone")] * 20)
    provider.clock = clock
    keeper = Keeper(clock)
    keeper.register(BOT, "telegram")
    task = asyncio.create_task(keeper.keep(BOT, provider))
    await clock.advance(timedelta(hours=2))
    gaps = [b - a for a, b in zip(provider.started, provider.started[1:], strict=False)]
    assert gaps[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(gaps[9:]) == {300}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
