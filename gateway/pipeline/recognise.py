"""What the message names is kept, whoever has the floor: nobody is asked for what they already gave (rulebook I8)."""

from gateway.domain.entities import find_entities
from gateway.pipeline.effects_entities import NoteEntities
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn


def recognise(turn: Turn, plan: Plan) -> Plan:
    """Note orders, parcels, telephones, mail addresses, sums, products and days."""
    found = find_entities(f"{turn.inbound.subject or ''}\n{turn.inbound.text}", turn.policy.entities)
    if not found:
        return plan
    kinds = ", ".join(dict.fromkeys(one.kind for one in found))
    return plan.then(NoteEntities(entities=found, because=f"the message names: {kinds}"))
