"""A person's word always wins: the bot is silent while somebody has the floor."""

from gateway.domain.conversation import State
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import About, owed
from gateway.pipeline.identify import REOPENED, is_thanks
from gateway.pipeline.plan import Owe, Plan, TouchTicket
from gateway.pipeline.turn import Turn


def stand_aside(turn: Turn, plan: Plan) -> Plan:
    """End the turn if an agent has the floor; the message waits for them on the ticket."""
    if plan.is_new or plan.hand_off == REOPENED or turn.conversation is None:
        return plan
    if turn.conversation.state is not State.WITH_AGENT:
        return plan
    because = "an agent has the floor"
    touched = TouchTicket(words=turn.inbound.text, because=because)
    return plan.then(touched, *_next_answer(turn)).end(because)


def _next_answer(turn: Turn) -> tuple[Owe, ...]:
    """Whoever asks on is owed another answer; thanks want none. While the first one is owed, that is it."""
    ticket = turn.ticket
    if ticket is None or (is_thanks(turn.inbound.text) and not turn.inbound.attachments):
        return ()
    about = About(
        channel=turn.kind,
        urgency=ticket.urgency,
        anomaly=ticket.anomaly,
        subtype=ticket.subtype,
        department=ticket.department,
    )
    because = "the contact wrote again"
    promise = owed(
        Stage.NEXT_RESPONSE, turn.policy, about, now=turn.now, agent_id=ticket.agent_id, because=because
    )
    return (Owe(promise=promise, because=because),)
