"""What customers say in passing of how and when they like to be reached is kept and proposed (rulebook S5)."""

from gateway.domain.preferences import preferences_in
from gateway.pipeline.effects_life import ProposePreference
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn


def prefer(turn: Turn, plan: Plan) -> Plan:
    """Propose every preference the message speaks of; an agent decides what of it is kept."""
    found = preferences_in(turn.inbound.text)
    return plan.then(
        *(ProposePreference(preference=one, because=f"the message speaks of a {one.kind}") for one in found)
    )
