"""When a waiting customer will be answered: a computed clock time, never "soon" (rulebook I6, I7)."""

from datetime import datetime, timedelta

from gateway.domain.calendar import BusinessHours
from gateway.domain.promise_clock import Course, due_of

STEP = timedelta(minutes=5)


def promised_by(now: datetime, span: timedelta, latest: timedelta, hours: BusinessHours) -> datetime:
    """Return the instant by which a person answers: ``span`` of opening time, from the next opening if closed.

    ``latest`` caps the wait by the wall clock, where the house is open then, but never to an instant before
    ``span`` has passed since it opened.
    """
    return due_of(Course(span=span, counts="opening", since=now, latest=latest), hours)


def round_up(span: timedelta, step: timedelta = STEP) -> timedelta:
    """Return ``span`` rounded up to whole steps, at least one."""
    return step * max(1, -(-span // step))
