"""The agents' verbs about spam: into the spam view, and out of it again. Pure."""

from gateway.desk.actions import Case
from gateway.desk.rights import Action, authorize
from gateway.domain.conversation import State
from gateway.domain.promise import Promise
from gateway.domain.routing import promised_by
from gateway.domain.ticket import Status
from gateway.pipeline.plan import MarkSpam, MoveConversation, Owe, Plan, ReopenTicket


def spam(case: Case) -> Plan:
    """Close it without a word and put it into the spam view; what is there stays as it is."""
    authorize(case.who, Action.MARK_SPAM, case.ticket)
    if case.ticket.spam is not None:
        return Plan(lang=case.lang)
    because = f"{case.by} says it is spam"
    moved = MoveConversation(to=State.CLOSED, because=because)
    return Plan(lang=case.lang).then(MarkSpam(because=because), moved)


def not_spam(case: Case) -> Plan:
    """Put it into the queue it should have come to, with a first response owed from now on."""
    authorize(case.who, Action.MARK_SPAM, case.ticket)
    ticket = case.ticket
    if ticket.spam is None or ticket.status is not Status.CLOSED:
        return Plan(lang=case.lang)
    because = f"{case.by} says it is no spam"
    spans, hours = case.policy.spans, case.policy.hours
    span = spans.answer_for(kind=case.kind, urgency=ticket.urgency, anomaly=ticket.anomaly)
    owed = Promise(
        kind="first_response",
        owner=ticket.department,
        due_at=promised_by(case.now, span, spans.first_response_latest, hours),
        because=because,
    )
    to = State.QUEUED if ticket.agent_id is None else State.WITH_AGENT
    return Plan(lang=case.lang).then(
        ReopenTicket(because=because),
        MoveConversation(to=to, because=because),
        Owe(promise=owed, because=because),
    )
