"""What a message is about: type, urgency, anomaly, department, each with its reason; and what we know of it."""

from collections.abc import Mapping
from dataclasses import replace

from gateway.domain.conversation import OfferedChoice
from gateway.domain.sensitive import sensitive_tags
from gateway.domain.solved import NOT_SOLVED, SOLVED
from gateway.domain.ticket import Anomaly, Classification, TicketType, Urgency
from gateway.pipeline.compose import must_be_silent
from gateway.pipeline.plan import Plan
from gateway.pipeline.turn import Turn
from gateway.triage.evidence import Message
from gateway.triage.triage import Triage
from knowledge.match import Match, Outcome

HUMAN = "human"
"""The choice that asks for a person."""
CHOSEN = "chosen by the contact"
LONGEST_LABEL = 120

_TICKET_TYPES: Mapping[str, TicketType] = {
    "none": TicketType.AFTERSALE,
    "human": TicketType.AFTERSALE,
} | {str(each): each for each in TicketType}
"""A ticket has one of five types; whoever only greets or only asks for a person will say more to the agent."""
_CHANNELS = {"chat": "web_chat", "social": "social", "mail": "email"}
"""What cases of triage call a kind of channel."""


def classify(turn: Turn, plan: Plan) -> Plan:
    """Put a Classification and the knowledge base's Outcome on the plan; say nothing yet."""
    return replace(plan, classification=classification(turn), outcome=_outcome(turn, plan))


def classification(turn: Turn) -> Classification:
    """Say what the message is about: rules and model of triage, and the house's routing."""
    message = Message(text=turn.question, subject=turn.inbound.subject or "", channel=_CHANNELS[turn.kind])
    found = turn.triager.triage(message)
    return Classification(
        type=_TICKET_TYPES[found.type],
        subtype=found.subtype,
        urgency=Urgency(found.urgency),
        anomaly=Anomaly(found.anomaly),
        department=_department(turn, found),
        because=found.because,
        said_type=found.type,
        needs_identity=found.needs_identity,
        sensitive=sensitive_tags(message.whole),
        lang=found.lang,
        confidence=found.confidence,
        version=found.version,
        alarm=found.alarm,
    )


def _department(turn: Turn, found: Triage) -> str:
    """The house's routing by anomaly or sub-type first; then what it is about; then the type."""
    routing = turn.policy.routing
    if found.anomaly in routing.by_anomaly:
        return routing.by_anomaly[found.anomaly]
    if found.subtype and found.subtype in routing.by_subtype:
        return routing.by_subtype[found.subtype]
    if turn.policy.triage_routes and turn.policy.department(found.department) is not None:
        return found.department
    return routing.by_type.get(found.type, routing.otherwise)


def _outcome(turn: Turn, plan: Plan) -> Outcome | None:
    """The choice just made decides; else the knowledge base is asked.

    Where no machine may answer nothing is looked for: an answer that is withheld would leave nobody to give one.
    """
    if must_be_silent(turn):
        return None
    chosen = chosen_of(turn)
    if chosen is not None:
        if chosen.id in (HUMAN, SOLVED, NOT_SOLVED):
            return None
        match = Match(id=chosen.id, question=chosen.label, score=1.0, because=(CHOSEN,))
        return Outcome(kind="answer", matches=(match,), because=CHOSEN, lang=plan.lang)
    if not turn.question.strip():
        return None
    topic = turn.conversation.topic if turn.conversation and not plan.is_new else None
    return turn.knowledge.match(turn.question, lang=plan.lang, topic=topic, channel=turn.inbound.channel)


def chosen_of(turn: Turn) -> OfferedChoice | None:
    """Return the offered choice this message picks: by button, by number, by label."""
    offered = turn.conversation.offered if turn.conversation else ()
    if turn.inbound.choice:
        wanted = turn.inbound.choice
        return next((one for one in offered if one.id == wanted), None) or (
            OfferedChoice(id=HUMAN, label="") if wanted == HUMAN else None
        )
    text = _bare(turn.inbound.text)
    if not offered or not text or len(text) > LONGEST_LABEL:
        return None
    digits = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    if digits.isdecimal() and 1 <= int(digits) <= len(offered):
        return offered[int(digits) - 1]
    return next((one for one in offered if _bare(one.label) == text), None)


def _bare(text: str) -> str:
    return text.strip().strip(".。、()（）?？!！ ").casefold()
