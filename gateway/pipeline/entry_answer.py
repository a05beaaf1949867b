"""What an entry gives this customer on this channel today: its words, the questions that follow, the ticket it opens."""

from dataclasses import replace

from gateway.domain.conversation import OfferedChoice
from gateway.domain.ticket import Classification, TicketType
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn
from knowledge.match import Outcome

MOST_FOLLOW_UPS = 3


def usable(turn: Turn, entry_id: str) -> bool:
    """Say whether there is such an entry, and whether it may be used on this channel today."""
    try:
        entry = turn.knowledge.entry(entry_id)
    except KeyError:
        return False
    return entry.is_valid(turn.today, turn.inbound.channel)


def answer_text(turn: Turn, plan: Plan, entry_id: str) -> str:
    """Return an entry's answer in the customer's language and script, as this channel words it."""
    entry = turn.knowledge.entry(entry_id)
    return turn.texts.adapt(entry.answer_in(plan.lang, turn.inbound.channel), plan.lang)


def follow_ups(turn: Turn, plan: Plan, entry_id: str) -> tuple[OfferedChoice, ...]:
    """Return the questions an entry offers next, as far as they may be used here and now."""
    ids = [one for one in turn.knowledge.entry(entry_id).choices if usable(turn, one)]
    return tuple(_choice(turn, plan, one) for one in ids[:MOST_FOLLOW_UPS])


def on_offer(turn: Turn, plan: Plan, outcome: Outcome) -> tuple[OfferedChoice, ...]:
    """Return the entries an outcome offers, in the customer's script."""
    return tuple(
        OfferedChoice(id=match.id, label=turn.texts.adapt(match.question, plan.lang))
        for match in outcome.matches[:MOST_FOLLOW_UPS]
    )


def opens_ticket(turn: Turn, plan: Plan, entry_id: str) -> Plan:
    """Hand over where the entry's action is to open a ticket; the ticket gets the type the entry names."""
    action = turn.knowledge.entry(entry_id).action
    if action is None or action.kind != "open_ticket" or plan.hand_off:
        return plan
    because = f"entry {entry_id} opens a ticket"
    if action.value:
        plan = replace(plan, classification=_of_type(turn, plan, TicketType(action.value), because))
    return plan.hand_over(because)


def _of_type(turn: Turn, plan: Plan, type_: TicketType, because: str) -> Classification:
    about = plan.classification or Classification()
    department = turn.policy.routing.department(type=type_, anomaly=about.anomaly)
    return replace(about, type=type_, department=department, because=(*about.because, because))


def _choice(turn: Turn, plan: Plan, entry_id: str) -> OfferedChoice:
    question = turn.knowledge.entry(entry_id).question_in(plan.lang)
    return OfferedChoice(id=entry_id, label=turn.texts.adapt(question, plan.lang))
