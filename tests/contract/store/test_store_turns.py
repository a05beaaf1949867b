"""Transaction (b): a Plan is carried out once, whole, whoever else writes at the same moment."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from gateway.domain.conversation import State
from gateway.domain.ticket import Status
from gateway.errors import Conflict
from gateway.house import House
from gateway.pipeline.plan import NUMBER, MoveConversation, Plan, Record, Reply, StartConversation
from gateway.store import tables as t
from gateway.store.apply import apply
from gateway.store.database import Tx
from gateway.store.feed import Committed
from gateway.store.load import read_ahead, read_automatic, read_load
from gateway.store.numbers import next_number
from gateway.store.snapshot import Snapshot, read_snapshot, read_ticket_snapshot
from tests.building import BOT, MAIL, WEB
from tests.writing import Street, replying, resolving


def carried(
    house: House, snapshot: Snapshot, plan: Plan, *, served: bool = True
) -> partial[Committed | None]:
    return partial(
        apply,
        snapshot=snapshot,
        plan=plan,
        now=house.clock.now(),
        policy=house.policy,
        kind=house.kind(snapshot.channel),
        key=house.fresh_key,
        served=served,
    )


HELLO = Plan(lang="en").then(
    StartConversation(lang="en", because="first"), Reply(text="hello", lang="en", because="greeting")
)


async def test_a_turn_leaves_reply_ticket_promises_audit_and_a_finished_row(
    street: Street, house: House
) -> None:
    inbox_id = await street.say("转人工")
    ticket = await street.one(t.ticket)
    assert ticket["number"] == "T20261123-0001"
    assert [row["author"] for row in await street.rows(t.message)] == ["customer", "bot"]
    reply = (await street.rows(t.message))[1]
    assert ticket["number"] in reply["text"]
    assert NUMBER not in reply["text"]
    assert {row["kind"] for row in await street.rows(t.promise)} == {
        "first_response",
        "resolution",
        "told",  # nobody is online: later than the rules' own minute
    }
    assert ticket["due_at"] == min(row["due_at"] for row in await street.rows(t.promise))
    assert all(row["because"] for row in await street.rows(t.event))
    assert (await street.one(t.inbox, t.inbox.c.id == inbox_id))["state"] == "done"
    assert {row["conversation_id"] for row in await street.rows(t.message)} == {1}


async def test_seq_stays_gapless_across_customer_bot_and_agent(street: Street) -> None:
    for text in ("你好", "转人工", "在吗"):
        await street.say(text)
    agent = await street.agent()
    await street.act(agent, "T20261123-0001", replying("您好"))
    rows = await street.rows(t.message)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


async def test_of_two_turns_decided_on_the_same_state_only_one_is_carried_out(
    street: Street, house: House
) -> None:
    received = await street.receive(street.inbound())
    assert received.snapshot is not None
    unit = carried(house, received.snapshot, HELLO)
    done = await asyncio.gather(house.database.write(unit), house.database.write(unit))
    assert [one is None for one in done].count(True) == 1
    assert len(await street.rows(t.conversation)) == 1
    assert [row["author"] for row in await street.rows(t.message)] == ["customer", "bot"]


async def test_row_43_two_messages_decided_at_once_are_decided_again_and_greeted_once(street: Street) -> None:
    first, second = [await street.deliver(street.inbound(text)) for text in ("转人工", "转人工")]
    await asyncio.gather(street.take(first.id), street.take(second.id))
    replies = [row["text"] for row in await street.rows(t.message, t.message.c.author == "bot")]
    assert sum("智能客服" in text for text in replies) == 1
    assert len(await street.rows(t.ticket)) == len(await street.rows(t.conversation)) == 1
    assert {row["state"] for row in await street.rows(t.inbox)} == {"done"}


async def test_what_fails_in_a_batch_fails_alone(street: Street, house: House) -> None:
    def bad(tx: Tx) -> int:
        next_number(tx, "counted")
        raise ValueError("mine alone")

    def good(tx: Tx) -> int:
        return next_number(tx, "counted")

    units = [bad if n % 5 == 2 else good for n in range(30)]
    done = await asyncio.gather(*(house.database.write(unit) for unit in units), return_exceptions=True)
    assert [isinstance(one, ValueError) for one in done] == [unit is bad for unit in units]
    assert sorted(one for one in done if isinstance(one, int)) == list(range(1, 25))


async def test_thirty_tickets_at_once_are_numbered_without_gap(street: Street) -> None:
    await asyncio.gather(*(street.say("转人工", who=f"w{n}") for n in range(30)))
    numbers = sorted(row["number"] for row in await street.rows(t.ticket))
    assert numbers == [f"T20261123-{n:04d}" for n in range(1, 31)]


async def test_numbers_are_of_the_houses_day(street: Street, house: House) -> None:
    street.later(house.clock.now().replace(hour=17) - house.clock.now())
    await street.say("转人工")
    assert (await street.one(t.ticket))["number"] == "T20261124-0001"


async def test_an_impossible_move_undoes_the_whole_turn(street: Street, house: House) -> None:
    await street.say("转人工")
    agent = await street.agent()
    with pytest.raises(Conflict):
        await street.act(agent, "T20261123-0001", lambda case: _impossible())
    assert (await street.one(t.conversation))["state"] == State.QUEUED
    assert len(await street.rows(t.event, t.event.c.kind == "tried")) == 0


def _impossible() -> Plan:
    return Plan().then(
        Record(kind="tried", because="x"), MoveConversation(to=State.BOT, because="nothing gives it back")
    )


async def test_only_a_channel_that_must_be_carried_owes_a_send(street: Street) -> None:
    for channel in (WEB, BOT, MAIL):
        await street.say("转人工", who=channel, channel=channel)
    assert [row["channel"] for row in await street.rows(t.outbox)] == [BOT, MAIL]
    assert {row["channel"] for row in await street.rows(t.message_ref) if row["own"]} == {BOT, MAIL}


async def test_a_later_conversation_is_linked_to_the_one_before_it(street: Street, house: House) -> None:
    await street.say("你好")
    street.later(house.policy.reopen_within * 2)
    await street.say("你好")
    first, second = await street.rows(t.conversation)
    assert (first["previous_id"], second["previous_id"]) == (None, first["id"])
    assert (await street.one(t.thread))["conversation_id"] == second["id"]


async def test_a_ticket_is_seen_with_its_own_conversation_even_when_another_has_begun(
    street: Street, house: House
) -> None:
    await street.say("转人工")
    agent = await street.agent()
    number = (await street.one(t.ticket))["number"]
    await street.act(agent, number, resolving())
    street.later(house.policy.reopen_within * 2)
    await street.say("你好")
    ticket = await street.one(t.ticket)
    old = await house.database.read(lambda tx: read_ticket_snapshot(tx, ticket["thread_id"], ticket["id"]))
    new = await house.database.read(lambda tx: read_snapshot(tx, ticket["thread_id"]))
    assert old.conversation is not None
    assert new.conversation is not None
    assert (old.conversation.id, new.conversation.id) == (1, 2)
    assert new.ticket is None
    with pytest.raises(LookupError):
        await house.database.read(lambda tx: read_snapshot(tx, 99))
    with pytest.raises(LookupError):
        await house.database.read(lambda tx: read_ticket_snapshot(tx, 1, 99))


async def test_the_load_counts_who_is_online_who_waits_and_how_long_it_takes(
    street: Street, house: House
) -> None:
    default = house.policy.handling_default
    empty = await house.database.read(lambda tx: read_load(tx, default))
    assert (empty.online, empty.waiting, empty.handling) == (0, 0, default)
    agent = await street.agent(state="online")
    await street.agent("1002", state="away")
    for who in ("a", "b", "c"):
        await street.say("转人工", who=who)
        street.later(default)
    await street.act(agent, "T20261123-0001", replying("您好"))
    street.later(default / 5)
    await street.act(agent, "T20261123-0001", resolving())
    load = await house.database.read(lambda tx: read_load(tx, default))
    assert (load.online, load.waiting, load.handling) == (1, 2, default / 5)
    queued = [row["id"] for row in await street.rows(t.conversation) if row["queued_at"]]
    assert await house.database.read(lambda tx: read_ahead(tx, queued[1])) == 1


async def test_automatic_messages_to_a_contact_are_counted_within_each_span(
    street: Street, house: House
) -> None:
    spans = [limit.within for limit in house.policy.automatic_mail]
    await street.say("你好")
    street.later(spans[0] * 2)
    await street.say("怎么退货")
    now = house.clock.now()
    assert await house.database.read(lambda tx: read_automatic(tx, 1, now, spans)) == (1, 2)


async def test_a_resolved_ticket_is_closed_by_thanks_and_reopened_by_anything_else(
    street: Street, house: House
) -> None:
    agent = await street.agent()
    for who, text, status in (("a", "谢谢", Status.CLOSED), ("b", "没解决", Status.IN_PROGRESS)):
        await street.say("转人工", who=who)
        number = (await street.rows(t.ticket))[-1]["number"]
        await street.act(agent, number, resolving())
        street.later(timedelta(minutes=1))
        await street.say(text, who=who)
        ticket = (await street.rows(t.ticket))[-1]
        assert (ticket["status"], ticket["agent_id"]) == (status, agent)
    running = await street.rows(t.promise, t.promise.c.state == "running")
    assert {row["ticket_id"] for row in running} == {
        2
    }  # what is closed owes nothing, what is reopened owes anew


async def test_a_reader_sees_nothing_of_what_is_not_committed(house: House) -> None:
    def half(tx: Tx) -> None:
        next_number(tx, "half")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own
        await house.database.write(half)
    counted = select(func.count()).select_from(t.counter)
    assert await house.database.read(lambda tx: tx.execute(counted).scalar_one()) == 0
