"""A person's word always wins over the bot's."""

from gateway.domain.conversation import State
from gateway.domain.ticket import Status
from gateway.pipeline.plan import Owe, Plan, Reply, TouchTicket
from gateway.pipeline.run import decide
from gateway.pipeline.stand_aside import stand_aside
from tests.building import MORNING, a_conversation, a_knowledge, a_ticket, a_turn

BUSY = a_conversation(state=State.WITH_AGENT)


def test_the_bot_is_silent_while_an_agent_has_the_floor_even_if_it_knows_the_answer() -> None:
    ticket = a_ticket(status=Status.IN_PROGRESS, agent_id=7)
    turn = a_turn("转人工", conversation=BUSY, ticket=ticket, knowledge=a_knowledge(answers="hours"))
    plan = decide(turn)
    touched, owes = plan.effects
    assert touched == TouchTicket(words="转人工", because="an agent has the floor")
    assert isinstance(owes, Owe)
    assert (owes.promise.kind, owes.promise.agent_id) == ("next_response", 7)
    assert plan.ended


def test_thanks_to_an_agent_start_no_clock() -> None:
    ticket = a_ticket(status=Status.IN_PROGRESS, agent_id=7)
    plan = decide(a_turn("好的，谢谢", conversation=BUSY, ticket=ticket))
    assert [type(effect) for effect in plan.effects] == [TouchTicket]


def test_the_bot_speaks_while_nobody_has_the_floor() -> None:
    for state in (State.BOT, State.QUEUED):
        assert stand_aside(a_turn(conversation=a_conversation(state=state)), Plan()) == Plan()
    assert stand_aside(a_turn(), Plan()) == Plan()
    assert stand_aside(a_turn(conversation=BUSY), Plan(is_new=True)) == Plan(is_new=True)


def test_who_reopens_a_ticket_is_told_so_although_it_has_an_agent() -> None:
    ticket = a_ticket(status=Status.RESOLVED, agent_id=7, resolved_at=MORNING)
    plan = decide(a_turn("没解决", conversation=BUSY, ticket=ticket))
    assert [effect.because for effect in plan.effects if isinstance(effect, Reply)] == ["handover"]
