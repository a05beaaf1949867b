"""The agents' verbs about spam: into the spam view, and out of it again. Pure."""

from gateway.desk.actions import Case
from gateway.desk.rights import Action, authorize
from gateway.domain.conversation import State
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import owed
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
    promise = owed(Stage.FIRST_RESPONSE, case.policy, case.about, now=case.now, because=because)
    to = State.QUEUED if ticket.agent_id is None else State.WITH_AGENT
    return Plan(lang=case.lang).then(
        ReopenTicket(because=because),
        MoveConversation(to=to, because=because),
        Owe(promise=promise, because=because),
    )
