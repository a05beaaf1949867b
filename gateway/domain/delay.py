"""Whether a customer is told, before it happens, that what they were told will take longer (rulebook L3). Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from gateway.domain.calendar import BusinessHours, Slot, add_working_time
from gateway.domain.conversation import State
from gateway.domain.policy import ChannelKind
from gateway.domain.promise import Stage
from gateway.domain.routing import round_up
from gateway.domain.telling import Standing, TellingRules, Wait, answer_by, contradicts, to_whole_minutes

NOTICED = frozenset({Stage.FIRST_RESPONSE, Stage.TOLD, Stage.PROMISED})
"""What a delay is announced of, where the customer was told the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A told promise that is due soon, and all that decides about it."""

    kind: str
    due_at: datetime
    made_at: datetime
    channel: ChannelKind
    state: State
    is_over: bool = False
    claimed_at: datetime | None = None
    """When a person last took the ticket."""
    notices: int = 0
    """How often it was put off before."""
    may_mail: bool = True
    """The budget for automatic mail to this customer is not used up."""
    wait: Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The new time to tell; None while nothing is told, with the reason."""

    at: datetime | None
    because: str


def judge(owed: Owed, rules: TellingRules, now: datetime, hours: BusinessHours) -> Later:
    """Return the later time to announce, if one is to be announced now.

    At the reminder if the queue cannot keep it; at the latest ``notice_before`` it is due, kept or not.
    """
    silence = _silence(owed, rules, now, hours)
    if silence is not None:
        return Later(at=None, because=silence)
    is_last = now >= owed.due_at - rules.notice_before[owed.channel]
    at = _next_time(owed, rules, now, hours)
    if not is_last and (not _waits(owed) or at <= owed.due_at):
        return Later(at=None, because="it can still be kept")
    at = to_whole_minutes(max(at, owed.due_at + timedelta(minutes=1)))
    told = Standing(state=owed.state, told_at=owed.due_at, is_over=owed.is_over)
    because = contradicts(told, "delay", at, now)
    if because is not None:
        return Later(at=None, because=because)
    return Later(at=at, because="a time that was told will not be kept")


def _waits(owed: Owed) -> bool:
    """Whether it is the queue that they wait for."""
    return owed.state is State.QUEUED and owed.kind != Stage.PROMISED


def _silence(owed: Owed, rules: TellingRules, now: datetime, hours: BusinessHours) -> str | None:
    if owed.notices >= rules.notices:
        return "put off as often as the house allows"
    if owed.due_at <= now:
        return "it is late already: nothing is announced any more"
    taken = owed.claimed_at is not None and owed.claimed_at >= owed.made_at
    if owed.channel == "chat" and owed.kind != Stage.PROMISED and owed.state is State.WITH_AGENT and taken:
        return "a person is there"
    if owed.channel == "mail" and not owed.may_mail:
        return "the budget for automatic mail is used up"
    if owed.channel != "mail" and any(
        _holds(slot, now.astimezone(hours.zone).time()) for slot in rules.quiet
    ):
        return "quiet hours"
    return None


def _holds(slot: Slot, clock: time) -> bool:
    if slot.opens < slot.closes:
        return slot.opens <= clock < slot.closes
    return clock >= slot.opens or clock < slot.closes


def _next_time(owed: Owed, rules: TellingRules, now: datetime, hours: BusinessHours) -> datetime:
    if _waits(owed):
        # Whoever was to be free and is not gives no better estimate than one more handling time.
        least = now + round_up(owed.wait.handling)
        estimate = answer_by(owed.wait, now, hours)
        return max(estimate, least) if now >= owed.due_at - rules.notice_before[owed.channel] else estimate
    try:
        return add_working_time(max(now, owed.due_at), rules.delay_by, hours)
    except ValueError:  # a house that never opens again
        return owed.due_at + rules.delay_by
