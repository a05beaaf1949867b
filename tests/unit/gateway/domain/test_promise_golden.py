"""Promises at their corners: each case is a mistake that some other system made with real customers."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.domain.calendar import BusinessHours, Slot
from gateway.domain.promise_clock import Course, due_of, paused, resumed, used_by, warn_of
from gateway.domain.routing import promised_by
from gateway.settings.fields import parse_slot
from tests.building import a_policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def week(*slots: str, zone: ZoneInfo = SHANGHAI, **days: frozenset[date]) -> BusinessHours:
    """Monday to Friday with these slots."""
    day = tuple(parse_slot(one) for one in slots)
    return BusinessHours(zone=zone, weekly=(day,) * 5 + ((), ()), extra_slots=day, **days)


def at(day: date, clock: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def due(start: datetime, span: timedelta, hours: BusinessHours) -> datetime:
    return due_of(Course(span=span, counts="opening", since=start), hours)


FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def test_an_hour_of_opening_begun_half_an_hour_before_the_weekend_ends_on_monday_half_past_nine() -> None:
    assert due(at(FRIDAY, "16:30"), HOUR, week("09:00-17:00")) == at(MONDAY, "09:30")


def test_two_hours_begun_on_friday_at_five_end_on_monday_at_ten_however_early_the_latest_is() -> None:
    hours = week("09:00-18:00")
    assert promised_by(at(FRIDAY, "17:00"), 2 * HOUR, 24 * HOUR, hours) == at(MONDAY, "10:00")


def test_a_holiday_lengthens_and_a_worked_saturday_shortens() -> None:
    saturday = FRIDAY + timedelta(days=1)
    plain = due(at(FRIDAY, "16:00"), 2 * HOUR, week("09:00-17:00"))
    assert plain == at(MONDAY, "10:00")
    closed = week("09:00-17:00", holidays=frozenset({MONDAY}))
    assert due(at(FRIDAY, "16:00"), 2 * HOUR, closed) == at(MONDAY + timedelta(days=1), "10:00")
    worked = week("09:00-17:00", extra_workdays=frozenset({saturday}))
    assert due(at(FRIDAY, "16:00"), 2 * HOUR, worked) == at(saturday, "10:00")


def test_a_shift_past_midnight_counts_as_one() -> None:
    hours = week("21:00-02:00")
    assert due(at(MONDAY, "23:30"), 2 * HOUR, hours) == at(MONDAY + timedelta(days=1), "01:30")
    assert due(at(MONDAY, "23:30"), 3 * HOUR, hours) == at(MONDAY + timedelta(days=1), "21:30")


def test_a_lunch_break_does_not_count() -> None:
    hours = week("08:00-12:00", "13:30-18:00")
    assert due(at(MONDAY, "11:30"), HOUR, hours) == at(MONDAY, "14:00")


def test_the_day_the_clocks_change_has_the_hours_it_really_has() -> None:
    zone = ZoneInfo("Europe/Berlin")
    all_day = (Slot(opens=time(0), closes=time(0)),)
    hours = BusinessHours(zone=zone, weekly=(all_day,) * 7)
    spring = date(2026, 3, 29)  # 02:00 becomes 03:00
    assert due(at(spring, "00:00", zone), 4 * HOUR, hours) == at(spring, "05:00", zone)


def test_five_days_of_waiting_for_the_customer_do_not_make_it_late_when_they_come_back() -> None:
    hours, start = week("09:00-17:00"), at(MONDAY, "10:00")
    course = Course(span=24 * HOUR, since=start)
    still = paused(course, start + HOUR, hours)
    again = resumed(still, start + timedelta(days=5))
    assert used_by(again, start + timedelta(days=5), hours) == HOUR
    assert due_of(again, hours) == start + timedelta(days=5) + 23 * HOUR


def test_a_reminder_waits_for_working_time() -> None:
    hours = week("09:00-17:00")
    course = Course(
        span=24 * HOUR, since=at(MONDAY, "10:00")
    )  # three quarters are gone at 04:00 in the night
    assert warn_of(course, 0.75, hours) == at(MONDAY + timedelta(days=1), "09:00")


def test_a_holiday_declared_at_noon_lengthens_what_runs_already() -> None:
    start = at(MONDAY, "10:00")
    course = Course(span=8 * HOUR, counts="opening", since=start)
    assert due_of(course, week("09:00-17:00")) == at(MONDAY + timedelta(days=1), "10:00")
    tomorrow_off = week("09:00-17:00", holidays=frozenset({MONDAY + timedelta(days=1)}))
    assert due_of(course, tomorrow_off) == at(MONDAY + timedelta(days=2), "10:00")


def test_the_defaults_know_chinese_holidays_and_the_days_worked_for_them() -> None:
    hours = a_policy().hours
    before = at(date(2026, 9, 30), "17:30")
    assert due(before, HOUR, hours) == at(date(2026, 10, 8), "09:30")
