"""The agents' verbs as plain values."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gateway.desk import actions
from gateway.desk.actions import Case, Taken
from gateway.desk.rights import Role, Who
from gateway.domain.conversation import State
from gateway.domain.policy import ChannelKind
from gateway.domain.ticket import Anomaly, Status, Ticket, TicketType, Urgency
from gateway.errors import Conflict, Forbidden, Refusal
from gateway.pipeline.plan import (
    AddNote,
    AgentReply,
    Claim,
    CloseTicket,
    MoveConversation,
    Owe,
    Plan,
    ReopenTicket,
    Resolve,
    SystemNotice,
    Transfer,
)
from gateway.settings import Settings
from gateway.texts import load_texts

POLICY = Settings().policy()
ME, COLLEAGUE = 1, 2
NOBODY_SHOULD: list[actions.Verb] = [
    lambda case: actions.reply(case, id="r", text="x"),
    lambda case: actions.transfer(case, department="support", agent_id=None, reason="x"),
    lambda case: actions.resolve(case, "x"),
    actions.close,
]


def a_case(
    *,
    status: Status = Status.OPEN,
    agent_id: int | None = None,
    role: Role = Role.AGENT,
    lang: str = "zh-CN",
    program: bool = False,
    kind: ChannelKind = "chat",
) -> Case:
    ticket = Ticket(
        id=7,
        number="T20261123-0001",
        status=status,
        type=TicketType.AFTERSALE,
        urgency=Urgency.NORMAL,
        anomaly=Anomaly.NONE,
        department="support",
        agent_id=agent_id,
    )
    who = Who(role=role, name="李雷", number="1001", agent_id=None if program else ME)
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    return Case(ticket=ticket, lang=lang, who=who, now=now, policy=POLICY, texts=load_texts(), kind=kind)


def kinds(plan: Plan) -> list[type]:
    return [type(effect) for effect in plan.effects]


def test_taking_over_moves_the_floor_and_greets_in_the_customers_language() -> None:
    plan = actions.claim(a_case(lang="en"))
    assert kinds(plan) == [Claim, MoveConversation, SystemNotice]
    notice = plan.effects[-1]
    assert isinstance(notice, SystemNotice)
    assert "1001" in notice.text
    assert plan.lang == "en"
    assert all(effect.because for effect in plan.effects)


def test_by_mail_nobody_is_greeted_the_reply_names_who_wrote_it() -> None:
    assert kinds(actions.claim(a_case(kind="mail"))) == [Claim, MoveConversation]
    answered = actions.reply(a_case(kind="mail"), id="r", text="ok")
    assert kinds(answered) == [Claim, MoveConversation, AgentReply]


def test_in_a_messenger_the_customer_is_greeted() -> None:
    assert kinds(actions.claim(a_case(kind="social")))[-1] is SystemNotice


def test_a_greeting_for_taiwan_is_in_traditional_characters() -> None:
    notice = actions.claim(a_case(lang="zh-TW")).effects[-1]
    assert isinstance(notice, SystemNotice)
    assert "為您" in notice.text


def test_taking_what_one_has_already_changes_nothing() -> None:
    assert actions.claim(a_case(status=Status.IN_PROGRESS, agent_id=ME)).effects == ()


def test_what_a_colleague_has_is_taken_only_by_a_supervisor() -> None:
    with pytest.raises(Taken) as caught:
        actions.claim(a_case(status=Status.IN_PROGRESS, agent_id=COLLEAGUE))
    assert caught.value.agent_id == COLLEAGUE
    plan = actions.claim(a_case(status=Status.IN_PROGRESS, agent_id=COLLEAGUE, role=Role.SUPERVISOR))
    assert kinds(plan)[0] is Claim


@pytest.mark.parametrize("verb", NOBODY_SHOULD)
def test_a_colleagues_ticket_is_not_an_agents_to_act_on(verb: Callable[[Case], Plan]) -> None:
    with pytest.raises(Forbidden) as caught:
        verb(a_case(status=Status.IN_PROGRESS, agent_id=COLLEAGUE))
    assert caught.value.kind == "not_yours"


@pytest.mark.parametrize("verb", [*NOBODY_SHOULD, actions.claim, lambda case: actions.note(case, "x")])
@pytest.mark.parametrize("case", [a_case(role=Role.EDITOR), a_case(role=Role.AUDITOR), a_case(program=True)])
def test_who_is_no_agent_does_nothing_to_tickets(verb: Callable[[Case], Plan], case: Case) -> None:
    with pytest.raises(Forbidden):
        verb(case)


@pytest.mark.parametrize("verb", [actions.claim, *NOBODY_SHOULD[1:3]])
@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_what_is_over_must_be_reopened_first(verb: Callable[[Case], Plan], status: Status) -> None:
    with pytest.raises(Conflict) as caught:
        verb(a_case(status=status, agent_id=ME))
    assert caught.value.kind == "over"


def test_a_first_answer_takes_over_and_a_later_one_only_answers() -> None:
    first = actions.reply(a_case(), id="r1", text="  您好 ")
    assert kinds(first) == [Claim, MoveConversation, SystemNotice, AgentReply]
    said = first.effects[-1]
    assert isinstance(said, AgentReply)
    assert said.text == "您好"
    later = actions.reply(a_case(status=Status.IN_PROGRESS, agent_id=ME), id="r2", text="好")
    assert kinds(later) == [AgentReply]


def test_a_resolved_ticket_may_still_be_answered_without_being_claimed() -> None:
    plan = actions.reply(a_case(status=Status.RESOLVED), id="r", text="不客气")
    assert kinds(plan) == [AgentReply]


@pytest.mark.parametrize("text", ["", "   ", "长" * (actions.MAX_TEXT + 1)])
def test_words_are_neither_none_nor_endless(text: str) -> None:
    verbs: tuple[actions.Verb, ...] = (
        lambda case: actions.reply(case, id="r", text=text),
        lambda case: actions.note(case, text),
        lambda case: actions.resolve(case, text),
        lambda case: actions.transfer(case, department="support", agent_id=None, reason=text),
    )
    for verb in verbs:
        with pytest.raises(Refusal) as caught:
            verb(a_case())
        assert caught.value.kind == "invalid"


def test_a_file_may_go_without_words() -> None:
    plan = actions.reply(a_case(status=Status.IN_PROGRESS, agent_id=ME), id="r", text=" ", attachments=("f",))
    assert plan.effects == (
        AgentReply(agent_id=ME, id="r", text="", attachments=("f",), because="agent 1001 answered"),
    )


def test_a_note_says_nothing_to_the_customer() -> None:
    assert kinds(actions.note(a_case(status=Status.CLOSED, agent_id=COLLEAGUE), "x")) == [AddNote]


def test_passing_on_moves_the_floor_to_the_queue_or_to_the_colleague() -> None:
    case = a_case(status=Status.IN_PROGRESS, agent_id=ME)
    for plan, to in (
        (actions.transfer(case, department="support", agent_id=None, reason="x"), State.QUEUED),
        (actions.transfer(case, department=None, agent_id=COLLEAGUE, reason="x"), State.WITH_AGENT),
    ):
        transfer, move, *owes = plan.effects
        assert [one.promise.kind for one in owes if isinstance(one, Owe)] == (
            [] if to is State.QUEUED else ["agent_greeting"]
        )
        assert isinstance(transfer, Transfer)
        assert isinstance(move, MoveConversation)
        assert move.to is to
        assert transfer.because == "agent 1001: x"


def test_resolving_what_nobody_had_names_who_did() -> None:
    assert kinds(actions.resolve(a_case(), "done")) == [Claim, MoveConversation, Resolve, SystemNotice]
    mine = actions.resolve(a_case(status=Status.IN_PROGRESS, agent_id=ME), "已退款")
    assert kinds(mine) == [Resolve, SystemNotice]


def test_closing_twice_and_reopening_what_is_open_change_nothing() -> None:
    assert actions.close(a_case(status=Status.CLOSED)).effects == ()
    assert actions.reopen(a_case(), "x").effects == ()
    assert kinds(actions.close(a_case())) == [CloseTicket, MoveConversation]


@pytest.mark.parametrize(("agent_id", "to"), [(None, State.QUEUED), (COLLEAGUE, State.WITH_AGENT)])
def test_reopening_goes_back_to_whoever_had_it(agent_id: int | None, to: State) -> None:
    plan = actions.reopen(a_case(status=Status.CLOSED, agent_id=agent_id), "not solved")
    reopened, move, *owes = plan.effects
    kinds_owed = [one.promise.kind for one in owes if isinstance(one, Owe)]
    assert kinds_owed == ["first_response", "resolution"]
    assert isinstance(reopened, ReopenTicket)
    assert isinstance(move, MoveConversation)
    assert move.to is to
