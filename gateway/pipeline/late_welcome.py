"""A welcome that comes too late is written down as a broken promise (rulebook I3); one in time costs nothing."""

from datetime import datetime

from gateway.domain.promise import Promise, Stage
from gateway.pipeline.effects_promises import Miss
from gateway.pipeline.plan import Plan, Reply
from gateway.pipeline.turn import Turn


def late_welcome(turn: Turn, plan: Plan, received_at: datetime | None) -> Plan:
    """Add the miss where a conversation's first automatic message comes later than promised.

    ``received_at`` is when the message was stored; None where nobody knows any more.
    """
    span = turn.policy.spans.welcome
    if received_at is None or not plan.is_new or turn.now - received_at <= span:
        return plan
    if not any(isinstance(effect, Reply) for effect in plan.effects):
        return plan
    because = "the welcome came late"
    missed = Promise(
        kind=Stage.WELCOME,
        owner="house",
        started_at=received_at,
        span=span,
        due_at=received_at + span,
        rule="promises.welcome",
        version=turn.policy.promises.version,
        because=because,
    )
    return plan.then(Miss(promise=missed, because=because))
