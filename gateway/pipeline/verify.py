"""Nothing private is shown or changed without proof of identity; until it can be given here, a person does it."""

from gateway.domain.ticket import TicketType
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn


def verify(turn: Turn, plan: Plan) -> Plan:
    """Refuse to reveal or change anything private, and hand over to a person who verifies first (rulebook V1)."""
    if plan.hand_off:
        return plan
    reason = _needs_proof(turn, plan)
    if reason is None:
        return plan
    return plan.say("verify", turn.say("verify.person", plan.lang)).hand_over(reason)


def _needs_proof(turn: Turn, plan: Plan) -> str | None:
    if plan.classification and plan.classification.type is TicketType.CHANGE:
        if plan.outcome and plan.outcome.kind == "answer" and _level(turn, plan) == "L0":
            return None  # "how do I change my address" has a public answer
        return "a change of details needs proof of identity"
    if plan.outcome and plan.outcome.kind == "answer" and _level(turn, plan) != "L0":
        return f"the answer needs identity level {_level(turn, plan)}"
    return None


def _level(turn: Turn, plan: Plan) -> str:
    assert plan.outcome is not None
    try:
        return turn.knowledge.entry(plan.outcome.matches[0].id).level
    except KeyError:
        return "L0"
