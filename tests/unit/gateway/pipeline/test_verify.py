"""Nothing private is shown or changed without proof."""

import pytest

from gateway.domain.conversation import OfferedChoice
from gateway.pipeline.plan import Plan, Reply
from gateway.pipeline.run import decide
from gateway.pipeline.verify import verify
from knowledge.entry import Level
from tests.building import a_conversation, a_knowledge, a_turn, an_entry

SECRET = "余额是 42 元"


def said(plan: Plan) -> str:
    (reply,) = (effect for effect in plan.effects if isinstance(effect, Reply))
    return reply.text


@pytest.mark.parametrize("level", ["L1", "L2", "L3", "L4"])
def test_an_answer_that_needs_proof_is_never_told(level: Level) -> None:
    knowledge = a_knowledge(an_entry(answer=SECRET, level=level), answers="hours")
    plan = decide(a_turn("我的余额", knowledge=knowledge))
    assert SECRET not in said(plan)
    assert "核实身份" in said(plan)
    assert plan.hand_off == f"the answer needs identity level {level}"


def test_nor_when_it_is_picked_from_the_choices() -> None:
    knowledge = a_knowledge(an_entry(answer=SECRET, level="L2"))
    conversation = a_conversation(offered=(OfferedChoice(id="hours", label="余额"),))
    plan = decide(a_turn("1", knowledge=knowledge, conversation=conversation))
    assert SECRET not in said(plan)
    assert plan.hand_off


def test_nor_to_somebody_who_asks_for_a_person_in_the_same_breath() -> None:
    knowledge = a_knowledge(an_entry(answer=SECRET, level="L2"), answers="hours")
    assert SECRET not in said(decide(a_turn("我要人工，告诉我余额", knowledge=knowledge)))


def test_a_change_of_details_is_a_persons_work() -> None:
    plan = decide(a_turn("我要修改收货地址"))
    assert "核实身份" in said(plan)
    assert plan.hand_off == "a change of details needs proof of identity"


def test_how_to_change_details_has_a_public_answer() -> None:
    plan = decide(
        a_turn("怎么修改收货地址", knowledge=a_knowledge(an_entry(answer="在设置里。"), answers="hours"))
    )
    assert "在设置里。" in said(plan)
    assert plan.hand_off is None


def test_how_to_change_details_is_not_public_where_the_entry_is_not() -> None:
    knowledge = a_knowledge(an_entry(answer=SECRET, level="L2"), answers="hours")
    plan = decide(a_turn("怎么修改收货地址", knowledge=knowledge))
    assert plan.hand_off == "a change of details needs proof of identity"


def test_an_entry_that_is_gone_reveals_nothing() -> None:
    knowledge = a_knowledge(an_entry("other"), answers="hours")
    assert "已经过期" in said(decide(a_turn("余额", knowledge=knowledge)))


def test_a_public_answer_needs_no_proof() -> None:
    knowledge = a_knowledge(answers="hours")
    plan = Plan(outcome=knowledge.outcome)
    assert verify(a_turn(knowledge=knowledge), plan) == plan
    assert verify(a_turn(), Plan(hand_off="asked")) == Plan(hand_off="asked")
