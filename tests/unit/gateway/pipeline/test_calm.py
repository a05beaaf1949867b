"""While an emergency lasts its notice is said once a conversation, and is the answer to its own questions."""

from dataclasses import replace

from gateway.domain.emergency import Cause, Emergency
from gateway.domain.localized import Localized
from gateway.pipeline.effects_emergency import Concern
from gateway.pipeline.plan import MoveConversation, OpenTicket, Plan, Reply
from gateway.pipeline.run import decide
from tests.building import a_conversation, a_knowledge, a_turn

NOTICE = Localized({"zh-CN": "支付故障处理中，11:00 通报进展。", "en": "Payments fail; news at 11:00."})
EVERYTHING = Emergency(id=1, cause=Cause.HAND, notice=NOTICE, updates=2)
HOURS_ONLY = replace(EVERYTHING, id=2, topics=frozenset({"entry:hours"}))


def said(plan: Plan) -> str:
    [reply] = [effect for effect in plan.effects if isinstance(effect, Reply)]
    return reply.text


def concerns(plan: Plan) -> list[Concern]:
    return [effect for effect in plan.effects if isinstance(effect, Concern)]


def test_a_new_conversation_hears_the_notice_before_its_answer() -> None:
    plan = decide(a_turn("营业时间", knowledge=a_knowledge(answers="hours"), emergencies=(EVERYTHING,)))
    assert said(plan).index("支付故障") < said(plan).index("每天九点到十八点")
    assert [(one.emergency_id, one.updates) for one in concerns(plan)] == [(1, 2)]


def test_who_was_told_is_not_told_again() -> None:
    turn = a_turn(
        "营业时间",
        knowledge=a_knowledge(answers="hours"),
        conversation=a_conversation(),
        emergencies=(EVERYTHING,),
        concerned=frozenset({1}),
    )
    plan = decide(turn)
    assert "支付故障" not in said(plan)
    assert concerns(plan) == []


def test_a_question_about_the_very_thing_is_answered_by_the_notice_alone() -> None:
    plan = decide(a_turn("营业时间", knowledge=a_knowledge(answers="hours"), emergencies=(HOURS_ONLY,)))
    assert "支付故障" in said(plan)
    assert "每天九点到十八点" not in said(plan)


def test_other_questions_hear_nothing_of_an_emergency_with_topics() -> None:
    about_payment = replace(EVERYTHING, topics=frozenset({"subtype:payment"}))
    plan = decide(a_turn("营业时间", knowledge=a_knowledge(answers="hours"), emergencies=(about_payment,)))
    assert "支付故障" not in said(plan)


def test_a_complaint_is_soothed_told_and_handed_over_as_ever() -> None:
    complaints = replace(EVERYTHING, topics=frozenset({"complaints"}))
    plan = decide(a_turn("我要投诉，你们太差了", emergencies=(complaints,)))
    assert "支付故障" in said(plan)
    assert any(isinstance(effect, OpenTicket) for effect in plan.effects)
    assert any(isinstance(effect, MoveConversation) for effect in plan.effects)
    assert len(concerns(plan)) == 1


def test_traditional_chinese_gets_it_in_its_script_and_english_in_english() -> None:
    assert "支付故障" in said(decide(a_turn("营业时间", emergencies=(EVERYTHING,))))
    assert "處理中" in said(decide(a_turn("請問營業時間", emergencies=(EVERYTHING,))))
    assert "news at 11:00" in said(decide(a_turn("when do you open", emergencies=(EVERYTHING,))))
