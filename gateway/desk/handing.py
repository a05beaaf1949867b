"""The agents' verbs that bring a ticket to somebody else: the second line, a colleague who accepts. Pure."""

from gateway.desk.actions import Case, must_not_be_over, take_over
from gateway.desk.rights import Action, authorize
from gateway.domain.conversation import State
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import owed
from gateway.domain.ticket import Status
from gateway.errors import Conflict, Refusal, Said
from gateway.pipeline.effects_routing import OfferHandover, SettleHandover, ToSecondLine
from gateway.pipeline.plan import MoveConversation, Owe, Plan
from gateway.store.handovers import Offered

MAX_REASON = 1000


def escalate(case: Case, reason: str) -> Plan:
    """Give what the first line cannot solve to the second, which is owed it in time (rulebook T9)."""
    authorize(case.who, Action.ESCALATE, case.ticket)
    must_not_be_over(case)
    if case.ticket.line > 1:
        said = Said("该工单已在二线。", "The second line has this ticket already.")
        raise Conflict(f"{case.ticket.number} is with the second line", code="second_line", public=said)
    because = f"{case.by}: {_words(reason, 'reason')}"
    promise = owed(Stage.SECOND_LINE, case.policy, case.about, now=case.now, because=because)
    return Plan(lang=case.lang).then(
        ToSecondLine(department=case.ticket.department, because=because),
        MoveConversation(to=State.QUEUED, because=because),
        Owe(promise=promise, because=because),
    )


def offer(case: Case, to_id: int, note: str) -> Plan:
    """Ask a colleague to take the ticket over; until they accept, whoever has it stays responsible (rulebook L7)."""
    authorize(case.who, Action.HAND_OVER, case.ticket)
    must_not_be_over(case)
    if case.ticket.status is not Status.IN_PROGRESS or case.ticket.agent_id is None:
        said = Said("没有人负责该工单，请直接转派。", "Nobody has this ticket: transfer it instead.")
        raise Conflict(f"nobody has {case.ticket.number}", code="unassigned", public=said)
    if case.ticket.agent_id == to_id:
        raise _invalid("to", Said("该工单已由这位客服负责。", "This agent has the ticket already."))
    because = f"{case.by} asks a colleague to take over"
    return Plan(lang=case.lang).then(OfferHandover(to_id=to_id, note=note.strip(), because=because))


def accept(case: Case, offered: Offered) -> Plan:
    """Take over what a colleague hands on; the customer is greeted, and the first agent stays named."""
    authorize(case.who, Action.CLAIM, case.ticket)
    _must_be_mine(case, offered.to_id, offered)
    must_not_be_over(case)
    if case.ticket.agent_id != offered.from_id:
        raise _settled(offered)
    because = f"{case.by} accepted the hand-over"
    settled = SettleHandover(handover_id=offered.id, state="accepted", because=because)
    return Plan(lang=case.lang).then(settled, *take_over(case))


def decline(case: Case, offered: Offered, reason: str) -> Plan:
    """Say no to a hand-over, and why: the giver keeps the ticket."""
    authorize(case.who, Action.CLAIM, case.ticket)
    _must_be_mine(case, offered.to_id, offered)
    because = f"{case.by} declined the hand-over"
    answer = _words(reason, "reason")
    return Plan(lang=case.lang).then(
        SettleHandover(handover_id=offered.id, state="declined", answer=answer, because=because)
    )


def withdraw(case: Case, offered: Offered) -> Plan:
    """Keep the ticket after all."""
    authorize(case.who, Action.HAND_OVER, case.ticket)
    because = f"{case.by} keeps the ticket"
    return Plan(lang=case.lang).then(
        SettleHandover(handover_id=offered.id, state="withdrawn", because=because)
    )


def _must_be_mine(case: Case, agent_id: int, offered: Offered) -> None:
    if case.me != agent_id:
        said = Said("该交接不是交给您的。", "This was not handed to you.")
        raise Conflict(f"hand-over {offered.id} is another's", code="not_to_you", public=said)


def _settled(offered: Offered) -> Conflict:
    said = Said("该交接已处理。", "This hand-over has been answered already.")
    return Conflict(f"hand-over {offered.id} is settled", code="settled", public=said)


def _words(text: str, field: str) -> str:
    said = text.strip()
    if not said:
        raise _invalid(field, Said("内容不能为空。", "Please write something."))
    return said[:MAX_REASON]


def _invalid(field: str, said: Said) -> Refusal:
    return Refusal(f"{field}: {said.en}", public=said, code="invalid", field=field)
