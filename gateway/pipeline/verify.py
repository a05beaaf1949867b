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
    level = _level(turn, plan)
    if plan.classification and plan.classification.type is TicketType.CHANGE:
        if level == "L0":
            return None  # "how do I change my address" has a public answer
        return "a change of details needs proof of identity"
    return f"the answer needs identity level {level}" if level not in (None, "L0") else None


def _level(turn: Turn, plan: Plan) -> str | None:
    """Return the highest level of what would be answered, also among several questions; None: nothing is sure."""
    if plan.outcome is None or not plan.outcome.answered:
        return None
    return max(_level_of(turn, match.id) for match in plan.outcome.answered)


def _level_of(turn: Turn, entry_id: str) -> str:
    try:
        return turn.knowledge.entry(entry_id).level
    except KeyError:
        return "L0"
