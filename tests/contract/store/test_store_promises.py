"""What a ticket owes through its life, on both databases; many cases are mistakes that others made."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gateway.desk import actions, spam
from gateway.desk.actions import Verb
from gateway.domain.policy import Policy
from gateway.domain.promise import Promise, PromiseState
from gateway.domain.ticket import Urgency
from gateway.errors import NotFound
from gateway.house import House
from gateway.pipeline.effects_promises import ChangeUrgency, Explain, Renegotiate, Settle
from gateway.pipeline.plan import Effect, Owe, Plan
from gateway.store import tables as t
from gateway.store.promises_anew import Page, reckon_page
from gateway.store.promises_due import Fired, fire_due, next_promise
from tests.building import BOT, MAIL, a_policy
from tests.writing import Street, replying, resolving

NUMBER = "T20261123-0001"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
COMPLAINT = "我要投诉你们，东西坏了"


def doing(*effects: Effect) -> Verb:
    return lambda case: Plan(lang=case.lang).then(*effects)


async def fire(house: House, **rules: Any) -> list[Fired]:
    policy = replace(house.policy, promises=replace(house.policy.promises, **rules))
    fired, _ = await house.database.write(
        partial(fire_due, now=house.clock.now(), policy=policy, kind=house.kind, limit=500)
    )
    return fired


async def owed(street: Street, kind: str) -> Mapping[str, Any]:
    """The latest promise of a kind."""
    return (await street.rows(t.promise, t.promise.c.kind == kind))[-1]


async def a_ticket(street: Street, text: str = "转人工", **more: Any) -> int:
    await street.say(text, **more)
    return await street.agent()


async def test_a_solution_stands_still_while_the_customer_owes_an_answer(
    street: Street, house: House
) -> None:
    agent = await a_ticket(street)
    street.later(HOUR)
    await street.act(agent, NUMBER, replying("请问订单号是多少？"))
    still = await owed(street, "resolution")
    assert (still["state"], still["used"], still["since_at"]) == ("paused", HOUR, None)
    assert (await street.one(t.ticket))["due_at"] is None
    street.later(timedelta(days=5))
    assert await fire(house) == []
    await street.say("订单号 123")
    again = await owed(street, "resolution")
    assert (again["state"], again["since_at"]) == ("running", house.clock.now())
    assert again["due_at"] == house.clock.now() + 23 * HOUR
    stretches = await street.rows(t.promise_segment, t.promise_segment.c.promise_id == again["id"])
    assert [(row["kind"], row["until_at"] - row["from_at"]) for row in stretches] == [
        ("counting", HOUR),
        ("paused", timedelta(days=5)),
    ]
    assert stretches[1]["because"] == "the agent asked the contact something"


async def test_an_answer_that_asks_nothing_stops_no_clock(street: Street) -> None:
    agent = await a_ticket(street)
    await street.act(agent, NUMBER, replying("已为您查询，正在处理。"))
    assert (await owed(street, "resolution"))["state"] == "running"


async def test_passing_a_ticket_on_sets_its_clock_going_again(street: Street) -> None:
    agent = await a_ticket(street)
    await street.act(agent, NUMBER, replying("请问订单号是多少？"))
    passed = partial(actions.transfer, department="tech", agent_id=None, reason="x")
    await street.act(agent, NUMBER, passed)
    row = await owed(street, "resolution")
    assert (row["state"], row["owner"], row["agent_id"]) == ("running", "tech", None)


async def test_what_is_late_does_not_stand_still(street: Street, house: House) -> None:
    agent = await a_ticket(street)
    street.later(25 * HOUR)
    await fire(house)
    await street.act(agent, NUMBER, replying("请问订单号是多少？"))
    assert (await owed(street, "resolution"))["state"] == "running"
    await street.act(agent, NUMBER, resolving())
    assert (await owed(street, "resolution"))["state"] == "broken"


async def test_no_next_answer_is_owed_before_the_first_one_was_given(street: Street) -> None:
    agent = await a_ticket(street, channel=BOT)
    await street.act(agent, NUMBER, actions.claim)
    await street.say("还在吗", channel=BOT)
    assert [row["kind"] for row in await street.rows(t.promise)] == ["first_response", "resolution"]
    await street.act(agent, NUMBER, replying("在的。"))
    await street.say("那什么时候发货", channel=BOT)
    following = await owed(street, "next_response")
    assert (following["state"], following["owner"]) == ("running", "agent:1001")


async def test_after_an_answer_a_silent_customer_leaves_nobody_late(street: Street, house: House) -> None:
    agent = await a_ticket(street)
    await street.act(agent, NUMBER, replying("请问还需要帮您查订单吗？"))
    street.later(timedelta(days=10))
    assert await fire(house) == []


async def test_a_customers_thanks_at_the_end_leave_nothing_owed(street: Street, house: House) -> None:
    agent = await a_ticket(street)
    await street.act(agent, NUMBER, replying("已处理。"))
    await street.say("好的，谢谢")
    await street.act(agent, NUMBER, resolving())
    await street.say("谢谢")
    street.later(timedelta(days=10))
    assert await fire(house) == []
    assert {row["state"] for row in await street.rows(t.promise)} == {"kept"}


async def test_nothing_automatic_counts_as_the_first_answer_and_reopening_owes_one_again(
    street: Street,
) -> None:
    agent = await a_ticket(street)
    await street.act(agent, NUMBER, actions.claim)  # the house greets in the agent's name
    assert (await owed(street, "first_response"))["state"] == "running"
    await street.act(agent, NUMBER, resolving())
    await street.say("没有解决")
    rows = await street.rows(t.promise, t.promise.c.kind == "first_response")
    assert [row["state"] for row in rows] == ["kept", "running"]
    assert rows[1]["owner"] == "agent:1001"


async def test_spam_is_owed_nothing_and_counts_neither_as_kept_nor_as_broken(street: Street) -> None:
    agent = await a_ticket(street, channel=MAIL)
    await street.act(agent, NUMBER, spam.spam)
    assert {row["state"] for row in await street.rows(t.promise)} == {"withdrawn"}
    await street.act(agent, NUMBER, spam.not_spam)
    assert (await owed(street, "first_response"))["state"] == "running"


async def test_whoever_takes_a_ticket_takes_over_what_it_owes(street: Street) -> None:
    agent = await a_ticket(street)
    await street.act(agent, NUMBER, actions.claim)
    assert {(row["owner"], row["agent_id"]) for row in await street.rows(t.promise)} == {
        ("agent:1001", agent)
    }


async def test_a_breach_escalates_once_and_asks_for_an_explanation(street: Street, house: House) -> None:
    agent = await a_ticket(street)
    await street.act(agent, NUMBER, actions.claim)
    street.later(2 * MINUTE)
    fired = await fire(house)
    assert [(one.what, one.kind) for one in fired] == [
        ("late", "first_response"),
        ("escalated", "first_response"),
    ]
    ticket = await street.one(t.ticket)
    assert (ticket["escalation"], ticket["escalated_at"]) == (1, house.clock.now())
    assert ticket["escalated_because"] == "the promise first_response is late"
    assert ticket["urgency"] == "normal"
    why = await owed(street, "explanation")
    assert (why["owner"], why["due_at"]) == ("agent:1001", house.clock.now() + HOUR)
    said = Explain(
        agent_id=agent, cause="staff", plan="今天下班前回复", because="agent 1001 said why it is late"
    )
    await street.act(agent, NUMBER, doing(said))
    assert (await owed(street, "explanation"))["state"] == "kept"
    kept = await street.one(t.explanation)
    assert (kept["cause"], kept["plan"], kept["promise_id"]) == ("staff", "今天下班前回复", why["id"])
    assert not any("下班前" in str(row) for row in await street.rows(t.event))


async def test_who_does_not_even_say_why_is_escalated_further(street: Street, house: House) -> None:
    await a_ticket(street)
    street.later(2 * MINUTE)
    await fire(house)
    street.later(HOUR)
    assert [(one.what, one.level) for one in await fire(house)] == [("late", 1), ("escalated", 2)]
    assert (await street.one(t.ticket))["escalation"] == 2


async def test_a_breach_makes_the_ticket_more_urgent_where_the_house_wants_it(
    street: Street, house: House
) -> None:
    await a_ticket(street)
    street.later(2 * MINUTE)
    await fire(house, raises_urgency=True)
    ticket, solved = await street.one(t.ticket), await owed(street, "resolution")
    assert (ticket["urgency"], ticket["urgency_rank"]) == ("urgent", 1)
    assert solved["due_at"] == solved["started_at"] + 2 * HOUR
    assert ticket["due_at"] == min(solved["due_at"], (await owed(street, "first_response"))["due_at"])


async def test_another_urgency_reckons_anew_with_the_time_used_up(street: Street, house: House) -> None:
    agent = await a_ticket(street)
    street.later(3 * HOUR)
    await street.act(agent, NUMBER, doing(ChangeUrgency(to=Urgency.URGENT, because="agent 1001: x")))
    solved = await owed(street, "resolution")
    assert (solved["due_at"], solved["rule"]) == (
        solved["started_at"] + 2 * HOUR,
        "promises.resolution.urgent",
    )
    lines = await street.rows(t.event, t.event.c.kind == "promise")
    assert lines[-1]["because"] == "the urgency is urgent now: promises.resolution.urgent = 2:00:00"
    assert "resolution" in {one.kind for one in await fire(house) if one.what == "late"}


async def test_a_time_the_customer_knows_does_not_move_to_a_later_one_in_silence(street: Street) -> None:
    agent = await a_ticket(street, "人命关天！马上转人工，漏电起火了", channel=MAIL)
    first = await owed(street, "first_response")
    assert first["told"]
    await street.act(agent, NUMBER, doing(ChangeUrgency(to=Urgency.NORMAL, because="agent 1001: x")))
    assert (await owed(street, "first_response"))["due_at"] == first["due_at"]


async def test_a_renegotiated_promise_gives_its_place_to_a_new_one(street: Street, house: House) -> None:
    agent = await a_ticket(street)
    first = await owed(street, "first_response")
    due = house.clock.now() + 3 * HOUR
    await street.act(agent, NUMBER, doing(Renegotiate(id=first["id"], due_at=due, because="x")))
    old, new = await street.rows(t.promise, t.promise.c.kind == "first_response")
    assert (old["state"], new["state"], new["instead_of"]) == ("renegotiated", "running", old["id"])
    assert (new["due_at"], new["warn_at"], new["told"]) == (due, due - 30 * MINUTE, True)
    with pytest.raises(NotFound):
        await street.act(agent, NUMBER, doing(Renegotiate(id=first["id"], due_at=due, because="x")))


async def test_several_things_may_be_promised_in_words_and_each_ends_by_itself(
    street: Street, house: House
) -> None:
    agent = await a_ticket(street)
    due = house.clock.now() + 2 * HOUR
    made = [
        Promise(kind="promised", owner="support", text=text, due_at=due, told=True, because="x")
        for text in ("两小时内回电", "两小时内发货")
    ]
    await street.act(agent, NUMBER, doing(*(Owe(promise=one, because="x") for one in made)))
    first, second = await street.rows(t.promise, t.promise.c.kind == "promised")
    await street.act(agent, NUMBER, doing(Settle(id=first["id"], because="agent 1001 kept it")))
    street.later(3 * HOUR)
    await street.act(
        agent, NUMBER, doing(Settle(id=second["id"], state=PromiseState.RENEGOTIATED, because="x"))
    )
    states = [row["state"] for row in await street.rows(t.promise, t.promise.c.kind == "promised")]
    assert states == ["kept", "renegotiated"]


async def test_a_solved_complaint_is_followed_up_and_outlives_its_closing(street: Street) -> None:
    agent = await a_ticket(street, COMPLAINT)
    await street.act(agent, NUMBER, resolving())
    await street.act(agent, NUMBER, actions.close)
    assert (await owed(street, "follow_up"))["state"] == "running"
    await street.act(agent, NUMBER, partial(actions.reopen, reason="x"))
    assert (await owed(street, "follow_up"))["state"] == "withdrawn"


async def test_a_clock_set_back_fires_nothing_twice_and_takes_nothing_back(
    street: Street, house: House
) -> None:
    await a_ticket(street)
    street.later(2 * MINUTE)
    assert len(await fire(house)) == 2
    street.later(-HOUR)
    assert await fire(house) == []
    assert (await owed(street, "first_response"))["fired_at"] is not None
    street.later(HOUR)
    assert await fire(house) == []


async def reckon(house: House, policy: Policy, **more: Any) -> Page:
    unit = partial(
        reckon_page, after_id=0, policy=policy, kind=house.kind, now=house.clock.now(), limit=100, apply=True
    )
    return await house.database.write(partial(unit, **more))


async def test_other_rules_reckon_all_that_runs_anew_and_once(street: Street, house: House) -> None:
    await a_ticket(street)
    usual = a_policy()
    spans = replace(usual.spans, resolution=dict(usual.spans.resolution) | {"normal": 12 * HOUR})
    policy = replace(usual, spans=spans, promises=replace(usual.promises, version="other"))
    shown = await reckon(house, policy, apply=False)
    assert [(one.ticket, one.kind) for one in shown.changes] == [(NUMBER, "resolution")]
    done = await reckon(house, policy)
    assert done.changes == shown.changes
    solved = await owed(street, "resolution")
    assert (solved["due_at"] - solved["started_at"], solved["version"]) == (12 * HOUR, "other")
    assert (await reckon(house, policy)).looked_at == 0
    assert await house.database.read(next_promise) is not None


@pytest.mark.parametrize("text", ["转人工", "你好"])
async def test_a_welcome_after_ten_seconds_is_written_down_as_broken(
    street: Street, house: House, text: str
) -> None:
    stored = await street.deliver(street.inbound(text))
    street.later(timedelta(seconds=11))
    await street.take(stored.id)
    late = await street.one(t.promise, t.promise.c.kind == "welcome")
    assert (late["state"], late["settled_at"] - late["due_at"]) == ("broken", timedelta(seconds=1))
    assert "welcome" not in {one.kind for one in await fire(house)}
    in_time = await street.deliver(street.inbound(text, who="li"))
    street.later(timedelta(seconds=9))
    await street.take(in_time.id)
    assert len(await street.rows(t.promise, t.promise.c.kind == "welcome")) == 1
