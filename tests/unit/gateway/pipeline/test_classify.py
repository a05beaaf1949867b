"""What a message is about: by its words, with the reason, and not by words that say the opposite."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.domain.conversation import OfferedChoice
from gateway.domain.ticket import Anomaly, TicketType, Urgency
from gateway.pipeline.classify import HUMAN, chosen_of, classification, classify
from gateway.pipeline.plan import Plan
from tests.building import WEB, a_conversation, a_knowledge, a_policy, a_turn, an_entry

TYPES = {
    TicketType.COMPLAINT: ["我要投诉你们", "什么垃圾服务", "你们是骗子", "气死我了，太差了", "I want to complain about your staff"],
    TicketType.CHANGE: ["我想修改收货地址", "帮我更改一下我的手机号", "please change my address", "update my email"],
    TicketType.SUGGESTION: ["我有个建议", "希望你们能出黑色款", "it would be nice if you added a dark mode"],
    TicketType.PRESALE: ["这个多少钱", "有货吗", "is it in stock?", "how much is the kettle"],
    TicketType.AFTERSALE: ["我不是要投诉，只想问一下我的包裹到哪了", "没有投诉的意思", "垃圾桶什么时候到", "我想退货", "where is my parcel", "你好", "转人工"],
}  # fmt: skip
ANOMALIES = {
    Anomaly.MEDIA: ["我要找媒体曝光你们", "我已经联系记者了", "再不退款我就打12315投诉", "I will go to the press"],
    Anomaly.OUTAGE: ["你们网站打不开了", "系统崩了", "your website is down"],
    Anomaly.SERIOUS: ["你们的充电器把我孩子烧伤住院了", "卡里一万二被盗刷了"],
    Anomaly.COMPLAINT: ["我要投诉客服态度", "I want to complain about your staff"],
    Anomaly.NONE: [
        "订单号 20263156 到了吗", "express delivery please", "explore the shop", "没有人受伤，只是包装坏了",
        "多媒体音箱有吗", "相机的曝光怎么调", "the pressure cooker", "电话 031512345", "怎么退货",
    ],
}  # fmt: skip
URGENCIES = {
    Urgency.URGENT: ["明天就要用，请加急", "你们网站打不开了", "催了五次都没人理"],
    Urgency.CRITICAL: ["救命", "充电器着火了", "我要找记者曝光你们", "煤气泄漏，一屋子味道"],
    Urgency.NORMAL: ["不急用", "不着急", "not urgent", "it isn't urgent", "没有紧急情况", "怎么退货", "你好"],
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


def test_every_classification_says_why_how_surely_and_by_which_rules() -> None:
    about = classification(a_turn("我要投诉，充电器爆炸了，把我手烧伤了"))
    assert (about.type, about.urgency, about.anomaly) == (
        TicketType.COMPLAINT,
        Urgency.CRITICAL,
        Anomaly.SERIOUS,
    )
    assert any("投诉" in reason for reason in about.because)
    assert about.confidence["urgency"] > 0.9
    assert about.version
    assert classification(a_turn("你好")).because


def test_triage_knows_types_that_a_ticket_does_not() -> None:
    assert classification(a_turn("转人工")).said_type == "human"
    assert classification(a_turn("你好")).said_type == "none"


def test_what_triage_finds_out_besides_goes_along() -> None:
    about = classification(a_turn("我的訂單退款還沒到，電話 13800138000"))
    assert about.needs_identity
    assert about.sensitive == ("phone",)
    assert about.lang == "zh-Hant"
    assert about.department == "finance"


def test_the_subject_of_a_mail_counts_too() -> None:
    assert classification(a_turn("见附件", inbound={"subject": "投诉"})).type is TicketType.COMPLAINT


def routed(text: str, **tables: Any) -> str:
    policy = a_policy(**{name: tables.pop(name) for name in ("triage_routes",) if name in tables})
    return classification(
        a_turn(text, policy=replace(policy, routing=replace(policy.routing, **tables)))
    ).department


def test_the_department_is_that_of_the_matter_unless_the_house_says_otherwise() -> None:
    assert routed("发票什么时候开") == "finance"
    assert routed("发票什么时候开", by_subtype={"invoice": "support"}) == "support"
    assert routed("发票什么时候开", triage_routes=False, by_type={}) == "support"
    assert routed("我要找记者曝光你们", by_anomaly={"media": "support"}) == "support"


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
