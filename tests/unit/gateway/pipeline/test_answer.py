"""An answer where the house is sure, choices where it is nearly so, a question or a person otherwise."""

from typing import Any

import pytest

from adapters.contract import InboundAttachment
from gateway.domain.conversation import OfferedChoice, State
from gateway.domain.ticket import TicketType
from gateway.pipeline.answer import answer
from gateway.pipeline.classify import HUMAN, classify
from gateway.pipeline.plan import Plan, Remember
from knowledge.entry import Action
from tests.building import MAIL, FakeKnowledge, a_conversation, a_knowledge, a_turn, an_entry


def judged(text: str = "几点开门", *, lang: str = "zh-CN", is_new: bool = True, **turn: Any) -> Plan:
    """Classify and answer."""
    this = a_turn(text, **turn)
    return answer(this, classify(this, Plan(lang=lang, is_new=is_new)))


def remembered(plan: Plan) -> Remember:
    (found,) = (effect for effect in plan.effects if isinstance(effect, Remember))
    return found


def test_a_sure_match_is_answered_and_becomes_the_topic() -> None:
    plan = judged(knowledge=a_knowledge(answers="hours"))
    assert [(part.kind, part.text) for part in plan.parts] == [("answer", "每天九点到十八点。")]
    assert remembered(plan) == Remember(topic="hours", because="entry hours: the test says so")
    assert plan.hand_off is None


def test_the_answer_is_in_the_language_the_customer_writes() -> None:
    entry = an_entry(en="Nine to six, every day.", answer="营业时间为九点。")
    knowledge = a_knowledge(entry, answers="hours")
    assert judged(lang="en", knowledge=knowledge).parts[0].text == "Nine to six, every day."
    assert judged(lang="zh-TW", knowledge=knowledge).parts[0].text == "營業時間為九點。"


def test_an_answer_offers_the_questions_that_follow_from_it_and_forgets_those_that_are_gone() -> None:
    entries = an_entry(choices=("returns", "gone")), an_entry("returns", question="怎么退货")
    plan = judged(knowledge=a_knowledge(*entries, answers="hours"))
    assert plan.parts[0].choices == (OfferedChoice(id="returns", label="怎么退货"),)
    assert remembered(plan).offered == plan.parts[0].choices


def test_an_entry_may_open_a_ticket_beside_its_answer() -> None:
    entry = an_entry(action=Action(kind="open_ticket", value="aftersale"))
    plan = judged(knowledge=a_knowledge(entry, answers="hours"))
    assert plan.parts[0].kind == "answer"
    assert plan.hand_off == "entry hours opens a ticket"
    assert plan.classification is not None
    assert plan.classification.type is TicketType.AFTERSALE
    other = an_entry(action=Action(kind="other"))
    assert judged(knowledge=a_knowledge(other, answers="hours")).hand_off is None


@pytest.mark.parametrize("type_", list(TicketType))
def test_the_ticket_an_entry_opens_has_the_type_it_names_and_that_types_department(type_: TicketType) -> None:
    entry = an_entry(action=Action(kind="open_ticket", value=type_))
    about = judged(knowledge=a_knowledge(entry, answers="hours")).classification
    assert about is not None
    assert (about.type, about.because[-1]) == (type_, "entry hours opens a ticket")
    routing = a_turn().policy.routing
    assert about.department == routing.department(type=type_, anomaly=about.anomaly)


def test_an_entry_removed_since_it_was_offered_is_said_to_be_gone() -> None:
    offered = (OfferedChoice(id="old", label="旧"),)
    plan = judged("1", is_new=False, conversation=a_conversation(offered=offered))
    assert plan.parts[0].text == "这个选项已经过期，麻烦您用文字再说明一下您的问题。"


def test_a_button_of_long_ago_is_said_to_be_gone() -> None:
    plan = judged("", inbound={"choice": "old"}, is_new=False, conversation=a_conversation())
    assert "已经过期" in plan.parts[0].text
    assert plan.hand_off is None


def test_two_or_three_near_matches_are_offered_with_a_person_as_the_last() -> None:
    conversation = a_conversation(topic="returns")
    plan = judged(knowledge=a_knowledge(offers=("a", "b", "c")), conversation=conversation, is_new=False)
    assert [one.id for one in plan.parts[0].choices] == ["a", "b", "c", HUMAN]
    assert remembered(plan).offered == plan.parts[0].choices
    assert remembered(plan).topic == "returns"
    assert (
        remembered(judged(knowledge=a_knowledge(offers=("a", "b")), conversation=conversation)).topic is None
    )


@pytest.mark.parametrize("kind", ["greeting", "thanks", "bye"])
def test_small_talk_is_answered_in_kind(kind: str) -> None:
    plan = judged(knowledge=a_knowledge(small_talk=kind))
    assert plan.parts[0].text
    assert remembered(plan).because == f"small talk: {kind}"


def test_the_first_time_at_a_loss_a_guiding_question_is_asked() -> None:
    plan = judged()
    assert (plan.parts[0].kind, plan.hand_off) == ("guide", None)
    assert [one.id for one in plan.parts[0].choices] == [HUMAN]
    assert remembered(plan).misses == 1


def test_the_second_time_at_a_loss_a_person_takes_over() -> None:
    plan = judged(conversation=a_conversation(misses=1), is_new=False)
    assert plan.hand_off == "not in the knowledge base"
    assert plan.parts == ()


def test_losses_of_the_last_conversation_do_not_count() -> None:
    assert judged(conversation=a_conversation(misses=1)).hand_off is None


@pytest.mark.parametrize(
    "special",
    [{"channel": MAIL}, {"inbound": {"attachments": (InboundAttachment(name="x.jpg", content=b"x"),)}}],
)
def test_a_mail_or_a_file_nobody_understands_goes_to_a_person_at_once(special: dict[str, Any]) -> None:
    assert judged(**special).hand_off == "not in the knowledge base"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("我要投诉", "a complaint or an emergency goes to a person"),
        ("充电器着火了", "critical urgency goes to a person at once"),
        ("救命", "critical urgency goes to a person at once"),
    ],
)
def test_who_is_upset_or_in_danger_gets_a_person_and_no_ready_made_answer(text: str, reason: str) -> None:
    plan = judged(text, knowledge=a_knowledge(answers="hours"))
    assert (plan.hand_off, plan.parts) == (reason, ())


def test_a_failure_calmly_told_gets_the_answer_the_house_has_and_a_person_besides() -> None:
    plan = judged("付款页面打不开", knowledge=a_knowledge(answers="hours"))
    assert plan.parts[0].kind == "answer"
    assert plan.hand_off == "answered, and a failure or a loss goes to a person besides"
    assert judged("付款页面打不开").hand_off == "a complaint or an emergency goes to a person"


def test_in_the_queue_only_what_is_surely_known_is_answered() -> None:
    queued = a_conversation(state=State.QUEUED)
    silent: tuple[FakeKnowledge, ...] = (
        a_knowledge(),
        a_knowledge(offers=("a", "b")),
        a_knowledge(small_talk="thanks"),
    )
    for knowledge in silent:
        assert judged(conversation=queued, is_new=False, knowledge=knowledge).parts == ()
    plan = judged(conversation=queued, is_new=False, knowledge=a_knowledge(answers="hours"))
    assert plan.parts[0].kind == "answer"


def test_nothing_is_answered_once_a_person_is_wanted() -> None:
    plan = Plan(hand_off="asked")
    assert answer(a_turn(knowledge=a_knowledge(answers="hours")), plan) == plan


def test_without_a_classification_the_answer_stands_on_the_match_alone() -> None:
    knowledge = a_knowledge(answers="hours")
    assert answer(a_turn(knowledge=knowledge), Plan(outcome=knowledge.outcome)).parts[0].kind == "answer"
