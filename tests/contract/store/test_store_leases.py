"""What is taken comes back after a crash; what goes out goes in order, and of unknown fate only once more."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from gateway.house import LEASE, House
from gateway.store import lease
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.lease import LeasedInbound, LeasedOutbound
from gateway.store.outcomes import record_outcome
from gateway.store.rescue import give_back
from tests.building import BOT
from tests.writing import Street, replying


async def take_in(house: House, owner: str = "me", limit: int = 50) -> Sequence[LeasedInbound]:
    now = house.clock.now()
    return await house.database.write(
        lambda tx: lease.take_inbound(tx, owner=owner, now=now, until=now + LEASE, limit=limit)
    )


async def take_out(
    house: House, owner: str = "me", limit: int = 50, busy: Sequence[int] = ()
) -> Sequence[LeasedOutbound]:
    now = house.clock.now()
    return await house.database.write(
        lambda tx: lease.take_outbound(
            tx, owner=owner, now=now, until=now + LEASE, channel=BOT, limit=limit, busy=busy
        )
    )


async def settle(house: House, row: LeasedOutbound, state: str, *, owner: str = "me", wait: int = 0) -> bool:
    now = house.clock.now()
    committed = await house.database.write(
        lambda tx: record_outcome(
            tx,
            leased=row,
            owner=owner,
            state=state,
            now=now,
            wait=timedelta(seconds=wait) or None,
            error=None if state == "delivered" else "said no",
            provider_ids=("p1", "p2") if state == "delivered" else (),
        )
    )
    return committed is not None


async def test_a_row_is_one_workers_until_its_lease_runs_out(street: Street, house: House) -> None:
    for n in range(3):
        await street.deliver(street.inbound(f"{n}"))
    mine = await take_in(house, limit=2)
    assert [row.id for row in mine] == [1, 2]
    assert [row.id for row in await take_in(house, "other")] == [3]
    assert await take_in(house) == ()
    street.later(LEASE + timedelta(seconds=1))
    assert [row.id for row in await take_in(house, "other")] == [1, 2, 3]


async def test_workers_who_take_at_once_take_different_rows(street: Street, house: House) -> None:
    for n in range(20):
        await street.deliver(street.inbound(f"{n}"))
    taken = await asyncio.gather(*(take_in(house, f"w{n}", limit=5) for n in range(8)))
    ids = [row.id for rows in taken for row in rows]
    assert len(ids) == len(set(ids))


async def test_a_row_leased_at_birth_is_nobody_elses(street: Street, house: House) -> None:
    now = house.clock.now()
    received = await street.receive(street.inbound(), owner="me")
    assert received.inbox_id == 1
    street.later(-timedelta(seconds=1))
    assert house.clock.now() < now
    assert await take_in(house, "other") == ()


async def test_a_row_put_back_waits_for_its_time_and_counts_its_tries(street: Street, house: House) -> None:
    await street.deliver(street.inbound())
    await take_in(house)
    later = house.clock.now() + timedelta(seconds=10)
    await house.database.write(lambda tx: lease.postpone_inbound(tx, 1, later, "no"))
    assert await take_in(house) == ()
    street.later(timedelta(seconds=10))
    (row,) = await take_in(house)
    assert row.attempts == 1


@pytest.mark.parametrize("end", ["done", "failed"])
async def test_what_is_done_or_given_up_is_never_taken_again(street: Street, house: House, end: str) -> None:
    await street.deliver(street.inbound())
    if end == "done":
        await house.database.write(lambda tx: lease.finish_inbound(tx, 1))
    else:
        await house.database.write(lambda tx: lease.fail_inbound(tx, 1, "x" * 1000))
    street.later(LEASE * 2)
    assert await take_in(house) == ()
    assert (await street.one(t.inbox))["state"] == end


async def two_messages(street: Street) -> None:
    """One thread owed two messages, the bot's and the agent's."""
    await street.say("转人工", channel=BOT)
    agent = await street.agent()
    await street.act(agent, "T20261123-0001", replying("您好"))


async def test_a_threads_messages_go_one_after_the_other_in_order(street: Street, house: House) -> None:
    await two_messages(street)
    ids = [row["id"] for row in await street.rows(t.outbox)]
    assert len(ids) >= 2
    for wanted in ids:
        (row,) = await take_out(house)
        assert row.id == wanted
        assert await take_out(house) == ()
        assert await settle(house, row, "delivered")
    assert await take_out(house) == ()


async def test_a_message_that_must_wait_holds_back_those_behind_it_and_no_other_thread(
    street: Street, house: House
) -> None:
    await two_messages(street)
    await street.say("转人工", who="li", channel=BOT)
    first, other = await take_out(house)
    assert (first.address, other.address) == ("wang", "li")
    await settle(house, first, "due", wait=60)
    await settle(house, other, "delivered")
    assert await take_out(house) == ()
    street.later(timedelta(seconds=60))
    assert [row.id for row in await take_out(house)] == [first.id]


@pytest.mark.parametrize("end", ["refused", "held", "cancelled"])
async def test_a_message_given_up_lets_the_next_one_pass(street: Street, house: House, end: str) -> None:
    await two_messages(street)
    (row,) = await take_out(house)
    await settle(house, row, end)
    (following,) = await take_out(house)
    assert following.id > row.id


async def test_a_busy_thread_is_left_alone(street: Street, house: House) -> None:
    await two_messages(street)
    assert await take_out(house, busy=(1,)) == ()


async def test_a_try_is_counted_before_it_is_made_and_the_receipt_is_kept(
    street: Street, house: House
) -> None:
    await street.say("转人工", channel=BOT)
    (row,) = await take_out(house)
    assert (row.attempts, row.silences) == (1, 0)
    assert row.thread_key == "of wang"
    await settle(house, row, "delivered")
    kept = await street.one(t.outbox)
    assert (kept["state"], kept["provider_id"], kept["settled_at"]) == ("delivered", "p1", house.clock.now())
    refs = {one["ref"] for one in await street.rows(t.message_ref) if one["own"]}
    assert refs == {row.key, "p1", "p2"}
    assert (await street.one(t.event, t.event.c.kind == "delivery"))["data"]["state"] == "delivered"


async def test_whoever_lost_the_lease_no_longer_decides(street: Street, house: House) -> None:
    await street.say("转人工", channel=BOT)
    (row,) = await take_out(house)
    assert not await settle(house, row, "delivered", owner="other")
    assert (await street.one(t.outbox))["state"] == "sending"


async def after_a_crash(house: House, owner: str = "a later one") -> list[str]:
    """A new process looks at what an earlier one left; return the states it told of."""
    told = await house.database.write(lambda tx: give_back(tx, owner=owner, place="", now=house.clock.now()))
    return [committed.events[0].data["state"] for committed in told]


async def test_what_a_dead_process_was_sending_is_tried_once_more_and_then_held(
    street: Street, house: House
) -> None:
    await street.say("转人工", channel=BOT)
    await take_out(house, "dead")
    assert await after_a_crash(house) == ["unknown"]
    (row,) = await take_out(house, "dead too")
    assert (row.attempts, row.silences) == (2, 1)
    assert await after_a_crash(house) == ["held"]
    assert (await street.one(t.outbox))["state"] == "held"
    assert await take_out(house) == ()


async def test_what_this_process_is_sending_is_not_given_back(street: Street, house: House) -> None:
    await street.say("转人工", channel=BOT)
    await take_out(house)
    assert await after_a_crash(house, owner="me") == []
    assert (await street.one(t.outbox))["state"] == "sending"


async def test_another_nodes_send_comes_back_only_when_its_lease_runs_out(
    street: Street, house: House
) -> None:
    await street.say("转人工", channel=BOT)
    await take_out(house, "node1-a")

    def look(tx: Tx) -> int:
        return len(give_back(tx, owner="node2-b", place="node2", now=house.clock.now()))

    assert await house.database.write(look) == 0
    street.later(LEASE + timedelta(seconds=1))
    assert await house.database.write(look) == 1
    assert (await street.one(t.outbox))["state"] == "unknown"


async def test_a_start_after_a_crash_gives_back_the_inbox_at_once(street: Street, house: House) -> None:
    await street.deliver(street.inbound())
    await take_in(house, "dead")
    await after_a_crash(house)
    assert len(await take_in(house)) == 1


async def test_the_contacts_own_message_ids_go_along_for_the_reply_oldest_first(
    street: Street, house: House
) -> None:
    for n in (1, 2):
        await street.say(f"转人工 {n}", channel=BOT, own_id=f"chat/{n}")
    (row,) = await take_out(house)
    assert row.replies_to == ("chat/1", "chat/2")
