"""The words that tell a customer by when a person answers, and the time that they name (rulebook I6, I7).

The time is one that can be kept: by the queue where everybody is busy, by the roster where nobody is there. The
house's own promise runs beside it and is measured as ever.
"""

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.calendar import next_opening
from gateway.domain.telling import Wait, answer_by, not_later, to_whole_minutes
from gateway.pipeline.plan import NUMBER
from gateway.pipeline.turn import Turn

LATER_THAN_RULES = "all are busy or away: a later time than the rules' own was told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A sentence, and the time it names."""

    text: str
    at: datetime


def acknowledged(turn: Turn, lang: str, promised: datetime) -> Announced:
    """Tell who was just handed over: their ticket, their place, the time."""
    at = _time(turn, promised)
    if turn.kind == "mail":
        return _said(turn, lang, at, "handover.mail")
    if not turn.is_open:
        return _said(turn, lang, at, "handover.closed")
    if not turn.load.online:
        return _said(turn, lang, at, "handover.nobody")
    return _said(turn, lang, at, "handover.queue" if turn.load.waiting else "handover.next")


def again(turn: Turn, lang: str, promised: datetime) -> Announced:
    """Tell who asks again while they wait: never a later time than they know."""
    told = turn.conversation.told_at if turn.conversation else None
    at = not_later(_time(turn, promised), told, turn.now)
    if not (turn.is_open and turn.load.online):
        return _said(turn, lang, at, "queue.again.later")
    return _said(turn, lang, at, "queue.again" if turn.load.waiting else "queue.again.next")


def reopened(turn: Turn, lang: str, promised: datetime, had_agent: bool) -> Announced:
    """Tell who was not helped that their ticket is open again, and with whom."""
    at = _time(turn, promised)
    return _said(turn, lang, at, "reopened" if had_agent else "reopened.queue")


def _time(turn: Turn, promised: datetime) -> datetime:
    """Clock times are told to the minute: the rules' own rounded down, so that keeping one keeps the other."""
    load, rules = turn.load, turn.policy.spans
    if turn.kind == "mail":
        return _floor(promised, turn.now)
    wait = Wait(
        ahead=load.waiting,
        online=load.online,
        handling=load.handling,
        promised=promised,
        latest=rules.first_response_latest,
        staff=load.staff,
        next_person=load.next_person,
    )
    at = answer_by(wait, turn.now, turn.policy.hours)
    return _floor(promised, turn.now) if at == promised else to_whole_minutes(at)


def _floor(promised: datetime, now: datetime) -> datetime:
    whole = promised.replace(second=0, microsecond=0)
    return whole if whole > now else promised


def _said(turn: Turn, lang: str, at: datetime, key: str) -> Announced:
    """The ticket's number is not known before the transaction: ``apply`` fills it in."""
    text = turn.say(
        key,
        lang,
        number=NUMBER,
        ahead=turn.load.waiting,
        at=turn.clock_time(at, lang),
        opening=turn.clock_time(next_opening(turn.now, turn.policy.hours), lang),
    )
    return Announced(text=text, at=at)
