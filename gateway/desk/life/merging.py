"""The verbs that make one ticket of two, and two of one again. Pure."""

from gateway.desk.actions import Case, words_of
from gateway.desk.rights import Action, authorize, oversees
from gateway.domain.conversation import State
from gateway.pipeline.effects_life import Merge, Unmerge
from gateway.pipeline.plan import MoveConversation, Plan, SystemNotice


def merge(case: Case, *, into: str, reason: str) -> Plan:
    """Put the ticket into another; the customer is told only if the house wants that."""
    authorize(case.who, Action.MERGE, case.ticket)
    because = f"{case.by}: {words_of(reason, 'reason')}"
    may_cross = oversees(case.who)
    plan = Plan(lang=case.lang).then(
        Merge(agent_id=case.me, into=into, may_cross=may_cross, because=because),
        # What the customer writes here from now on is for whoever has the other ticket; the bot keeps out of it.
        MoveConversation(to=State.WITH_AGENT, because=because),
    )
    if not case.policy.life.merge_notice or case.channel in case.policy.life.logged:
        return plan
    told = case.texts.say("merged.notice", case.lang, number=case.ticket.number, into=into)
    return plan.then(SystemNotice(text=told, because=because))


def unmerge(case: Case, *, reason: str) -> Plan:
    """Take the ticket out of the other again."""
    authorize(case.who, Action.MERGE, case.ticket)
    because = f"{case.by}: {words_of(reason, 'reason')}"
    return Plan(lang=case.lang).then(Unmerge(because=because))
