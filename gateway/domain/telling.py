"""What a waiting customer is told, and when it may be told: honest times, and never two messages that contradict. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from gateway.domain.calendar import BusinessHours, Slot, closing_time, is_open, next_opening
from gateway.domain.conversation import State
from gateway.domain.routing import round_up

TIME_TO_COME = timedelta(minutes=30)
"""A promise of at least so long may be kept by somebody who is not at the desk yet."""
News = Literal["place", "again", "delay", "closing"]
"""Automatic news of a conversation: a queue place, the same on being asked, a delay, the coming end."""


def _before() -> dict[str, timedelta]:
    return {"chat": timedelta(seconds=15), "social": timedelta(minutes=5), "mail": timedelta(minutes=15)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingRules:
    """What the house decided about telling; hangs on ``Policy``."""

    notice_before: Mapping[str, timedelta] = field(default_factory=_before)
    """By kind of channel: a told time that nobody has kept is put off at the latest this long before it passes."""
    notices: int = 2
    """So many delay notices for one promise, however often it is put off; 0 for none at all."""
    delay_by: timedelta = timedelta(hours=2)
    """Opening time that is asked for where no queue says how long it will be."""
    quiet: tuple[Slot, ...] = ()
    """When nobody is written to of a delay on chat and messengers."""
    kept_by_reply: bool = False
    """Whether an agent's next reply in time keeps a promise they gave in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a conversation is at, and the last time its customer was told."""

    state: State
    told_at: datetime | None = None
    is_over: bool = False
    """Its ticket is resolved or closed."""
    is_answered: bool = False
    """What was told has been done: a person has answered since."""


def contradicts(standing: Standing, news: News, at: datetime | None, now: datetime) -> str | None:
    """Return why automatic ``news`` with the time ``at`` would contradict what the customer knows; None if it would not.

    A told time may come to pass and be told anew, and may be told earlier; later only by a delay notice.
    """
    if at is not None and at <= now:
        return "the time has passed already"
    if news == "closing":
        return None if standing.is_over else "it is open again"
    if standing.is_over:
        return "it is over"
    if news in ("place", "again") and standing.state is not State.QUEUED:
        return "nobody waits in the queue any more"
    if news == "delay":
        return "a person has answered" if standing.is_answered else None
    told = standing.told_at
    if at is not None and told is not None and now < told < at:
        return "an earlier time was told, and no delay announced"
    return None


def not_later(at: datetime, told_at: datetime | None, now: datetime) -> datetime:
    """Return the time that may be told beside ``told_at``: never later, unless that has passed."""
    return at if told_at is None or told_at <= now else min(at, told_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What an answer's time is computed from: the queue before this customer, the people, the promise."""

    ahead: int
    online: int
    handling: timedelta
    promised: datetime
    """What the house's rules ask for."""
    latest: timedelta
    """The longest that the house's rules allow."""
    staff: int = 1
    """How many people the house has: who comes at opening."""
    next_person: datetime | None = None
    """When somebody is next due to work by their own hours; asked for only where nobody is online."""


def answer_by(wait: Wait, now: datetime, hours: BusinessHours) -> datetime:
    """Return the time to tell: one that can be kept, never before the rules' own.

    Somebody free: as promised. All busy: by the queue. Nobody there, or closed: when somebody is due, else the
    latest the rules allow, within opening hours.
    """
    if not _ever_open(now, hours):
        return wait.promised
    if not is_open(now, hours):
        if wait.ahead < wait.staff:
            return wait.promised
        share = (wait.ahead + 1) * wait.handling / max(1, wait.staff)
        return max(wait.promised, next_opening(now, hours) + round_up(share))
    if not wait.online:
        return max(wait.promised, _without_people(wait, now, hours))
    if wait.ahead < wait.online:
        return wait.promised
    return max(wait.promised, now + round_up((wait.ahead + 1) * wait.handling / wait.online))


def _without_people(wait: Wait, now: datetime, hours: BusinessHours) -> datetime:
    if wait.next_person is not None and wait.next_person > now:
        return wait.next_person + round_up((wait.ahead + 1) * wait.handling)
    if wait.promised - now >= TIME_TO_COME:
        return wait.promised
    last = now + wait.latest
    if is_open(last, hours):
        return last
    # "In a day" means a day on which people work: by the end of this one, if there is time enough.
    closes = closing_time(now, hours)
    if closes is not None and closes - now >= TIME_TO_COME:
        return closes
    return max(next_opening(last, hours), last)


def _ever_open(now: datetime, hours: BusinessHours) -> bool:
    try:
        next_opening(now, hours)
    except ValueError:
        return False
    return True


def to_whole_minutes(at: datetime) -> datetime:
    """Return the next whole minute: what is told must not be earlier than what is meant."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)
