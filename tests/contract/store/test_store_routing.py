"""People, the queue's order and routing's effects, the same on both databases."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from gateway.desk.actions import claim
from gateway.desk.assigning import Assigning
from gateway.desk.handing import accept, decline, escalate, offer
from gateway.desk.presence import Presence
from gateway.desk.shifts import Shifts
from gateway.errors import Conflict, NotFound
from gateway.gauges import Gauges
from gateway.house import House
from gateway.intake.context import Live
from gateway.intake.keeper import Keeper
from gateway.store import accounts
from gateway.store import tables as t
from gateway.store.arrivals import read_past
from gateway.store.assigning import read_unrouted
from gateway.store.database import Tx
from gateway.store.handovers import Offered, read_given, read_handover, read_open, read_received
from gateway.store.load import read_ahead, read_load
from gateway.store.roster import read_people, read_profiles, save_profile
from gateway.store.vip import read_vip, set_vip
from gateway.store.visible import Sight
from gateway.store.visible_list import Wanted, list_tickets
from tests.building import MORNING
from tests.writing import Street

FIRST, SECOND, THIRD = "T20261123-0001", "T20261123-0002", "T20261123-0003"


async def people(house: House) -> Any:
    rules, hours = house.policy.dispatch, house.policy.hours
    return await house.database.read(lambda tx: read_people(tx, rules, hours, house.kind))


async def ticket(street: Street, number: str) -> Mapping[str, Any]:
    (row,) = [one for one in await street.rows(t.ticket) if one["number"] == number]
    return row


async def test_what_is_said_of_a_person_is_read_again(street: Street, house: House) -> None:
    await street.agent(state="online")
    changes: dict[str, Any] = {
        "skills": ["refund"], "languages": ["en"], "departments": ["support"], "capacity": {"chat": 2},
        "hours": [["09:00-18:00"], [], [], [], [], [], []], "line": 2, "supervises": None,
    }  # fmt: skip
    for _ in range(2):  # the first makes the row, the second changes it
        await house.database.write(lambda tx: save_profile(tx, "1001", changes, MORNING, "system"))
    (one,) = await people(house)
    assert (one.skills, one.languages, one.departments) == ({"refund"}, ("en",), {"support"})
    assert (one.capacity, one.line, one.state) == ({"chat": 2}, 2, "online")
    assert one.is_due_now(MORNING)
    assert not one.is_due_now(MORNING + timedelta(days=1))
    with pytest.raises(NotFound):
        await house.database.write(lambda tx: save_profile(tx, "9", changes, MORNING, "system"))


async def test_a_waiting_ticket_is_suggested_with_reasons_and_taken_by_whoever_likes(
    street: Street, house: House
) -> None:
    one = await street.agent(state="online")
    other = await street.agent("1002", state="online")
    await street.say("转人工", who="a")
    await street.say("转人工", who="b")
    assigning = Assigning(house)
    assert await assigning.look() == 2
    assert await assigning.look() == 0  # who was asked is not asked anew
    first, second = await ticket(street, FIRST), await ticket(street, SECOND)
    assert {first["suggested_agent_id"], second["suggested_agent_id"]} == {one, other}
    assert [each.load for each in await people(house)] == [pytest.approx(0.2)] * 2
    sight = Sight(tickets=True, agent_id=first["suggested_agent_id"])
    listed, _ = await house.database.read(lambda tx: list_tickets(tx, sight, Wanted(queue="suggested")))
    assert [face["number"] for face in listed] == [FIRST]
    assert listed[0]["suggested"]["number"] in ("1001", "1002")
    taker = other if first["suggested_agent_id"] == one else one
    await street.act(taker, FIRST, claim)
    assert (await ticket(street, FIRST))["suggested_agent_id"] is None


async def test_who_was_asked_and_leaves_is_replaced(street: Street, house: House) -> None:
    one = await street.agent(state="online")
    await street.say("转人工")
    assigning = Assigning(house)
    await assigning.look()
    await leave(house, one, "away")
    await assigning.look()
    assert (await ticket(street, FIRST))["suggested_agent_id"] is None
    other = await street.agent("1002", state="online")
    await assigning.look()
    assert (await ticket(street, FIRST))["suggested_agent_id"] == other


async def test_the_queue_goes_by_rank_then_by_coming(street: Street, house: House) -> None:
    for who in ("a", "b", "c"):
        await street.say("转人工", who=who)
        street.later(timedelta(minutes=1))
    contact = (await street.rows(t.contact))[2]["number"]
    rules, now = house.policy.dispatch, house.clock.now()
    assert await house.database.read(lambda tx: read_vip(tx, contact)) == {
        "contact": contact,
        "vip": False,
        "agent": None,
    }
    await house.database.write(lambda tx: set_vip(tx, contact, True, None, rules, now=now, actor="system"))
    unrouted = await house.database.read(
        lambda tx: read_unrouted(tx, house.kind, now=now, remember=rules.remember, only_special=False)
    )
    assert [one.number for one in unrouted] == [THIRD, FIRST, SECOND]
    assert unrouted[0].matter.is_vip
    ahead = [await house.database.read(partial(read_ahead, conversation_id=n)) for n in (1, 2, 3)]
    assert ahead == [1, 2, 0]
    load = await house.database.read(lambda tx: read_load(tx, house.policy.handling_default))
    assert (load.waiting, load.ranked) == (3, {1: 1})
    sight = Sight(tickets=True)
    listed, _ = await house.database.read(lambda tx: list_tickets(tx, sight, Wanted(queue="unassigned")))
    assert listed[0]["number"] == THIRD
    await street.say("还在吗？", who="c")  # their writing again takes nothing from them
    assert (await ticket(street, THIRD))["urgency_rank"] == 2


async def test_a_chat_whose_agent_is_gone_goes_back_to_the_front_once(street: Street, house: House) -> None:
    agent = await street.agent(state="online")
    for who in ("a", "b"):
        await street.say("转人工", who=who)
    await street.act(agent, SECOND, claim)
    await leave(house, agent, "offline")
    presence = Presence(house)
    assert await presence.look() == 0
    street.later(house.policy.dispatch.requeue_after)
    assert await presence.look() == 1
    assert await presence.look() == 0
    row = await ticket(street, SECOND)
    assert (row["agent_id"], row["first_agent_id"], row["status"]) == (None, agent, "open")
    waiting = {one["id"]: one["queue_rank"] for one in await street.rows(t.conversation)}
    assert waiting[row["conversation_id"]] == 2


async def test_what_a_disabled_agent_has_comes_back_at_once(street: Street, house: House) -> None:
    agent = await street.agent(state="online")
    await street.say("转人工")
    await street.act(agent, FIRST, claim)
    disabled = update(t.agent).where(t.agent.c.id == agent).values(disabled_at=house.clock.now())
    await house.database.write(lambda tx: tx.execute(disabled) and None)
    assert await Presence(house).look() == 1


async def test_a_hand_over_is_offered_answered_and_over(street: Street, house: House) -> None:
    giver = await street.agent(state="online")
    taker = await street.agent("1002", state="online")
    for who in ("a", "b"):
        await street.say("转人工", who=who)
    for number in (FIRST, SECOND):
        await street.act(giver, number, claim)
        await street.act(giver, number, lambda case: offer(case, taker, "请跟进"))
    sight, now = Sight(tickets=True), house.clock.now()
    asked = await house.database.read(lambda tx: read_received(tx, sight, taker))
    assert [one["ticket"]["number"] for one in asked] == [FIRST, SECOND]
    first, second = [await handover(house, one["id"]) for one in asked]
    await street.act(taker, FIRST, lambda case: accept(case, first))
    await street.act(taker, SECOND, lambda case: decline(case, second, "不熟悉"))
    with pytest.raises(Conflict):
        await street.act(taker, SECOND, lambda case: decline(case, second, "不熟悉"))
    given = await house.database.read(lambda tx: read_given(tx, sight, giver, now))
    assert [one["state"] for one in given] == ["accepted", "declined"]
    mine = await house.database.read(lambda tx: read_open(tx, sight, giver))
    assert [one["number"] for one in mine] == [SECOND]
    row = await ticket(street, FIRST)
    assert (row["agent_id"], row["first_agent_id"]) == (taker, giver)


async def test_the_second_line_is_owed_what_the_first_cannot_solve(street: Street, house: House) -> None:
    agent = await street.agent(state="online")
    await street.say("转人工")
    await street.act(agent, FIRST, claim)
    await street.act(agent, FIRST, lambda case: escalate(case, "查不出原因"))
    row = await ticket(street, FIRST)
    assert (row["line"], row["agent_id"], row["status"]) == (2, None, "open")
    await street.act(agent, FIRST, claim)
    promises = {one["kind"]: one["state"] for one in await street.rows(t.promise)}
    assert promises["second_line"] == "kept"


async def test_a_shift_is_shown_once_and_told_once(street: Street, house: House) -> None:
    agent = await street.agent(state="online")
    await street.say("转人工")
    await street.act(agent, FIRST, claim)
    shifts = Shifts(house)
    await shifts.look()
    assert not [one for one in await street.rows(t.event) if one["kind"] == "shift"]
    street.later(timedelta(hours=7, minutes=30))
    for _ in range(2):
        await shifts.look()
    (shown,) = [one for one in await street.rows(t.event) if one["kind"] == "shift"]
    assert shown["data"]["open"] == 1
    street.later(timedelta(minutes=30))
    for _ in range(2):
        await shifts.look()
    assert [one["kind"] for one in await street.rows(t.alarm)] == ["handover"]


async def test_past_tickets_are_read_with_what_they_took(street: Street, house: House) -> None:
    agent = await street.agent(state="online")
    await street.say("转人工", who="a")
    await street.say("转人工", who="b")
    street.later(timedelta(minutes=3))
    await street.act(agent, FIRST, claim)
    usual = house.policy.handling_default
    past = await house.database.read(
        lambda tx: read_past(tx, house.kind, MORNING - timedelta(days=1), MORNING + timedelta(days=1), usual)
    )
    assert [one.number for one in past.arrivals] == [FIRST, SECOND]
    assert (past.fates[0].taken_at, past.fates[1].taken_at) == (house.clock.now(), None)
    assert past.measured == 0
    assert past.arrivals[0].occupies == usual


async def test_profiles_are_those_who_handle_tickets(street: Street, house: House) -> None:
    await street.agent()

    def unit(tx: Tx) -> None:
        accounts.add_agent(tx, "editor", "5001", "编辑", "editor", "none", MORNING)

    await house.database.write(unit)
    rules, hours = house.policy.dispatch, house.policy.hours
    found = await house.database.read(lambda tx: read_profiles(tx, rules, hours, house.kind))
    assert [one.person.number for one in found] == ["1001"]


async def leave(house: House, agent_id: int, state: str) -> None:
    def unit(tx: Tx) -> None:
        (row,) = [one for one in accounts.list_agents(tx) if one.id == agent_id]
        accounts.set_state(tx, row, state, house.clock.now(), "left")

    await house.database.write(unit)


async def handover(house: House, id: int) -> Offered:
    found = await house.database.read(lambda tx: read_handover(tx, id))
    assert found is not None
    return found


async def test_the_gauges_show_who_waits_and_how_busy_each_is(street: Street, house: House) -> None:
    agent = await street.agent(state="online")
    for who in ("a", "b"):
        await street.say("转人工", who=who)
    await street.act(agent, FIRST, claim)
    await Gauges(house, Keeper(house.clock), Live(house)).count()
    page = house.metrics.page()[0].decode()
    assert 'gateway_agent_load{agent="1001"} 0.2' in page
    assert 'gateway_waiting{department="support"} 1.0' in page
