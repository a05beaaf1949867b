"""When a waiting customer is answered by the rules alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.calendar import is_open, next_opening
from gateway.domain.routing import promised_by, round_up
from tests.building import MORNING, NIGHT, a_policy, hours

HOURS = a_policy().hours
DAY = timedelta(days=1)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(("span", "rounded"), [(0, 5), (1, 5), (5, 5), (6, 10), (25, 25), (26, 30)])
def test_waiting_times_are_told_in_whole_five_minutes_and_never_as_none(span: int, rounded: int) -> None:
    assert round_up(minutes(span)) == minutes(rounded)


def test_in_opening_hours_the_promise_begins_now() -> None:
    assert promised_by(MORNING, minutes(15), DAY, HOURS) == MORNING + minutes(15)


def test_out_of_hours_the_promise_begins_at_the_next_opening() -> None:
    assert promised_by(NIGHT, minutes(15), DAY, HOURS) == datetime(2026, 11, 24, 1, 15, tzinfo=UTC)


def test_a_promise_that_does_not_fit_before_closing_goes_on_next_morning() -> None:
    evening = datetime(2026, 11, 23, 9, 50, tzinfo=UTC)  # 17:50, ten minutes before closing
    assert promised_by(evening, minutes(30), DAY, HOURS) == datetime(2026, 11, 24, 1, 20, tzinfo=UTC)


def test_no_promise_is_later_than_the_latest_where_the_house_opens_before() -> None:
    assert promised_by(MORNING, timedelta(hours=20), DAY, HOURS) == MORNING + DAY
    friday = datetime(
        2026, 11, 27, 10, 30, tzinfo=UTC
    )  # closed until Monday: the latest would be in the weekend
    assert promised_by(friday, minutes(30), DAY, HOURS) == datetime(2026, 11, 30, 1, 30, tzinfo=UTC)


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),
    span=st.timedeltas(minutes(1), timedelta(hours=8)),
    latest=st.timedeltas(timedelta(hours=1), timedelta(days=3)),
)
def test_a_promise_lies_ahead_and_never_before_the_house_opens(
    now: datetime, span: timedelta, latest: timedelta
) -> None:
    due = promised_by(now, span, latest, HOURS)
    assert due > now
    assert due >= next_opening(now, HOURS)


def test_a_house_open_day_and_night_promises_by_the_clock_alone() -> None:
    always = hours((0, 24))
    assert is_open(NIGHT, always)
    assert promised_by(NIGHT, minutes(15), DAY, always) == NIGHT + minutes(15)
