"""Several questions in one message: each is answered, asked about, or owned up to; nothing private among them."""

from dataclasses import replace
from datetime import date

import pytest

from adapters.contract import Inbound
from gateway.domain.conversation import OfferedChoice, State
from gateway.domain.ticket import TicketType
from gateway.pipeline.classify import HUMAN
from gateway.pipeline.plan import OpenTicket, Plan, Remember, Reply
from gateway.pipeline.run import decide
from gateway.pipeline.turn import Turn
from knowledge.entry import Action, KnowledgeEntry, Level
from knowledge.match import Match, Outcome
from tests.building import MAIL, WEB, FakeKnowledge, a_conversation, a_turn, an_entry

SECRET = "余额是 42 元"


def part(kind: str, *ids: str) -> Outcome:
    matches = tuple(Match(id=one, question=f"问{one}", score=0.3) for one in ids)
    return Outcome(kind=kind, matches=matches, because=f"{len(ids)} entries hold this phrasing", lang="zh-CN")  # type: ignore[arg-type] # one of the three


def several(*parts: Outcome, entries: tuple[KnowledgeEntry, ...]) -> FakeKnowledge:
    told = tuple(one.matches[0] for one in parts if one.kind == "answer")
    because = f"{len(parts)} questions, {len(told)} answered"
    return FakeKnowledge(
        Outcome(kind="answer", matches=told, because=because, lang="zh-CN", parts=parts), entries
    )


def reply(plan: Plan) -> Reply:
    (found,) = (effect for effect in plan.effects if isinstance(effect, Reply))
    return found


def remembered(plan: Plan) -> Remember:
    return next(effect for effect in plan.effects if isinstance(effect, Remember))


RETURNS = an_entry("returns", question="怎么退货", answer="点申请退货。", choices=("refunds", "invoices"))
INVOICES = an_entry("invoices", question="怎么开发票", answer="点申请发票。")
REFUNDS = an_entry("refunds", question="多久到账", answer="三天。")
ALL = (RETURNS, INVOICES, REFUNDS)


def asked(knowledge: FakeKnowledge, *, channel: str = WEB, state: State = State.BOT) -> Plan:
    conversation = a_conversation(state=state)
    return decide(
        a_turn("怎么退货？发票呢？", knowledge=knowledge, channel=channel, conversation=conversation)
    )


def test_each_sure_answer_stands_under_its_question_in_one_message() -> None:
    plan = asked(several(part("answer", "returns"), part("answer", "invoices"), entries=ALL))
    assert reply(plan).text == "**怎么退货**\n\n点申请退货。\n\n**怎么开发票**\n\n点申请发票。"
    assert reply(plan).entries == ("returns", "invoices")
    assert [one.id for one in reply(plan).choices] == ["refunds"]
    assert remembered(plan).topic == "invoices"
    assert remembered(plan).offered == reply(plan).choices


def test_what_is_nearly_sure_is_asked_after_the_answer() -> None:
    plan = asked(several(part("choices", "invoices", "refunds"), part("answer", "returns"), entries=ALL))
    first, _, rest = reply(plan).text.partition("点申请退货。")
    assert first == "**怎么退货**\n\n"
    assert "另一个问题" in rest
    assert [one.id for one in reply(plan).choices] == ["invoices", "refunds", HUMAN]
    assert remembered(plan).topic == "returns"


def test_what_is_not_known_is_owned_up_to() -> None:
    plan = asked(several(part("answer", "returns"), part("none"), entries=ALL))
    assert "没有找到确定的答案" in reply(plan).text
    assert [one.id for one in reply(plan).choices] == [HUMAN]
    assert plan.hand_off is None


def test_by_mail_a_person_takes_what_is_not_known() -> None:
    plan = asked(several(part("answer", "returns"), part("none"), entries=ALL), channel=MAIL)
    assert "点申请退货。" in reply(plan).text
    assert plan.hand_off == "not in the knowledge base"


def test_who_waits_for_a_person_is_told_the_sure_answers_and_asked_nothing() -> None:
    knowledge = several(part("answer", "returns"), part("choices", "refunds"), part("none"), entries=ALL)
    plan = asked(knowledge, state=State.QUEUED)
    assert reply(plan).text == "**怎么退货**\n\n点申请退货。"
    assert HUMAN not in [one.id for one in reply(plan).choices]


def test_an_entry_gone_since_is_owned_up_to_like_the_unknown() -> None:
    plan = asked(several(part("answer", "returns"), part("answer", "gone"), entries=ALL))
    assert "点申请退货。" in reply(plan).text
    assert "没有找到确定的答案" in reply(plan).text


@pytest.mark.parametrize("level", ["L1", "L2", "L3", "L4"])
def test_one_private_answer_among_them_is_never_told(level: Level) -> None:
    entries = (RETURNS, an_entry("balance", answer=SECRET, level=level))
    plan = asked(several(part("answer", "returns"), part("answer", "balance"), entries=entries))
    assert SECRET not in reply(plan).text
    assert plan.hand_off == f"the answer needs identity level {level}"


def test_one_of_them_may_open_a_ticket_of_its_type() -> None:
    entries = (RETURNS, replace(INVOICES, action=Action(kind="open_ticket", value="presale")))
    plan = asked(several(part("answer", "returns"), part("answer", "invoices"), entries=entries))
    (ticket,) = (effect for effect in plan.effects if isinstance(effect, OpenTicket))
    assert ticket.classification.type is TicketType.PRESALE
    assert "点申请退货。" in reply(plan).text


def picking(entry: KnowledgeEntry, *, channel: str = WEB) -> Turn:
    offered = (OfferedChoice(id=entry.id, label=entry.question),)
    knowledge = FakeKnowledge(part("none"), (entry, replace(RETURNS, choices=(entry.id,))))
    inbound = Inbound(channel=channel, external_id="m1", address="v", thread="v", text="", choice=entry.id)
    turn = a_turn(knowledge=knowledge, conversation=a_conversation(offered=offered))
    return replace(turn, inbound=inbound)


def test_a_choice_of_an_entry_that_is_no_longer_valid_is_gone() -> None:
    last_year = replace(INVOICES, valid_until=date(2025, 12, 31))
    assert "点申请发票。" not in reply(decide(picking(last_year))).text
    assert "点申请发票。" in reply(decide(picking(INVOICES))).text


def test_a_choice_of_an_entry_for_another_channel_is_gone() -> None:
    assert "点申请发票。" not in reply(decide(picking(replace(INVOICES, channels=(MAIL,))))).text


def test_a_follow_up_that_may_not_be_used_is_not_offered() -> None:
    entries = (RETURNS, replace(REFUNDS, channels=(MAIL,)), INVOICES)
    plan = asked(FakeKnowledge(part("answer", "returns"), entries))
    assert [one.id for one in reply(plan).choices] == ["invoices"]
