"""While an emergency lasts: say what is known of it once, and answer its questions with that (rulebook X1)."""

from dataclasses import replace

from gateway.domain.emergency import Emergency, topics_of
from gateway.pipeline.effects_emergency import Concern
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn


def calm(turn: Turn, plan: Plan) -> Plan:
    """Say the notice of each emergency that concerns this message: once a conversation, and again as an answer.

    Whoever asks about the very thing gets the notice for an answer, before the knowledge base; complaints and
    urgent matters reach people as ever.
    """
    if not turn.emergencies or plan.ended:
        return plan
    about = plan.classification
    entry = plan.outcome.matches[0].id if plan.outcome is not None and plan.outcome.matches else None
    topics = tuple(
        topics_of(
            anomaly=about.anomaly.value if about else "none",
            subtype=about.subtype if about else None,
            topic=entry,
        )
    )
    for emergency in turn.emergencies:
        if not emergency.concerns(topics, turn.inbound.channel):
            continue
        is_new = plan.is_new or emergency.id not in turn.concerned
        asks_about_it = bool(emergency.topics) and plan.hand_off is None
        if is_new:
            plan = _concern(plan, emergency)
        if is_new or asks_about_it:
            plan = _say(turn, plan, emergency)
        if asks_about_it:
            plan = replace(plan, outcome=None, calmed=True)
    return plan


def _concern(plan: Plan, emergency: Emergency) -> Plan:
    because = f"emergency {emergency.id} concerns it"
    return plan.then(Concern(emergency_id=emergency.id, updates=emergency.updates, because=because))


def _say(turn: Turn, plan: Plan, emergency: Emergency) -> Plan:
    text = turn.texts.adapt(emergency.notice.in_(plan.lang), plan.lang)
    return plan.say("notice", text, because=f"emergency {emergency.id}")
