"""One automatic message a turn: in order, greeted once, and none where nobody may be answered."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.domain.conversation import OfferedChoice, State
from gateway.pipeline.compose import ORDER, compose, must_be_silent
from gateway.pipeline.plan import OpenTicket, Plan, Record, Reply
from gateway.pipeline.run import STEPS, decide
from tests.building import (
    BOT,
    MAIL,
    MORNING,
    NIGHT,
    WEB,
    a_conversation,
    a_knowledge,
    a_policy,
    a_turn,
    always_open,
)


def reply(plan: Plan) -> Reply:
    (said,) = (effect for effect in plan.effects if isinstance(effect, Reply))
    return said


def test_the_first_message_is_greeted_and_answered_in_one() -> None:
    said = reply(decide(a_turn("几点开门", knowledge=a_knowledge(answers="hours"))))
    assert said.text == "您好，我是晨光小店（示例）的智能客服，很高兴为您服务。\n\n每天九点到十八点。"
    assert said.because == "greeting, answer; entry hours: the test says so"
    assert said.entries == ("hours",)


def test_later_messages_are_not_greeted_again() -> None:
    turn = a_turn("几点开门", conversation=a_conversation(), knowledge=a_knowledge(answers="hours"))
    assert reply(decide(turn)).text == "每天九点到十八点。"


@pytest.mark.parametrize(
    ("text", "now", "told"),
    [
        ("你好", NIGHT, "现在是非工作时间，人工客服明天（11月24日 周二）09:00 上班"),
        ("hello", NIGHT, "back at 09:00 tomorrow"),
        ("hello", MORNING, "Happy to help"),
        ("請問訂單", NIGHT, "現在是非工作時間"),
    ],
)
def test_the_greeting_differs_in_and_out_of_hours_and_names_the_next_opening(
    text: str, now: Any, told: str
) -> None:
    assert told in reply(decide(a_turn(text, now=now))).text


def test_a_house_that_never_closes_never_speaks_of_opening() -> None:
    assert "非工作时间" not in reply(decide(a_turn(now=NIGHT, policy=always_open()))).text


def test_the_parts_come_in_their_order_whoever_spoke_first() -> None:
    plan = Plan()
    for kind in reversed(ORDER[1:]):
        plan = plan.say(kind, kind)
    said = reply(compose(a_turn(), replace(plan, is_new=True)))
    assert said.text.split("\n\n")[1:] == list(ORDER[1:])
    assert said.because == ", ".join(ORDER)


def test_the_last_choices_said_are_the_ones_offered() -> None:
    one, two = OfferedChoice(id="1", label="1"), OfferedChoice(id="2", label="2")
    plan = Plan().say("choices", "c", (two,)).say("answer", "a", (one,)).say("handover", "h")
    assert reply(compose(a_turn(), plan)).choices == (two,)


def test_nothing_to_say_is_no_message() -> None:
    assert compose(a_turn(), Plan()) == Plan()


def test_who_may_not_be_answered_gets_nothing_and_it_is_written_down_why() -> None:
    turn = a_turn(inbound={"may_autorespond": False})
    plan = compose(turn, Plan().say("answer", "x"))
    assert plan.effects == (
        Record(kind="reply.withheld", because="the sender may not be answered automatically"),
    )


@pytest.mark.parametrize(
    ("sent", "silent"), [((0, 0), False), ((2, 9), False), ((3, 3), True), ((0, 10), True)]
)
def test_a_sender_gets_only_so_many_automatic_mails(sent: tuple[int, ...], silent: bool) -> None:
    limits = [limit.count for limit in a_policy().automatic_mail]
    assert limits == [3, 10]
    assert bool(must_be_silent(a_turn(channel=MAIL, automatic_sent=sent))) is silent


@pytest.mark.parametrize("channel", [WEB, BOT])
def test_the_mail_budget_is_for_mail(channel: str) -> None:
    assert must_be_silent(a_turn(channel=channel, automatic_sent=(100, 100))) is None


def test_the_corridor_is_the_one_documented() -> None:
    assert [step.__name__ for step in STEPS] == [
        "guard",
        "identify",
        "recognise",
        "prefer",
        "check",
        "unsafe",
        "stand_aside",
        "classify",
        "ask_for_person",
        "calm",
        "verify",
        "answer",
        "hand_over",
        "compose",
    ]


def test_who_sent_a_mail_too_large_is_told_what_was_read_and_what_to_do() -> None:
    turn = a_turn("please find my video", channel=MAIL, inbound={"over_limit": 25_000_000})
    said = reply(decide(turn))
    assert said.because.endswith("handover, cut")
    assert "larger than 25 MB, so only its beginning could be read" in said.text
    assert "send us a link" in said.text


def test_a_too_large_mail_in_the_queue_is_answered_though_nothing_else_is_said() -> None:
    waiting = a_conversation(state=State.QUEUED, lang="zh-CN")
    turn = a_turn("还有一个视频", channel=MAIL, conversation=waiting, inbound={"over_limit": 25_000_000})
    assert "您的邮件超过了 25 MB" in reply(decide(turn)).text


def test_a_mail_that_no_machine_may_answer_goes_to_a_person_although_the_answer_is_known() -> None:
    known = a_knowledge(answers="hours")
    turn = a_turn("几点开门", channel=MAIL, knowledge=known, inbound={"may_autorespond": False})
    plan = decide(turn)
    assert not [one for one in plan.effects if isinstance(one, Reply)]
    assert [one for one in plan.effects if isinstance(one, OpenTicket)]
