"""The agents' door: nothing written on a stale view, nothing said twice, nothing said under a used id."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gateway.desk import actions
from gateway.errors import Conflict, NotFound
from gateway.house import House
from gateway.store import tables as t
from gateway.store.desk import ReplyIdTaken, StaleTicket, StaleView
from gateway.store.promises_due import fire_due, next_promise
from gateway.store.waiting import edit_place, read_places
from tests.building import BOT
from tests.writing import Street, replying, resolving

NUMBER = "T20261123-0001"


async def test_a_reply_is_said_once_however_often_the_desk_sends_it(street: Street) -> None:
    await street.say("转人工")
    agent = await street.agent()
    await street.act(agent, NUMBER, replying("您好"))
    again = await street.act(agent, NUMBER, replying("您好"))
    assert again.shown == ()
    assert len(await street.rows(t.message, t.message.c.author == "agent")) == 1


async def test_the_same_reply_twice_at_once_is_said_once(street: Street) -> None:
    await street.say("转人工")
    agent = await street.agent()
    await street.act(agent, NUMBER, replying("马", "r0"))
    done = await asyncio.gather(
        *(street.act(agent, NUMBER, replying("您好")) for _ in range(5)), return_exceptions=True
    )
    assert all(not isinstance(one, BaseException) or isinstance(one, Conflict) for one in done)
    assert [row["text"] for row in await street.rows(t.message, t.message.c.public_id == "r1")] == ["您好"]


async def test_an_id_used_for_other_words_or_by_a_colleague_is_refused(street: Street) -> None:
    await street.say("转人工")
    agent = await street.agent()
    await street.act(agent, NUMBER, replying("您好"))
    with pytest.raises(ReplyIdTaken):
        await street.act(agent, NUMBER, replying("再见"))


async def test_an_id_the_customer_used_is_refused_for_a_reply(street: Street) -> None:
    await street.say("转人工", own_id="r1")
    agent = await street.agent()
    with pytest.raises(ReplyIdTaken):
        await street.act(agent, NUMBER, replying("您好"))


async def test_row_49_a_reply_written_before_the_customers_last_words_is_not_sent(street: Street) -> None:
    await street.say("转人工")
    agent = await street.agent()
    await street.say("不用退了！")
    with pytest.raises(StaleView) as caught:
        await street.act(agent, NUMBER, replying("已为您退款"), seen_seq=2)
    assert caught.value.missed == (3,)
    assert await street.rows(t.message, t.message.c.author == "agent") == []


async def test_the_bots_and_ones_own_words_do_not_make_a_view_stale(street: Street) -> None:
    await street.say("转人工")
    agent = await street.agent()
    await street.act(agent, NUMBER, replying("您好"), seen_seq=1)
    await street.act(agent, NUMBER, replying("请稍等", "r2"), seen_seq=1)
    assert len(await street.rows(t.message, t.message.c.author == "agent")) == 2


async def test_a_verb_on_an_older_version_of_the_ticket_is_refused(street: Street) -> None:
    await street.say("转人工")
    agent = await street.agent()
    version = (await street.one(t.ticket))["version"]
    await street.act(agent, NUMBER, actions.claim, version=version)
    with pytest.raises(StaleTicket):
        await street.act(agent, NUMBER, resolving(), version=version)


async def test_of_two_agents_who_claim_at_once_one_gets_it(street: Street) -> None:
    await street.say("转人工")
    one, two = await street.agent("1001"), await street.agent("1002")
    done = await asyncio.gather(
        street.act(one, NUMBER, actions.claim), street.act(two, NUMBER, actions.claim), return_exceptions=True
    )
    assert sum(isinstance(each, Conflict) for each in done) == 1
    ticket = await street.one(t.ticket)
    assert ticket["agent_id"] == ticket["first_agent_id"]


async def test_a_ticket_that_does_not_exist_is_not_found(street: Street) -> None:
    with pytest.raises(NotFound):
        await street.act(1, "T20261123-9999", actions.claim)


async def test_the_first_agent_stays_named_and_a_transfer_to_a_queue_frees_the_ticket(
    street: Street, house: House
) -> None:
    await street.say("转人工")
    agent = await street.agent()
    await street.act(agent, NUMBER, actions.claim)
    department = house.policy.departments[-1].id
    await street.act(
        agent, NUMBER, lambda case: actions.transfer(case, department=department, agent_id=None, reason="x")
    )
    ticket = await street.one(t.ticket)
    assert (ticket["agent_id"], ticket["first_agent_id"], ticket["department"]) == (None, agent, department)
    assert (await street.one(t.conversation))["state"] == "queued"


async def test_an_answer_in_time_keeps_the_promise_and_a_late_one_breaks_it(street: Street) -> None:
    agent = await street.agent()
    for who, wait in (("a", timedelta()), ("b", timedelta(days=30))):
        await street.say("转人工", who=who)
        street.later(wait)
        number = (await street.rows(t.ticket))[-1]["number"]
        await street.act(agent, number, replying("您好"))
    first = await street.rows(t.promise, t.promise.c.kind == "first_response")
    assert [row["state"] for row in first] == ["kept", "broken"]


async def test_a_note_is_nowhere_that_an_outgoing_path_reads(street: Street) -> None:
    await street.say("转人工", channel=BOT)
    agent = await street.agent()
    await street.act(agent, NUMBER, lambda case: actions.note(case, "难缠的客户"))
    everything = [*await street.rows(t.message), *await street.rows(t.outbox), *await street.rows(t.event)]
    assert not any("难缠" in str(row) for row in everything)
    assert (await street.one(t.note))["text"] == "难缠的客户"


def firing(house: House) -> Any:
    return partial(fire_due, now=house.clock.now(), policy=house.policy, kind=house.kind, limit=100)


async def test_a_promise_fires_once_when_it_is_late_and_not_before(street: Street, house: House) -> None:
    await street.say("转人工")
    due = await house.database.read(next_promise)
    assert due is not None

    async def fire() -> list[str]:
        fired, _ = await house.database.write(firing(house))
        return [f"{one.kind} {one.what}" for one in fired]

    assert await fire() == []
    street.later(due - house.clock.now())
    assert await fire() == ["first_response warned"]
    street.later(timedelta(minutes=1))
    assert await fire() == ["first_response late", "first_response escalated"]
    assert await fire() == []
    street.later(timedelta(days=30))
    assert sorted(await fire()) == [
        "explanation escalated",
        "explanation late",
        "resolution late",
        "told late",
    ]
    assert await fire() == []


async def test_promises_that_fell_due_while_nobody_ran_fire_once_all_the_same(
    street: Street, house: House
) -> None:
    for who in ("a", "b", "c"):
        await street.say("转人工", who=who)
    street.later(timedelta(days=30))
    both = await asyncio.gather(*(house.database.write(firing(house)) for _ in range(2)))
    assert sum(one.what == "late" for fired, _ in both for one in fired) == 9
    late = await street.rows(t.event, t.event.c.because.like("the promise %"))
    assert Counter(row["data"]["what"] for row in late if row["kind"] == "promise") == {
        "late": 9,
        "escalated": 3,
    }


async def test_the_queue_is_in_the_order_people_came(street: Street, house: House) -> None:
    for who in ("a", "b", "c"):
        await street.say("转人工", who=who, channel=BOT)
        street.later(timedelta(seconds=1))
    default = house.policy.handling_default
    places, waiting = await house.database.read(lambda tx: read_places(tx, {}, default))
    assert list(places.values()) == [1, 2, 3]
    assert [one.thread_key for one in waiting] == ["of a", "of b", "of c"]
    assert all(one.told_at is not None for one in waiting)
    first, second, third = places
    told = {first: 1, second: 3, third: 3}
    _, changed = await house.database.read(lambda tx: read_places(tx, told, default))
    assert [one.conversation_id for one in changed] == [second]


async def test_a_place_is_edited_into_a_message_only_once_that_message_has_arrived(
    street: Street, house: House
) -> None:
    await street.say("转人工", channel=BOT)
    _, (one,) = await house.database.read(lambda tx: read_places(tx, {}, house.policy.handling_default))
    now = house.clock.now()
    write = house.database.write
    assert await write(lambda tx: edit_place(tx, one, "x", "k1", now)) is None
    await write(lambda tx: tx.execute(t.outbox.update().values(state="delivered", provider_id="m7")) and None)
    committed = await write(lambda tx: edit_place(tx, one, "x", "k1", now))
    assert committed is not None
    assert committed.has_outgoing
    edit = (await street.rows(t.outbox))[-1]
    assert (edit["body"]["edits"], edit["body"]["text"], edit["message_id"]) == ("m7", "x", None)
