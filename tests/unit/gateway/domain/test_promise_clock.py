"""A promise's time: what pauses, resumptions and new rules do to it, held to a minute-by-minute oracle."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.calendar import BusinessHours, is_open
from gateway.domain.promise import Counts
from gateway.domain.promise_clock import (
    Course,
    after,
    counted,
    due_of,
    never_opens,
    paused,
    resumed,
    used_by,
    warn_of,
    when_open,
)
from gateway.settings.fields import parse_slot
from tests.building import MORNING, NIGHT, a_policy, hours

MINUTE = timedelta(minutes=1)
STEP = timedelta(minutes=10)
"""The grid of what is drawn: all slots begin and end on it, so that the oracle may walk in such steps."""
OFFICE = a_policy().hours
NEVER = hours()
SPLIT = hours((8, 12), (13, 18))
SHIFT = BusinessHours(
    zone=ZoneInfo("Europe/Berlin"),
    weekly=((parse_slot("21:00-02:00"),),) * 6 + ((),),
    holidays=frozenset({date(2026, 12, 25)}),
)

instants = st.integers(0, 6 * 24 * 14).map(lambda n: MORNING + n * STEP)
spans = st.integers(1, 6 * 30).map(lambda n: n * STEP)
calendars = st.sampled_from((OFFICE, SPLIT, SHIFT, NEVER))
counting: st.SearchStrategy[Counts] = st.sampled_from(("opening", "calendar"))


def counted_by_steps(start: datetime, end: datetime, counts: Counts, calendar: BusinessHours) -> timedelta:
    """The oracle: look at each step."""
    total, at = timedelta(), start
    while at < end:
        total += STEP if counts == "calendar" or calendar is NEVER or is_open(at, calendar) else timedelta()
        at += STEP
    return total


@given(
    steps=st.lists(st.integers(0, 6 * 20), min_size=1, max_size=6),
    start=instants,
    counts=counting,
    calendar=calendars,
)
def test_pauses_neither_gain_nor_lose_counted_time(
    steps: list[int], start: datetime, counts: Counts, calendar: BusinessHours
) -> None:
    """Turns of counting and standing still, against the sum of the counting ones alone."""
    course, now, wanted, counts_now = (
        Course(span=timedelta(days=9), counts=counts, since=start),
        start,
        timedelta(),
        True,
    )
    for step in steps:
        then = now + step * STEP
        if counts_now:
            wanted += counted_by_steps(now, then, counts, calendar)
            course = paused(course, then, calendar)
        else:
            course = resumed(course, then)
        assert used_by(course, then, calendar) == wanted
        now, counts_now = then, not counts_now


@given(start=instants, later=st.integers(0, 6 * 48), span=spans, counts=counting, calendar=calendars)
def test_a_pause_of_no_length_changes_nothing(
    start: datetime, later: int, span: timedelta, counts: Counts, calendar: BusinessHours
) -> None:
    course = Course(span=span, counts=counts, since=start)
    due = due_of(course, calendar)
    now = start + later * STEP
    if now > due:
        return
    again = resumed(paused(course, now, calendar), now)
    # Nothing left to count is due where it was used up; else to the minute the same.
    assert due_of(again, calendar) == due or again.used == span


@given(
    start=instants,
    later=st.integers(0, 6 * 48),
    span=spans,
    new=spans,
    counts=counting,
    calendar=calendars,
)
def test_a_new_span_and_a_pause_may_come_in_either_order(
    start: datetime, later: int, span: timedelta, new: timedelta, counts: Counts, calendar: BusinessHours
) -> None:
    course, now = Course(span=span, counts=counts, since=start), start + later * STEP
    first = paused(replace(course, span=new), now, calendar)
    assert first == replace(paused(course, now, calendar), span=new)


@given(start=instants, span=spans, counts=counting, calendar=calendars)
def test_due_is_where_the_span_has_been_counted_and_no_earlier(
    start: datetime, span: timedelta, counts: Counts, calendar: BusinessHours
) -> None:
    due = due_of(Course(span=span, counts=counts, since=start), calendar)
    assert counted_by_steps(start, due, counts, calendar) == span
    assert counted_by_steps(start, due - STEP, counts, calendar) < span


@given(start=instants, span=spans, counts=counting, share=st.floats(0.1, 0.9), calendar=calendars)
def test_a_reminder_comes_before_it_is_due_and_when_somebody_is_there_if_that_is_in_time(
    start: datetime, span: timedelta, counts: Counts, share: float, calendar: BusinessHours
) -> None:
    course = Course(span=span, counts=counts, since=start)
    due, at = due_of(course, calendar), warn_of(course, share, calendar)
    assert at is not None
    assert start <= at < due
    if calendar is not NEVER and not is_open(at, calendar):
        assert not any(is_open(at + n * STEP, calendar) for n in range(int((due - at) / STEP)))


def test_nothing_is_gained_by_pausing_twice_or_going_on_twice() -> None:
    course = Course(span=timedelta(hours=4), since=MORNING)
    once = paused(course, MORNING + 10 * MINUTE, OFFICE)
    assert paused(once, MORNING + 99 * MINUTE, OFFICE) == once
    on = resumed(once, MORNING + 99 * MINUTE)
    assert resumed(on, MORNING + 200 * MINUTE) == on


def test_what_stands_still_is_due_at_no_time_and_wants_no_reminder() -> None:
    course = Course(span=MINUTE, since=None)
    with pytest.raises(ValueError, match="stands still"):
        due_of(course, OFFICE)
    assert warn_of(course, 0.75, OFFICE) is None


def test_a_span_shorter_than_what_is_used_up_is_late_at_once() -> None:
    course = Course(span=MINUTE, used=5 * MINUTE, since=MORNING)
    assert due_of(course, OFFICE) == MORNING
    assert warn_of(course, 0.75, OFFICE) is None


def test_a_clock_set_back_counts_nothing_rather_than_less_than_nothing() -> None:
    course = Course(span=timedelta(hours=1), since=MORNING)
    assert used_by(course, MORNING - timedelta(days=1), OFFICE) == timedelta()
    assert counted(MORNING, MORNING - MINUTE, "opening", OFFICE) == timedelta()


def test_a_house_that_never_opens_counts_all_time() -> None:
    assert never_opens(MORNING, NEVER)
    assert not never_opens(MORNING, OFFICE)
    assert after(NIGHT, 5 * MINUTE, "opening", NEVER) == NIGHT + 5 * MINUTE


def test_a_house_that_closes_for_good_counts_all_time_where_the_hours_do_not_last() -> None:
    once = BusinessHours(
        zone=OFFICE.zone,
        weekly=((),) * 7,
        extra_workdays=frozenset({date(2026, 11, 23)}),
        extra_slots=OFFICE.weekly[0],
    )
    assert after(MORNING, MINUTE, "opening", once) == MORNING + MINUTE
    assert after(MORNING, timedelta(days=3), "opening", once) == MORNING + timedelta(days=3)


def test_a_reminder_at_night_waits_for_the_opening_unless_that_is_too_late() -> None:
    opening = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert when_open(NIGHT, opening + MINUTE, OFFICE) == opening
    assert when_open(NIGHT, opening, OFFICE) == NIGHT
    assert when_open(NIGHT, NIGHT, OFFICE) is None
    assert when_open(NIGHT, opening, NEVER) == NIGHT
