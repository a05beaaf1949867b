"""An answer from the knowledge base if it is sure; choices if it is nearly so; else a guiding question."""

from gateway.domain.conversation import OfferedChoice, State
from gateway.domain.ticket import Anomaly, TicketType, Urgency
from gateway.pipeline.classify import HUMAN
from gateway.pipeline.plan import Plan, Remember
from gateway.pipeline.turn import Turn

PATIENCE = 2
"""So many turns may the bot be at a loss before a person takes over."""


UPSET = "a complaint or an emergency goes to a person"
CRITICAL = "critical urgency goes to a person at once"


def answer(turn: Turn, plan: Plan) -> Plan:
    """Say what the house knows, or that a person is needed."""
    if plan.hand_off or _is_waiting(turn, plan):
        return plan
    upset = _needs_person_at_once(plan)
    outcome = plan.outcome
    if outcome is not None and outcome.kind == "answer" and not upset:
        return _give_answer(turn, plan)
    if upset:
        return plan.hand_over(upset)
    if outcome is not None and outcome.kind == "choices":
        return _offer(turn, plan)
    if outcome is not None and outcome.small_talk:
        return _chat(turn, plan, outcome.small_talk)
    if outcome is None and turn.inbound.choice:
        return _gone(turn, plan)
    return _at_a_loss(turn, plan)


def _is_waiting(turn: Turn, plan: Plan) -> bool:
    """In the queue the bot still answers what it surely knows, and nothing else."""
    queued = not plan.is_new and turn.conversation is not None and turn.conversation.state is State.QUEUED
    return queued and not (plan.outcome is not None and plan.outcome.kind == "answer")


def _needs_person_at_once(plan: Plan) -> str | None:
    about = plan.classification
    if about is None:
        return None
    if about.type is TicketType.COMPLAINT or about.anomaly is not Anomaly.NONE:
        return UPSET
    if about.urgency is Urgency.CRITICAL:
        return CRITICAL
    return None


def _give_answer(turn: Turn, plan: Plan) -> Plan:
    assert plan.outcome is not None
    match = plan.outcome.matches[0]
    try:
        entry = turn.knowledge.entry(match.id)
    except KeyError:
        return _gone(turn, plan)
    follow_up = tuple(_follow_ups(turn, plan, entry.choices))
    text = turn.texts.adapt(entry.answer_in(plan.lang, turn.inbound.channel), plan.lang)
    because = f"entry {match.id}: {plan.outcome.because}"
    plan = plan.say("answer", text, follow_up, entries=(match.id,), because=because).then(
        Remember(topic=match.id, offered=follow_up, because=because)
    )
    if entry.action and entry.action.kind == "open_ticket":
        return plan.hand_over(f"entry {match.id} opens a ticket")
    return plan


def _gone(turn: Turn, plan: Plan) -> Plan:
    return plan.say("answer", turn.say("received.choice.gone", plan.lang)).then(
        Remember(because="the choice made is off the table")
    )


def _follow_ups(turn: Turn, plan: Plan, ids: tuple[str, ...]) -> list[OfferedChoice]:
    found = []
    for entry_id in ids[:3]:
        try:
            question = turn.knowledge.entry(entry_id).question_in(plan.lang)
        except KeyError:
            continue
        found.append(OfferedChoice(id=entry_id, label=turn.texts.adapt(question, plan.lang)))
    return found


def _offer(turn: Turn, plan: Plan) -> Plan:
    assert plan.outcome is not None
    offered = tuple(
        OfferedChoice(id=match.id, label=turn.texts.adapt(match.question, plan.lang))
        for match in plan.outcome.matches[:3]
    )
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
        return plan.hand_over("not in the knowledge base")
    offered = (OfferedChoice(id=HUMAN, label=turn.say("choices.human", plan.lang)),)
    return plan.say("guide", turn.say("guide", plan.lang), offered).then(
        Remember(offered=offered, misses=misses, because="nothing known fits: a guiding question")
    )
