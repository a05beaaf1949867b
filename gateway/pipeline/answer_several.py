"""Several questions in one message: each sure answer under its question, choices or a plain word for the rest."""

from gateway.domain.conversation import OfferedChoice
from gateway.pipeline.classify import HUMAN
from gateway.pipeline.entry_answer import answer_text, follow_ups, on_offer, opens_ticket, usable
from gateway.pipeline.plan import Plan, Remember
from gateway.pipeline.turn import Turn
from knowledge.match import Match, Outcome

UNKNOWN = "not in the knowledge base"


def answer_several(turn: Turn, plan: Plan, outcome: Outcome, *, only_sure: bool) -> Plan:
    """Answer each part that is sure and ask about the one that is nearly so; by mail a person takes what is unknown.

    ``only_sure``: a person comes anyway, so nothing is asked.
    """
    offered: tuple[OfferedChoice, ...] = ()
    told: list[Match] = []
    unknown = False
    for part in outcome.parts:
        if part.kind == "answer" and usable(turn, part.matches[0].id):
            plan = _answer(turn, plan, part)
            told.append(part.matches[0])
        elif only_sure:
            continue
        elif part.kind == "choices":
            offered = (*on_offer(turn, plan, part), _human(turn, plan))
            said = turn.say("several.choices", plan.lang)
            plan = plan.say("choices", said, offered, because=part.because)
        else:
            unknown = True
    if unknown and turn.kind == "mail":
        plan = plan.hand_over(UNKNOWN)
    elif unknown:
        plan = plan.say("guide", turn.say("several.unknown", plan.lang), (_human(turn, plan),))
        offered = offered or (_human(turn, plan),)
    elif told and not offered:
        offered = _next(turn, plan, told)
        plan = plan.offer(offered)
    topic = told[-1].id if told else None
    plan = plan.then(Remember(topic=topic, offered=offered, because=outcome.because))
    for match in told:
        plan = opens_ticket(turn, plan, match.id)
    return plan


def _answer(turn: Turn, plan: Plan, part: Outcome) -> Plan:
    match = part.matches[0]
    question = turn.texts.adapt(turn.knowledge.entry(match.id).question_in(plan.lang), plan.lang)
    text = turn.say("several.answer", plan.lang, question=question, answer=answer_text(turn, plan, match.id))
    because = f"entry {match.id}: {part.because}"
    return plan.say("answer", text, entries=(match.id,), because=because)


def _next(turn: Turn, plan: Plan, told: list[Match]) -> tuple[OfferedChoice, ...]:
    """Offer what follows from the answers, but nothing that was just told."""
    said = {match.id for match in told}
    found = [one for match in told for one in follow_ups(turn, plan, match.id) if one.id not in said]
    return tuple({one.id: one for one in found}.values())[:3]


def _human(turn: Turn, plan: Plan) -> OfferedChoice:
    return OfferedChoice(id=HUMAN, label=turn.say("choices.human", plan.lang))
