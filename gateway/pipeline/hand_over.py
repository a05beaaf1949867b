"""From bot to people: open or update the Ticket, place it in the queue, promise a computed time (rulebook I6, I7)."""

from dataclasses import replace
from datetime import datetime

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.conversation import State
from gateway.domain.covering import cover
from gateway.domain.promise import OF_OTHERS, Promise, Stage
from gateway.domain.promise_rules import About, owed, reminded
from gateway.domain.routing_rules import LAST_RANK
from gateway.domain.ticket import SERIOUS, Anomaly, Classification, TicketType
from gateway.pipeline.announce import LATER_THAN_RULES, Announced, acknowledged, again, reopened
from gateway.pipeline.ask_for_person import only_asks
from gateway.pipeline.compose import must_be_silent
from gateway.pipeline.effects_alarm import RaiseAlarm
from gateway.pipeline.effects_life import Reclassify
from gateway.pipeline.effects_routing import Prioritize
from gateway.pipeline.identify import REOPENED
from gateway.pipeline.plan import MoveConversation, OpenTicket, Owe, Plan, Remember, TouchTicket
from gateway.pipeline.turn import Turn

SUMMARY = 300
SUBJECT = 80


def hand_over(turn: Turn, plan: Plan) -> Plan:
    """Carry out the wish for a person; say nothing new to somebody who already waits, unless they ask."""
    if _already_queued(turn, plan):
        return _again(turn, plan)
    reason = plan.hand_off
    if reason is None:
        return plan
    about = plan.classification or Classification()
    promised = _promised(turn, about)
    plan = _soothe(turn, plan, about)
    if reason == REOPENED:
        had_agent = turn.ticket is not None and turn.ticket.agent_id is not None
        plan = plan.then(
            Reclassify(classification=about, because="not solved: classified anew"),
            Remember(topic=_topic(turn, plan), because="reopened: the choices are off the table"),
        )
        return _tell(turn, plan, about, reopened(turn, plan.lang, promised, had_agent))
    rank = _rank(turn, about)
    turn = replace(turn, load=replace(turn.load, waiting=turn.load.ahead_of(rank)))
    plan = plan.then(
        MoveConversation(to=State.QUEUED, because=reason),
        OpenTicket(
            classification=about,
            subject=_subject(turn, plan),
            summary=_summary(turn, plan),
            lang=plan.lang,
            because=reason,
        ),
        Remember(topic=_topic(turn, plan), because="handed over: the bot's choices are off the table"),
    )
    plan = _prioritized(turn, plan, about)
    return _tell(turn, plan, about, acknowledged(turn, plan.lang, promised))


def _rank(turn: Turn, about: Classification) -> int:
    return turn.policy.dispatch.rank(urgency=about.urgency, is_vip=turn.contact.vip, tags=turn.contact.tags)


def _prioritized(turn: Turn, plan: Plan, about: Classification) -> Plan:
    """Whom the house takes first (rulebook T6) goes before others in the queue."""
    rank = _rank(turn, about)
    return plan if rank == LAST_RANK else plan.then(Prioritize(rank=rank, because="taken before others"))


def _already_queued(turn: Turn, plan: Plan) -> bool:
    return not plan.is_new and turn.conversation is not None and turn.conversation.state is State.QUEUED


def _again(turn: Turn, plan: Plan) -> Plan:
    """They wait already: the ticket is touched; the place is told again when they ask."""
    plan = plan.then(_touch(turn, plan, "written while in the queue"))
    if plan.classification is not None:
        plan = _prioritized(turn, plan, plan.classification)
    if plan.hand_off is None:
        return plan
    about = plan.classification or Classification()
    said = again(turn, plan.lang, _promised(turn, about))
    return plan.say("handover", said.text, told_at=said.at)


def _tell(turn: Turn, plan: Plan, about: Classification, said: Announced) -> Plan:
    """Owe what is owed and say when; a time other than that of the rules is a promise of its own."""
    is_later = said.at > _promised(turn, about)
    is_told = must_be_silent(turn) is None
    plan = _owe(turn, plan, about, told=is_told and not is_later)
    if is_told and is_later:
        promise = Promise(
            kind=Stage.TOLD,
            owner=about.department,
            due_at=said.at,
            told=True,
            because=LATER_THAN_RULES,
        )
        plan = plan.then(Owe(promise=reminded(promise, turn.policy, turn.now), because=LATER_THAN_RULES))
    return plan.say("handover", said.text, told_at=said.at)


def _touch(turn: Turn, plan: Plan, because: str) -> TouchTicket:
    return TouchTicket(words=_summary(turn, plan), classification=plan.classification, because=because)


def _soothe(turn: Turn, plan: Plan, about: Classification) -> Plan:
    upset = about.type is TicketType.COMPLAINT or about.anomaly is not Anomaly.NONE
    return plan.say("apology", turn.say("apology", plan.lang)) if upset else plan


def _promised(turn: Turn, about: Classification) -> datetime:
    return owed(Stage.FIRST_RESPONSE, turn.policy, _about(turn, about), now=turn.now, because="").due_at


def _about(turn: Turn, about: Classification) -> About:
    return About(
        channel=turn.kind,
        urgency=about.urgency,
        anomaly=about.anomaly,
        subtype=about.subtype,
        department=about.department,
    )


def _owe(turn: Turn, plan: Plan, about: Classification, *, told: bool) -> Plan:
    """An answer and a solution; of a serious case a supervisor is told, and looks into it (T9)."""
    because = f"{about.type}, {about.urgency}, {about.anomaly} on {turn.kind}"
    holder = turn.ticket.agent_id if turn.ticket is not None and not plan.is_new else None
    kinds = [Stage.FIRST_RESPONSE, Stage.RESOLUTION]
    if about.anomaly in SERIOUS:
        kinds += [Stage.REPORT, Stage.VERIFY]
    promises = (
        owed(
            kind,
            turn.policy,
            _about(turn, about),
            now=turn.now,
            told=told and kind is Stage.FIRST_RESPONSE,
            agent_id=None if kind in OF_OTHERS else holder,
            because=because,
        )
        for kind in kinds
    )
    plan = plan.then(*(Owe(promise=promise, because=because) for promise in promises))
    return plan.then(_alarm(turn, because)) if about.anomaly in SERIOUS else plan


def _alarm(turn: Turn, because: str) -> RaiseAlarm:
    """Once for each message that tells of such a thing, however often its turn is taken."""
    name = f"serious:{turn.inbound.channel}:{turn.inbound.external_id}"
    alarm = Alarm(kind=AlarmKind.SERIOUS, name=name)
    return RaiseAlarm(alarm=alarm, ways=turn.policy.alarms.ways, because=because)


def _subject(turn: Turn, plan: Plan) -> str:
    words = (turn.inbound.subject or turn.inbound.text or turn.say("no_text", plan.lang)).strip()
    if only_asks(words):
        words = _last_question(turn, plan) or words
    return cover(" ".join(words.split()), turn.policy.cover)[:SUBJECT]  # cut first, half a number would stay


def _last_question(turn: Turn, plan: Plan) -> str | None:
    """A bare "agent" says nothing of the matter; what was talked of before does."""
    topic = _topic(turn, plan)
    if topic is None:
        return None
    try:
        return turn.texts.adapt(turn.knowledge.entry(topic).question_in(plan.lang), plan.lang)
    except KeyError:
        return None


def _summary(turn: Turn, plan: Plan) -> str:
    words = (turn.inbound.text or turn.say("no_text", plan.lang)).strip()
    return cover(words, turn.policy.cover)[:SUMMARY]


def _topic(turn: Turn, plan: Plan) -> str | None:
    if plan.outcome is not None and plan.outcome.kind == "answer":
        return plan.outcome.matches[0].id
    return turn.conversation.topic if turn.conversation and not plan.is_new else None
