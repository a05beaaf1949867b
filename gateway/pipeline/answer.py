"""An answer from the knowledge base if it is sure; choices if it is nearly so; else a guiding question."""

from gateway.domain.conversation import OfferedChoice, State
from gateway.domain.ticket import Anomaly, TicketType, Urgency
from gateway.pipeline.answer_several import UNKNOWN, answer_several
from gateway.pipeline.classify import HUMAN
from gateway.pipeline.entry_answer import answer_text, follow_ups, on_offer, opens_ticket, usable
from gateway.pipeline.plan import Plan, Remember
from gateway.pipeline.turn import Turn

PATIENCE = 2
"""So many turns may the bot be at a loss before a person takes over."""


LIKELY = 0.5
"""How probable a grievance or an emergency must be for a person to take over."""
LIKELY_WHERE_KNOWN = 0.8
"""The same where the house surely knows the answer: "付款失败" may be a question it has an entry for."""
ANSWERED_AND_SERIOUS = "answered, and a failure or a loss goes to a person besides"
UPSET = "a complaint or an emergency goes to a person"
CRITICAL = "critical urgency goes to a person at once"
SHORTER = "an elderly or special customer: the shorter way to a person"


_OF_THEIR_OWN = (Anomaly.SERIOUS, Anomaly.OUTAGE, Anomaly.MEDIA)


def answer(turn: Turn, plan: Plan) -> Plan:
    """Say what the house knows, or that a person is needed."""
    waiting = _is_queued(turn, plan)
    if plan.hand_off or (waiting and not (plan.outcome is not None and plan.outcome.kind == "answer")):
        return plan
    outcome = plan.outcome
    is_known = outcome is not None and outcome.kind == "answer"
    upset = _needs_person_at_once(plan, is_known=is_known)
    if is_known and not upset:
        plan = _give_answer(turn, plan)
        return plan.hand_over(ANSWERED_AND_SERIOUS) if _is_serious(plan) else plan
    if upset:
        return plan.hand_over(upset)
    if plan.calmed:
        return plan
    if _is_led_shorter(turn, plan):
        return plan.hand_over(SHORTER)
    if outcome is not None and outcome.kind == "choices":
        return _offer(turn, plan)
    if outcome is not None and outcome.small_talk:
        return _chat(turn, plan, outcome.small_talk)
    if outcome is None and turn.inbound.choice:
        return _gone(turn, plan)
    return _at_a_loss(turn, plan)


def _is_queued(turn: Turn, plan: Plan) -> bool:
    """In the queue the bot still answers what it surely knows, and nothing else."""
    return not plan.is_new and turn.conversation is not None and turn.conversation.state is State.QUEUED


def _is_led_shorter(turn: Turn, plan: Plan) -> bool:
    """Elderly and special customers are asked nothing that a person would understand at once (rulebook T6)."""
    chats = plan.outcome is not None and plan.outcome.small_talk
    return turn.policy.dispatch.is_short_way(turn.contact.tags) and not chats and not turn.inbound.choice


def _needs_person_at_once(plan: Plan, *, is_known: bool) -> str | None:
    """Where the answer is surely known, a calm report of a failure or a loss gets it as well; a grievance or a danger does not."""
    about = plan.classification
    if about is None or about.alarm < (LIKELY_WHERE_KNOWN if is_known else LIKELY):
        return None
    if about.type is TicketType.COMPLAINT or (about.anomaly is not Anomaly.NONE and not is_known):
        return UPSET
    if about.urgency is Urgency.CRITICAL:
        return CRITICAL
    return None


def _is_serious(plan: Plan) -> bool:
    """A loss, a failure or a matter of the media has times of its own (rulebook T3), whatever is known about it."""
    about = plan.classification
    return about is not None and about.anomaly in _OF_THEIR_OWN and about.alarm >= LIKELY_WHERE_KNOWN


def _give_answer(turn: Turn, plan: Plan) -> Plan:
    assert plan.outcome is not None
    if plan.outcome.parts:
        return answer_several(turn, plan, plan.outcome, only_sure=_is_queued(turn, plan))
    match = plan.outcome.matches[0]
    if not usable(turn, match.id):
        return _gone(turn, plan)
    offered = follow_ups(turn, plan, match.id)
    because = f"entry {match.id}: {plan.outcome.because}"
    text = answer_text(turn, plan, match.id)
    plan = plan.say("answer", text, offered, entries=(match.id,), because=because).then(
        Remember(topic=match.id, offered=offered, because=because)
    )
    return opens_ticket(turn, plan, match.id)


def _gone(turn: Turn, plan: Plan) -> Plan:
    return plan.say("answer", turn.say("received.choice.gone", plan.lang)).then(
        Remember(because="the choice made is off the table")
    )


def _offer(turn: Turn, plan: Plan) -> Plan:
    assert plan.outcome is not None
    offered = on_offer(turn, plan, plan.outcome)
    offered = (*offered, OfferedChoice(id=HUMAN, label=turn.say("choices.human", plan.lang)))
    topic = turn.conversation.topic if turn.conversation and not plan.is_new else None
    said = turn.say("choices.intro", plan.lang)
    return plan.say("choices", said, offered, because=plan.outcome.because).then(
        Remember(topic=topic, offered=offered, because=plan.outcome.because)
    )


def _chat(turn: Turn, plan: Plan, kind: str) -> Plan:
    return plan.say("answer", turn.say(f"smalltalk.{kind}", plan.lang)).then(
        Remember(because=f"small talk: {kind}")
    )


def _at_a_loss(turn: Turn, plan: Plan) -> Plan:
    misses = 1 + (turn.conversation.misses if turn.conversation and not plan.is_new else 0)
    if turn.kind == "mail" or misses >= PATIENCE or turn.inbound.attachments:
        return plan.hand_over(UNKNOWN)
    offered = (OfferedChoice(id=HUMAN, label=turn.say("choices.human", plan.lang)),)
    return plan.say("guide", turn.say("guide", plan.lang), offered).then(
        Remember(offered=offered, misses=misses, because="nothing known fits: a guiding question")
    )
