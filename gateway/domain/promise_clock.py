"""A promise's arithmetic: when it is due, what a pause has used up, what a new span makes of it. Pure.

A ``Course`` is what a promise's time has been so far: ``used`` before the present stretch, and since when the
present one counts (None while it stands still). Pausing and going on never gain or lose counted time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.domain.calendar import (
    BusinessHours,
    add_working_time,
    is_open,
    next_opening,
    working_time_between,
)
from gateway.domain.promise import Counts

NOTHING = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course of one promise. ``latest`` caps it by the wall clock as long as it never stood still."""

    span: timedelta
    counts: Counts = "calendar"
    used: timedelta = NOTHING
    since: datetime | None
    latest: timedelta | None = None


def never_opens(at: datetime, hours: BusinessHours) -> bool:
    """Return whether the house does not open again after ``at``: then every promise counts by the calendar."""
    try:
        next_opening(at, hours)
    except ValueError:
        return True
    return False


def after(start: datetime, span: timedelta, counts: Counts, hours: BusinessHours) -> datetime:
    """Return the instant at which ``span`` has been counted since ``start``."""
    if counts == "calendar" or never_opens(start, hours):
        return start + span
    try:
        return add_working_time(start, span, hours)
    except ValueError:  # open a little longer, and then never again
        return start + span


def counted(start: datetime, end: datetime, counts: Counts, hours: BusinessHours) -> timedelta:
    """Return how much time was counted from ``start`` to ``end``; none if a clock set back put the end first."""
    if end <= start:
        return NOTHING
    if counts == "calendar" or never_opens(start, hours):
        return end - start
    return working_time_between(start, end, hours)


def used_by(course: Course, now: datetime, hours: BusinessHours) -> timedelta:
    """Return how much of the span has been used up."""
    if course.since is None:
        return course.used
    return course.used + counted(course.since, now, course.counts, hours)


def due_of(course: Course, hours: BusinessHours) -> datetime:
    """Return when it is due. A span that is used up already is due where the present stretch began.

    Raises:
        ValueError: it stands still, and so has no such time.
    """
    if course.since is None:
        raise ValueError("a promise that stands still is not due at any time")
    due = _uncapped(course, course.since, hours)
    if course.latest is None or course.used:
        return due
    cap = _cap(course.since, course.span, course.latest, hours)
    return due if cap is None else min(due, cap)


def warn_of(course: Course, share: float, hours: BusinessHours) -> datetime | None:
    """Return when its owner is to be reminded: ``share`` of the span gone, and then when somebody is there.

    A reminder that would come while the house is closed waits for its opening, where that is before it is due.
    None where nothing is left to remind of.
    """
    if course.since is None or course.used >= course.span:
        return None
    due = due_of(course, hours)
    if due < _uncapped(course, course.since, hours):
        return when_open(course.since + (due - course.since) * share, due, hours)
    left = max(NOTHING, course.span * share - course.used)
    return when_open(after(course.since, left, course.counts, hours), due, hours)


def when_open(at: datetime, before: datetime, hours: BusinessHours) -> datetime | None:
    """Return ``at``, or the opening after it where that is still ahead of ``before``; None if ``at`` is not."""
    if at >= before:
        return None
    if is_open(at, hours) or never_opens(at, hours):
        return at
    opening = next_opening(at, hours)
    return opening if opening < before else at


def paused(course: Course, now: datetime, hours: BusinessHours) -> Course:
    """Return the course standing still from ``now`` on; one that stands still already does not change."""
    return replace(course, used=used_by(course, now, hours), since=None)


def resumed(course: Course, now: datetime) -> Course:
    """Return the course counting again from ``now`` on; one that counts already does not change."""
    return course if course.since is not None else replace(course, since=now)


def _uncapped(course: Course, since: datetime, hours: BusinessHours) -> datetime:
    return after(since, max(NOTHING, course.span - course.used), course.counts, hours)


def _cap(start: datetime, span: timedelta, latest: timedelta, hours: BusinessHours) -> datetime | None:
    """The wall clock's cap: none at a time when nobody is there, and none before they could have answered."""
    if never_opens(start, hours):
        return start + latest
    cap = start + latest
    return max(cap, next_opening(start, hours) + span) if is_open(cap, hours) else None
