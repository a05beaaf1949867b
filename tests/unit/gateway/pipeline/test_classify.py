"""What a message is about: by its words, with the reason, and not by words that say the opposite."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.domain.conversation import OfferedChoice
from gateway.domain.ticket import Anomaly, TicketType, Urgency
from gateway.pipeline.classify import HUMAN, chosen_of, classification, classify
from gateway.pipeline.plan import Plan
from tests.building import WEB, a_conversation, a_knowledge, a_turn, an_entry

TYPES = {
    TicketType.COMPLAINT: ["我要投诉你们", "什么垃圾服务", "你们是骗子", "气死我了", "this is unacceptable", "I want to complain", "it is a scam"],
    TicketType.CHANGE: ["我想修改收货地址", "更改一下我的手机号", "换绑定的邮箱", "please change my address", "update my email", "change the delivery address"],
    TicketType.SUGGESTION: ["我有个建议", "希望你们能出黑色款", "提个意见", "I suggest a dark mode", "it would be nice if you shipped abroad"],
    TicketType.PRESALE: ["这个多少钱", "有货吗", "有优惠吗", "is it in stock?", "how much is the kettle", "any discount?", "a question before I buy"],
    TicketType.AFTERSALE: [
        "我不是要投诉，只想问一下", "没有投诉的意思", "I don't want to complain, just asking", "this is not a complaint", "垃圾桶什么时候到",
        "我想换手机壳", "complaint form", "我想退货", "not terrible, just late", "where is my parcel", "没有差评", "建议零售价不对",
    ],
}  # fmt: skip
ANOMALIES = {
    Anomaly.MEDIA: ["我要找媒体曝光", "我已经联系记者了", "我打12315", "明天315见", "I will go to the press", "a journalist will call you"],
    Anomaly.OUTAGE: ["你们网站打不开了", "系统崩了", "your website is down", "is there an outage?"],
    Anomaly.SERIOUS: ["孩子受伤了", "充电器爆炸了", "the battery exploded", "it caught fire", "my son was injured", "我被烫伤住院"],
    Anomaly.COMPLAINT: ["我要投诉", "this is unacceptable"],
    Anomaly.NONE: [
        "订单号 20263156 到了吗", "express delivery please", "press the button twice", "I am impressed", "Internet Explorer 打不开", "explore the shop",
        "多媒体音箱有吗", "没有人受伤，只是包装坏了", "nobody was injured", "burned CDs", "相机的曝光怎么调", "the pressure cooker", "电话 031512345",
    ],
}  # fmt: skip
URGENCIES = {
    Urgency.URGENT: ["很急", "马上要用", "this is urgent", "I need it ASAP", "请加急", "please reply immediately"],
    Urgency.CRITICAL: ["救命", "我要报警", "有生命危险", "this is an emergency", "充电器着火了", "找记者"],
    Urgency.NORMAL: ["不急用", "不着急", "不是很急", "not urgent", "it isn't urgent", "没有紧急情况", "救命稻草", "怎么退货"],
}  # fmt: skip


def cases(table: dict[Any, list[str]]) -> list[tuple[Any, str]]:
    return [(word, text) for word, texts in table.items() for text in texts]


@pytest.mark.parametrize(("wanted", "text"), cases(TYPES))
def test_the_type_follows_the_words(wanted: TicketType, text: str) -> None:
    assert classification(a_turn(text)).type is wanted


@pytest.mark.parametrize(("wanted", "text"), cases(ANOMALIES))
def test_the_anomaly_follows_the_words(wanted: Anomaly, text: str) -> None:
    assert classification(a_turn(text)).anomaly is wanted


@pytest.mark.parametrize(("wanted", "text"), cases(URGENCIES))
def test_the_urgency_follows_the_words(wanted: Urgency, text: str) -> None:
    assert classification(a_turn(text)).urgency is wanted


def test_every_classification_says_why() -> None:
    about = classification(a_turn("很急！我要投诉，充电器爆炸了"))
    assert (about.type, about.urgency, about.anomaly) == (
        TicketType.COMPLAINT,
        Urgency.CRITICAL,
        Anomaly.SERIOUS,
    )
    assert about.because == ("anomaly serious: “爆炸”", "type complaint: “投诉”", "urgency urgent: “很急”")
    assert classification(a_turn("你好")).because == ("no rule fired: after-sale, normal",)


def test_the_subject_of_a_mail_counts_too() -> None:
    assert classification(a_turn("见附件", inbound={"subject": "投诉"})).type is TicketType.COMPLAINT


def test_the_department_is_the_houses_routing() -> None:
    turn = a_turn("我要投诉")
    wanted = turn.policy.routing.department(type="complaint", anomaly="complaint")
    assert classification(turn).department == wanted != turn.policy.routing.otherwise


def test_the_knowledge_base_is_asked_with_language_topic_and_channel() -> None:
    knowledge = a_knowledge(answers="hours")
    turn = a_turn("几点开门", conversation=a_conversation(topic="returns"), knowledge=knowledge)
    plan = classify(turn, Plan(lang="zh-CN"))
    assert plan.outcome is knowledge.outcome
    (asked,) = knowledge.asked
    assert (asked.lang, asked.topic, asked.channel) == ("zh-CN", "returns", WEB)


def test_a_new_conversation_has_no_topic_yet() -> None:
    knowledge = a_knowledge()
    classify(
        a_turn("几点", conversation=a_conversation(topic="returns"), knowledge=knowledge), Plan(is_new=True)
    )
    assert knowledge.asked[0].topic is None


def test_nothing_is_asked_about_a_message_without_words() -> None:
    knowledge = a_knowledge(answers="hours")
    assert classify(a_turn(" \n", knowledge=knowledge), Plan()).outcome is None
    assert knowledge.asked == []


OFFERED = (
    OfferedChoice(id="hours", label="What are your hours?"),
    OfferedChoice(id="returns", label="How do I return goods?"),
    OfferedChoice(id=HUMAN, label="Talk to a person"),
)


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("1", "hours"), ("２", "returns"), ("2.", "returns"), ("（3）", HUMAN), (" 1、", "hours"), ("0", None), ("4", None), ("12", None),
        ("how do I return goods", "returns"), ("How do I return goods?", "returns"), ("TALK TO A PERSON", HUMAN), ("hours", None),
        ("1 kg", None), ("", None), ("²", None), ("x" * 200, None),
    ],
)  # fmt: skip
def test_a_choice_is_made_by_number_full_width_too_or_by_label(text: str, picked: str | None) -> None:
    chosen = chosen_of(a_turn(text, conversation=a_conversation(offered=OFFERED)))
    assert (chosen.id if chosen else None) == picked


@pytest.mark.parametrize(("choice", "picked"), [("returns", "returns"), (HUMAN, HUMAN), ("gone", None)])
def test_a_choice_is_made_by_button(choice: str, picked: str | None) -> None:
    turn = a_turn("", inbound={"choice": choice}, conversation=a_conversation(offered=OFFERED))
    chosen = chosen_of(turn)
    assert (chosen.id if chosen else None) == picked


def test_a_number_picks_nothing_where_nothing_was_offered() -> None:
    assert chosen_of(a_turn("1", conversation=a_conversation())) is None
    assert chosen_of(a_turn("1")) is None


def test_the_choice_made_is_the_answer_and_asking_for_a_person_is_none() -> None:
    knowledge = a_knowledge(an_entry("returns"))
    turn = a_turn("2", conversation=a_conversation(offered=OFFERED), knowledge=knowledge)
    outcome = classify(turn, Plan()).outcome
    assert outcome is not None
    assert (outcome.kind, outcome.matches[0].id, outcome.because) == (
        "answer",
        "returns",
        "chosen by the contact",
    )
    assert classify(replace(turn, inbound=turn.inbound.with_(text="3")), Plan()).outcome is None
    assert knowledge.asked == []
