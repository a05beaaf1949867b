"""The audit trail keeps what the bot made of a message, and no more than that."""

from dataclasses import replace

from gateway.pipeline.ask_for_person import ASKED
from gateway.pipeline.heard import heard
from gateway.pipeline.plan import Plan
from gateway.pipeline.run import decide
from knowledge.match import Match, Outcome
from tests.building import a_conversation, a_knowledge, a_turn

ANSWERED = Outcome(
    kind="answer",
    matches=(Match(id="hours", question="几点开门", score=0.93456),),
    because="sure",
    lang="zh-CN",
)


def test_outcome_entry_and_certainty_are_kept() -> None:
    assert heard(Plan(outcome=ANSWERED)) == {"outcome": "answer", "entry": "hours", "score": 0.935}


def test_the_wish_for_a_person_is_kept_with_its_reason() -> None:
    assert heard(decide(a_turn("转人工", knowledge=a_knowledge())))["hand_off"] == ASKED


def test_a_picked_choice_is_known_as_one() -> None:
    from gateway.domain.conversation import OfferedChoice

    offered = (OfferedChoice(id="hours", label="几点开门"),)
    turn = a_turn(
        "",
        inbound={"choice": "hours"},
        conversation=a_conversation(offered=offered),
        knowledge=a_knowledge(answers="hours"),
    )
    assert heard(decide(turn))["chosen"] is True


def test_small_talk_and_unknown_parts_are_kept() -> None:
    chat = Outcome(kind="none", because="small talk: thanks", lang="zh-CN", small_talk="thanks")
    assert heard(Plan(outcome=chat)) == {"outcome": "none", "small_talk": "thanks"}
    unknown = Outcome(kind="none", because="nothing", lang="zh-CN", asked="有学生优惠吗")
    assert heard(Plan(outcome=replace(ANSWERED, parts=(ANSWERED, unknown))))["missed"] == ["有学生优惠吗"]


def test_an_agents_plan_leaves_nothing() -> None:
    assert heard(Plan()) == {}
