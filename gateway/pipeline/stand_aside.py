"""A person's word always wins: the bot is silent while somebody has the floor."""

from gateway.domain.conversation import State
from gateway.pipeline.identify import REOPENED
from gateway.pipeline.plan import Plan, TouchTicket
from gateway.pipeline.turn import Turn


def stand_aside(turn: Turn, plan: Plan) -> Plan:
    """End the turn if an agent has the floor; the message waits for them on the ticket."""
    if plan.is_new or plan.hand_off == REOPENED or turn.conversation is None:
        return plan
    if turn.conversation.state is not State.WITH_AGENT:
        return plan
    because = "an agent has the floor"
    return plan.then(TouchTicket(words=turn.inbound.text, because=because)).end(because)
