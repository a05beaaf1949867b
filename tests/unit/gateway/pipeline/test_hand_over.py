"""From bot to people: a ticket, a place, and a clock time that is computed and kept."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.contract import InboundAttachment
from gateway.domain.conversation import OfferedChoice, State
from gateway.domain.promise import Promise
from gateway.domain.ticket import Status, TicketType, Urgency
from gateway.pipeline.ask_for_person import only_asks
from gateway.pipeline.effects_routing import Prioritize
from gateway.pipeline.plan import (
    NUMBER,
    Effect,
    MoveConversation,
    OpenTicket,
    Owe,
    Plan,
    Remember,
    Reply,
    TouchTicket,
)
from gateway.pipeline.run import decide
from gateway.pipeline.turn import Load, Turn
from tests.building import (
    MAIL,
    MORNING,
    NIGHT,
    a_contact,
    a_conversation,
    a_knowledge,
    a_policy,
    a_ticket,
    a_turn,
    an_entry,
)

HANDLING = timedelta(minutes=5)


def reply(plan: Plan) -> str:
    (said,) = (effect for effect in plan.effects if isinstance(effect, Reply))
    return said.text


def the(plan: Plan, kind: type[Effect]) -> Any:
    (found,) = (effect for effect in plan.effects if isinstance(effect, kind))
    return found


def owed(plan: Plan) -> dict[str, Promise]:
    return {effect.promise.kind: effect.promise for effect in plan.effects if isinstance(effect, Owe)}


def asking(
    text: str = "转人工",
    *,
    waiting: int = 0,
    online: int = 1,
    next_person: datetime | None = None,
    **changes: Any,
) -> Turn:
    load = Load(online=online, waiting=waiting, handling=HANDLING, next_person=next_person)
    return a_turn(text, load=load, **changes)


def test_asking_for_a_person_opens_a_ticket_queues_and_promises() -> None:
    plan = decide(asking())
    opened = the(plan, OpenTicket)
    assert (opened.subject, opened.summary, opened.because) == (
        "转人工",
        "转人工",
        "the contact asks for a person",
    )
    assert the(plan, MoveConversation).to is State.QUEUED
    assert set(owed(plan)) == {"first_response", "resolution"}
    assert owed(plan)["first_response"].told
    assert owed(plan)["first_response"].due_at == MORNING + plan_span(asking())
    assert NUMBER in reply(plan)


def plan_span(turn: Turn) -> timedelta:
    return turn.policy.spans.first_response_for(turn.kind)


def test_the_choices_on_the_table_are_taken_off_it() -> None:
    offered = (OfferedChoice(id="a", label="甲"),)
    plan = decide(asking(conversation=a_conversation(topic="returns", offered=offered)))
    remembered = the(plan, Remember)
    assert (remembered.topic, remembered.offered) == ("returns", ())


@pytest.mark.parametrize(
    ("waiting", "told", "at"), [(0, "您是下一位", "10:01"), (3, "您前面还有 3 位客户", "10:20")]
)
def test_the_place_in_the_queue_is_told_with_a_clock_time(waiting: int, told: str, at: str) -> None:
    text = reply(decide(asking(waiting=waiting)))
    assert told in text
    assert f"今天 {at}" in text


def test_the_time_told_is_one_that_can_be_kept_and_a_promise_whatever_the_queue() -> None:
    for waiting in range(0, 40, 3):
        plan = decide(asking(waiting=waiting, now=MORNING + timedelta(seconds=50)))
        told = [promise.due_at for promise in owed(plan).values() if promise.told]
        at = the(plan, Reply).told_at
        assert at is not None
        assert clock_in(reply(plan), asking()) == at
        assert [due.replace(second=0) for due in told] == [at]
        assert (at - MORNING) >= timedelta(minutes=5 * (waiting + 1) if waiting else 1)


def test_the_rules_own_promise_stays_whatever_time_is_told() -> None:
    promises = owed(decide(asking(waiting=9)))
    assert promises["first_response"].due_at == MORNING + plan_span(asking())
    assert not promises["first_response"].told


def clock_in(text: str, turn: Turn) -> datetime:
    """The instant behind ``今天 10:05`` in a text."""
    clock = text.partition("预计今天 ")[2][:5]
    hour, minute = (int(part) for part in clock.split(":"))
    local = turn.now.astimezone(turn.policy.hours.zone)
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0)


def test_with_nobody_online_no_minute_is_promised_but_the_latest_the_rules_allow() -> None:
    plan = decide(asking(online=0))
    assert "均不在线，最迟明天（11月24日 周二）10:00 前" in reply(plan)
    assert owed(plan)["told"].due_at == MORNING + timedelta(hours=24)


def test_with_nobody_online_who_is_due_next_is_waited_for() -> None:
    soon = MORNING + timedelta(hours=1)
    plan = decide(asking(online=0, next_person=soon))
    assert "均不在线，最迟今天 11:05 前" in reply(plan)


def test_before_a_weekend_the_end_of_the_day_is_the_latest() -> None:
    friday = MORNING + timedelta(days=4)
    assert "最迟今天 18:00 前" in reply(decide(asking(online=0, now=friday)))


def test_out_of_hours_the_next_opening_and_the_promise_after_it_are_told() -> None:
    plan = decide(asking(now=NIGHT))
    assert "人工客服明天（11月24日 周二）09:00 上班，最迟明天（11月24日 周二）09:0" in reply(plan)
    assert owed(plan)["first_response"].due_at > NIGHT + timedelta(hours=11)


def test_a_mail_is_told_its_number_and_the_time() -> None:
    plan = decide(asking(channel=MAIL, inbound={"subject": "  我的   订单  "}))
    assert "您的来信已登记为工单" in reply(plan)
    assert the(plan, OpenTicket).subject == "我的 订单"


def test_an_english_customer_is_told_in_english() -> None:
    text = reply(decide(asking("agent please", waiting=1)))
    assert "Customers ahead of you: 1. A person will answer by 10:10 today" in text


def test_a_complaint_is_soothed_before_anything_else_is_said() -> None:
    plan = decide(asking("我要投诉，快递三天没动", conversation=a_conversation()))
    assert reply(plan).startswith("非常抱歉给您带来了不好的体验")
    assert the(plan, OpenTicket).classification.type is TicketType.COMPLAINT


def test_urgency_shortens_what_is_promised() -> None:
    calm, urgent = decide(asking("转人工")), decide(asking("充电器着火了，转人工"))
    assert the(urgent, OpenTicket).classification.urgency is Urgency.CRITICAL
    assert owed(urgent)["resolution"].due_at < owed(calm)["resolution"].due_at


def test_long_words_are_cut_and_no_words_are_named() -> None:
    opened = the(decide(asking("人工客服 " + "很长" * 400)), OpenTicket)
    assert (len(opened.subject), len(opened.summary)) == (80, 300)
    photo = InboundAttachment(name="x.jpg", content=b"x")
    silent = the(decide(asking("", inbound={"attachments": (photo,)})), OpenTicket)
    assert (silent.subject, silent.summary) == ("（无文字内容）", "（无文字内容）")


def test_the_answer_given_beside_the_ticket_is_its_topic() -> None:
    plan = decide(asking("转人工", knowledge=a_knowledge(answers="hours")))
    assert the(plan, Remember).topic == "hours"


def test_who_may_not_be_answered_is_owed_the_same_but_told_nothing() -> None:
    plan = decide(asking(inbound={"may_autorespond": False}))
    assert not any(isinstance(effect, Reply) for effect in plan.effects)
    assert the(plan, OpenTicket)
    assert not owed(plan)["first_response"].told


QUEUED: dict[str, Any] = {"conversation": a_conversation(state=State.QUEUED), "ticket": a_ticket()}


def test_words_written_while_waiting_land_on_the_ticket_without_an_answer() -> None:
    plan = decide(asking("订单号是 12345", **QUEUED))
    touched = the(plan, TouchTicket)
    assert touched.words == "订单号是 12345"
    assert plan.parts == ()


def test_worse_news_while_waiting_is_taken_to_the_ticket() -> None:
    plan = decide(asking("现在着火了", **QUEUED))
    assert the(plan, TouchTicket).classification.urgency is Urgency.CRITICAL


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"waiting": 2}, "您前面还有 2 位客户"),
        ({"waiting": 0}, "您是下一位"),
        ({"online": 0}, "已登记，客服最迟明天（11月24日 周二）"),
        ({"now": NIGHT}, "已登记，客服最迟明天（11月24日 周二）"),
    ],
)
def test_who_asks_again_is_told_their_place_again_and_no_second_ticket_opens(
    changes: dict[str, Any], told: str
) -> None:
    plan = decide(asking(**QUEUED, **changes))
    assert told in reply(plan)
    assert not any(isinstance(effect, OpenTicket) for effect in plan.effects)


def test_what_is_surely_known_is_answered_while_waiting_without_the_place() -> None:
    plan = decide(asking("几点开门", **QUEUED, knowledge=a_knowledge(answers="hours")))
    assert reply(plan) == "每天九点到十八点。"


def test_a_reopened_ticket_is_promised_anew_and_is_no_new_one() -> None:
    ticket = a_ticket(status=Status.RESOLVED, agent_id=7, resolved_at=MORNING)
    turn = asking("没解决", conversation=a_conversation(state=State.WITH_AGENT), ticket=ticket)
    plan = decide(turn)
    assert "已重新打开，由之前的客服继续跟进" in reply(plan)
    assert set(owed(plan)) == {"first_response", "resolution"}
    assert not any(isinstance(effect, OpenTicket) for effect in plan.effects)
    nobody = decide(replace(turn, ticket=replace(ticket, agent_id=None)))
    assert "之前的客服" not in reply(nobody)


def test_a_bare_wish_for_a_person_is_titled_by_what_was_talked_of_before() -> None:
    knowledge = a_knowledge(an_entry("退货政策", question="可以退货吗？"))
    talk = a_conversation(topic="退货政策")
    plan = decide(a_turn(text="转人工", conversation=talk, knowledge=knowledge))
    (opened,) = (effect for effect in plan.effects if isinstance(effect, OpenTicket))
    assert opened.subject == "可以退货吗？"


@pytest.mark.parametrize("text", ["灯罩碎了，转人工", "my lamp is broken, I want to talk to a person"])
def test_a_wish_for_a_person_that_names_its_matter_keeps_its_own_title(text: str) -> None:
    knowledge = a_knowledge(an_entry("退货政策", question="可以退货吗？"))
    talk = a_conversation(topic="退货政策")
    plan = decide(a_turn(text=text, conversation=talk, knowledge=knowledge))
    assert [one.subject for one in plan.effects if isinstance(one, OpenTicket)] == [text]


@pytest.mark.parametrize("text", ["转人工", "我要转人工", "I want to talk to a person", "agent"])
def test_a_bare_wish_in_any_words_is_told_from_one_that_says_more(text: str) -> None:
    assert only_asks(text)


def test_what_no_rule_speaks_of_goes_to_the_house_and_not_to_after_sales() -> None:
    plan = decide(a_turn(text="转人工"))
    (opened,) = (effect for effect in plan.effects if isinstance(effect, OpenTicket))
    assert opened.classification.department == a_policy().routing.otherwise


def test_a_vip_is_told_only_who_is_taken_before_them() -> None:
    load = Load(online=1, waiting=9, ranked={0: 1, 3: 2}, handling=HANDLING)
    plan = decide(replace(asking(), load=load, contact=a_contact(vip=True)))
    assert the(plan, Prioritize).rank == 1
    assert "前面还有 1 位" in reply(plan)


def test_whoever_has_no_claim_to_it_is_given_no_precedence() -> None:
    assert not [one for one in decide(asking()).effects if isinstance(one, Prioritize)]
