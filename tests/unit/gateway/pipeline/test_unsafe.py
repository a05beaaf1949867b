"""Identity numbers, cards and passwords are not taken where others may read along."""

from dataclasses import replace

from gateway.domain.conversation import State
from gateway.domain.covering import CoverRules
from gateway.pipeline.plan import Plan, Record, SystemNotice
from gateway.pipeline.unsafe import UNSAFE, unsafe
from tests.building import BOT, MAIL, WEB, a_conversation, a_turn

CARD = "请退到卡 4242 4242 4242 4242"


def said(plan: Plan) -> list[str]:
    return [part.text for part in plan.parts if part.kind == UNSAFE]


def test_a_mail_with_a_card_is_asked_to_use_the_web_chat() -> None:
    turn = a_turn(text=CARD, channel=MAIL)
    (sentence,) = said(unsafe(turn, Plan(lang="zh-CN", is_new=True)))
    assert "在线客服" in sentence
    assert "4242" not in sentence


def test_a_chat_on_the_website_takes_it() -> None:
    assert unsafe(a_turn(text=CARD, channel=WEB), Plan(lang="en", is_new=True)).effects == ()


def test_a_house_may_call_other_kinds_of_channel_open() -> None:
    turn = a_turn(text=CARD, channel=BOT)
    policy = replace(turn.policy, cover=CoverRules(unencrypted=frozenset({"social"})))
    assert said(unsafe(replace(turn, policy=policy), Plan(lang="en", is_new=True)))


def test_nothing_is_said_of_a_kind_that_is_not_covered() -> None:
    turn = a_turn(text=CARD, channel=MAIL)
    policy = replace(turn.policy, cover=CoverRules(kinds=frozenset({"phone"})))
    assert unsafe(replace(turn, policy=policy), Plan(lang="en", is_new=True)).effects == ()


def test_a_telephone_number_is_taken_by_mail() -> None:
    assert unsafe(a_turn(text="电话 13800000000", channel=MAIL), Plan(is_new=True)).effects == ()


def test_it_is_said_beside_an_agent_who_has_the_floor() -> None:
    turn = a_turn(text=CARD, channel=MAIL, conversation=a_conversation(state=State.WITH_AGENT))
    plan = unsafe(turn, Plan(lang="zh-CN"))
    assert [type(one) for one in plan.effects] == [Record, SystemNotice]
    assert not plan.parts


def test_who_may_not_be_answered_is_not_told_beside_an_agent_either() -> None:
    turn = a_turn(text=CARD, channel=MAIL, conversation=a_conversation(state=State.WITH_AGENT))
    turn = replace(turn, no_mail="they asked for none")
    plan = unsafe(turn, Plan(lang="zh-CN"))
    assert [one.kind for one in plan.effects if isinstance(one, Record)] == ["unsafe", "reply.withheld"]
    assert not any(isinstance(one, SystemNotice) for one in plan.effects)
