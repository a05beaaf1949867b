"""What agents write down themselves: phone calls, walk-ins, text messages (rulebook I1). The pure part."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from gateway.desk.actions import Case, must_not_be_over, words_of
from gateway.desk.rights import Action, authorize
from gateway.domain.conversation import State
from gateway.domain.promise import Stage
from gateway.domain.ticket import Anomaly, Classification, Status, TicketType, Urgency
from gateway.errors import Refusal, Said
from gateway.pipeline.classify import classification
from gateway.pipeline.effects_life import LogWords
from gateway.pipeline.effects_promises import Settle
from gateway.pipeline.hand_over import hand_over
from gateway.pipeline.plan import (
    AddNote,
    AgentReply,
    Claim,
    MoveConversation,
    Plan,
    ReopenTicket,
    Resolve,
    StartConversation,
    TouchTicket,
)
from gateway.pipeline.recognise import recognise
from gateway.pipeline.turn import Turn

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the agent says it is; None leaves it to the rules."""

    type: TicketType | None = None
    subtype: str | None = None
    urgency: Urgency | None = None
    anomaly: Anomaly | None = None
    department: str | None = None


def opened(turn: Turn, judged: Judged, *, by: str) -> Plan:
    """Return what opens the ticket: the same step, rules and promises as for a message that came by itself."""
    because = f"{by} wrote it down"
    lang = turn.inbound.lang or turn.contact.lang
    begun = Plan(lang=lang, is_new=True, classification=about(turn, judged, by=by), hand_off=because)
    begun = begun.then(StartConversation(lang=lang, because=because))
    return hand_over(turn, recognise(turn, begun))


def about(turn: Turn, judged: Judged, *, by: str) -> Classification:
    """Return what it is about: the rules' word, and the agent's where they gave one."""
    found = classification(turn)
    said = {
        name: value
        for name in ("type", "subtype", "urgency", "anomaly", "department")
        if (value := getattr(judged, name)) is not None
    }
    if not said:
        return found
    found = replace(found, **said, because=(*found.because, f"{by} says so: {', '.join(said)}"))
    if "department" in said:
        return found
    department = turn.policy.routing.department(
        type=found.type, subtype=found.subtype or "", anomaly=found.anomaly
    )
    return replace(found, department=department)


def taken(case: Case, *, id: str, answer: str, outcome: str) -> Plan:
    """Return what follows at once: the agent has it, has said something, has perhaps done it."""
    because = f"{case.by} wrote it down"
    plan = Plan(lang=case.lang).then(
        Claim(agent_id=case.me, because=because), MoveConversation(to=State.WITH_AGENT, because=because)
    )
    said = answer.strip() or outcome.strip()
    if said:
        plan = plan.then(
            AgentReply(agent_id=case.me, id=f"{id}-said", text=said, because=f"{case.by} answered")
        )
    if outcome.strip():
        plan = plan.then(
            Resolve(
                agent_id=case.me,
                outcome=outcome.strip(),
                closes_at=case.now + case.policy.life.close_after,
                because=f"{case.by} resolved it",
            )
        )
    return plan


def call(case: Case, *, id: str, direction: Direction, text: str, answers: bool) -> Plan:
    """Write down a further call about a ticket; one of ours that answers keeps what was owed to the customer.

    On a channel of its own the words stand in the thread; on any other, where the customer would see them, in a note.
    """
    authorize(case.who, Action.LOG, case.ticket)
    said = words_of(text, "text")
    if case.ticket.status is Status.CLOSED:
        must_not_be_over(case)
    because = f"{case.by} logged a call"
    plan = Plan(lang=case.lang)
    is_here = case.channel in case.policy.life.logged
    if direction == "in":
        if case.ticket.status is Status.RESOLVED:
            to = State.WITH_AGENT if case.ticket.agent_id is not None else State.QUEUED
            plan = plan.then(ReopenTicket(because=because), MoveConversation(to=to, because=because))
        words = (
            LogWords(id=id, text=said, because=because)
            if is_here
            else AddNote(agent_id=case.me, text=said, because=because)
        )
        return plan.then(words, TouchTicket(words=said, because=because))
    if is_here and answers:
        plan = plan.then(AgentReply(agent_id=case.me, id=id, text=said, because=because))
    else:
        plan = plan.then(AddNote(agent_id=case.me, text=said, because=because))
        if answers:
            plan = plan.then(
                *(
                    Settle(kind=stage, because=because)
                    for stage in (Stage.FIRST_RESPONSE, Stage.NEXT_RESPONSE)
                )
            )
    return plan.then(Settle(kind=Stage.FOLLOW_UP, because=because)) if answers else plan


def checked(
    case_now: datetime, at: datetime | None, phone: str | None, key: str | None, number: str | None
) -> None:
    """Refuse what cannot be: a call that is still to come, a number that is none, nobody at all."""
    if at is not None and at > case_now:
        raise _invalid("at", Said("时间不能晚于现在。", "This time has not come yet."))
    if phone and key is None:
        raise _invalid("phone", Said("电话号码无效。", "This is no phone number."))
    if not phone and not number:
        raise _invalid("contact", Said("请填写客户编号或电话。", "Name the customer's number or a phone."))


def _invalid(field: str, said: Said) -> Refusal:
    return Refusal(f"{field}: {said.en}", public=said, code="invalid", field=field)
