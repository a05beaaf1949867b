"""Opening hours, against examples from life and against an oracle that counts every minute."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.domain.calendar import (
    BusinessHours,
    Slot,
    add_working_time,
    is_open,
    next_opening,
    working_time_between,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = (Slot(opens=time(9), closes=time(18)),)
MINUTE = timedelta(minutes=1)
FEW = settings(max_examples=25, deadline=None)  # raise it to 2,000 after any change to the module


def office(
    *,
    zone: tzinfo = SHANGHAI,
    days: int = 5,
    slots: tuple[Slot, ...] = OFFICE,
    holidays: frozenset[date] = frozenset(),
    extra_workdays: frozenset[date] = frozenset(),
) -> BusinessHours:
    """Open on the first ``days`` of the week."""
    return BusinessHours(
        zone=zone,
        weekly=(slots,) * days + ((),) * (7 - days),
        holidays=holidays,
        extra_workdays=extra_workdays,
        extra_slots=slots,
    )


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_the_house_is_open_from_the_opening_minute_to_just_before_closing() -> None:
    assert not is_open(shanghai("2026-11-23T08:59:59"), office())
    assert is_open(shanghai("2026-11-23T09:00"), office())
    assert is_open(shanghai("2026-11-23T17:59:59"), office())
    assert not is_open(shanghai("2026-11-23T18:00"), office())


def test_four_hours_begun_on_friday_at_four_end_on_monday() -> None:
    end = add_working_time(shanghai("2026-11-27T16:00"), timedelta(hours=4), office())
    assert end == shanghai("2026-11-30T11:00")
    assert end.tzinfo is UTC


def test_a_span_used_up_exactly_at_closing_ends_at_closing() -> None:
    end = add_working_time(shanghai("2026-11-27T16:00"), timedelta(hours=2), office())
    assert end == shanghai("2026-11-27T18:00")


def test_no_span_at_all_ends_at_once_even_when_closed() -> None:
    assert add_working_time(shanghai("2026-11-28T16:00"), timedelta(), office()) == shanghai(
        "2026-11-28T16:00"
    )


def test_next_opening_is_now_while_open_and_monday_at_the_weekend() -> None:
    assert next_opening(shanghai("2026-11-27T16:00"), office()) == shanghai("2026-11-27T16:00")
    assert next_opening(shanghai("2026-11-28T16:00"), office()) == shanghai("2026-11-30T09:00")


def test_a_saturday_worked_for_a_holiday_is_open_and_the_holiday_is_not() -> None:
    hours = office(holidays=frozenset({date(2026, 10, 1)}), extra_workdays=frozenset({date(2026, 10, 10)}))
    assert not is_open(shanghai("2026-10-01T10:00"), hours)
    assert is_open(shanghai("2026-10-10T10:00"), hours)


def test_a_day_that_is_both_holiday_and_extra_workday_is_worked() -> None:
    day = frozenset({date(2026, 11, 24)})
    assert is_open(shanghai("2026-11-24T10:00"), office(holidays=day, extra_workdays=day))


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    nights = office(days=1, slots=(Slot(opens=time(22), closes=time(6)),))
    assert is_open(shanghai("2026-11-23T23:00"), nights)
    assert is_open(shanghai("2026-11-24T05:59"), nights)
    assert not is_open(shanghai("2026-11-23T05:59"), nights)
    assert add_working_time(shanghai("2026-11-23T23:00"), timedelta(hours=7), nights) == shanghai(
        "2026-11-24T06:00"
    )


def test_a_house_that_never_closes_counts_every_hour() -> None:
    always = office(days=7, slots=(Slot(opens=time(0), closes=time(0)),))
    start = shanghai("2026-11-23T13:37")
    assert is_open(start, always)
    assert add_working_time(start, timedelta(days=9), always) == start + timedelta(days=9)


def test_slots_that_overlap_are_counted_once() -> None:
    both = (Slot(opens=time(9), closes=time(18)), Slot(opens=time(12), closes=time(13)))
    day = shanghai("2026-11-23T00:00")
    assert working_time_between(day, day + timedelta(days=1), office(slots=both)) == timedelta(hours=9)


def test_a_night_across_the_clock_change_has_an_hour_more_or_less() -> None:
    nights = office(zone=BERLIN, days=7, slots=(Slot(opens=time(0), closes=time(6)),))

    def worked(day: date) -> timedelta:
        midnight = datetime.combine(day, time(0), tzinfo=BERLIN).astimezone(UTC)
        return working_time_between(midnight, midnight + timedelta(hours=12), nights)

    assert worked(date(2026, 3, 28)) == timedelta(hours=6)
    assert worked(date(2026, 3, 29)) == timedelta(hours=5)
    assert worked(date(2026, 10, 25)) == timedelta(hours=7)


def test_a_slot_swallowed_by_the_clock_change_is_simply_missing_that_day() -> None:
    # On 29 March 2026 Berlin has no 02:30: it becomes 03:30, after the slot's end.
    hours = office(zone=BERLIN, days=7, slots=(Slot(opens=time(2, 30), closes=time(3, 15)),))
    opening = next_opening(datetime(2026, 3, 28, 12, tzinfo=UTC), hours)
    assert opening.astimezone(BERLIN) == datetime(2026, 3, 30, 2, 30, tzinfo=BERLIN)


def test_a_shift_across_samoas_lost_day_is_still_one_shift() -> None:
    # 30 December 2011 did not exist in Apia: what began on the 29th ended on the 31st.
    apia = ZoneInfo("Pacific/Apia")
    hours = office(zone=apia, days=4, slots=(Slot(opens=time(12), closes=time(1)),))
    late = datetime(2011, 12, 31, 0, 30, tzinfo=apia)
    assert is_open(late, hours)
    assert next_opening(late, hours) == late


def test_a_house_that_never_opens_says_so() -> None:
    never = office(days=0)
    at = shanghai("2026-11-23T10:00")
    assert not is_open(at, never)
    assert working_time_between(at, at + timedelta(days=100), never) == timedelta()
    with pytest.raises(ValueError, match="never open"):
        next_opening(at, never)
    with pytest.raises(ValueError, match="never open"):
        add_working_time(at, timedelta(hours=1), never)


def test_hours_that_end_for_good_are_not_searched_for_ever() -> None:
    once = office(days=0, extra_workdays=frozenset({date(2027, 6, 1)}))
    assert next_opening(shanghai("2026-11-23T10:00"), once) == shanghai("2027-06-01T09:00")
    with pytest.raises(ValueError, match="never open"):
        add_working_time(shanghai("2026-11-23T10:00"), timedelta(hours=10), once)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(datetime(2026, 11, 23, 10), office())
    with pytest.raises(ValueError, match="time zone"):
        add_working_time(datetime(2026, 11, 23, 10), timedelta(), office())


def test_a_negative_span_and_an_end_before_its_start_are_refused() -> None:
    at = shanghai("2026-11-23T10:00")
    with pytest.raises(ValueError, match="negative"):
        add_working_time(at, -MINUTE, office())
    with pytest.raises(ValueError, match="before the start"):
        working_time_between(at, at - MINUTE, office())


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        BusinessHours(zone=UTC, weekly=(OFFICE,))


# --- the oracle: look at every minute on its own, with none of the module's skipping and merging ---


def open_at(at: datetime, hours: BusinessHours) -> bool:
    """Say whether one minute is open, by trying every slot of the days around it."""
    middle = at.astimezone(hours.zone).date()
    for offset in (-2, -1, 0, 1):
        day = middle + timedelta(days=offset)
        worked = day in hours.extra_workdays
        if day in hours.holidays and not worked:
            continue
        slots = hours.weekly[day.weekday()] or (hours.extra_slots if worked else ())
        for slot in slots:
            next_day = slot.closes <= slot.opens
            opens = datetime.combine(day, slot.opens, hours.zone).astimezone(UTC)
            closes = datetime.combine(day + timedelta(days=next_day), slot.closes, hours.zone).astimezone(UTC)
            if opens <= at < closes:
                return True
    return False


quarter_hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
slots = st.builds(Slot, opens=quarter_hours, closes=quarter_hours)
days = st.lists(slots, max_size=2).map(tuple)
zones = st.sampled_from(
    [
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "America/Havana",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Casablanca",
        "America/St_Johns",
        "Asia/Tehran",
    ]
).map(ZoneInfo)
# 2011 has Apia's lost day, 2018 Sao Paulo's clock change at midnight, 2026 today's rules.
first_days = st.sampled_from(
    [date(2011, 12, 28), date(2018, 11, 2), date(2026, 3, 27), date(2026, 10, 23), date(2026, 11, 21)]
)
offsets = st.frozensets(st.integers(0, 6), max_size=3)


@st.composite
def cases(draw: st.DrawFn) -> tuple[BusinessHours, datetime]:
    """Draw opening hours and an instant, with exceptions and clock changes near it."""
    first = draw(first_days)
    hours = BusinessHours(
        zone=draw(zones),
        weekly=tuple(draw(st.lists(days, min_size=7, max_size=7))),
        holidays=frozenset(first + timedelta(days=n) for n in draw(offsets)),
        extra_workdays=frozenset(first + timedelta(days=n) for n in draw(offsets)),
        extra_slots=draw(days),
    )
    start = datetime.combine(first, time(), UTC) + MINUTE * draw(st.integers(0, 3 * 24 * 60))
    return hours, start


@FEW
@given(cases(), st.integers(1, 26 * 60))
def test_working_time_equals_the_open_minutes_counted_one_by_one(
    case: tuple[BusinessHours, datetime], minutes: int
) -> None:
    hours, start = case
    counted = sum(open_at(start + MINUTE * n, hours) for n in range(minutes))
    assert working_time_between(start, start + MINUTE * minutes, hours) == MINUTE * counted


@FEW
@given(cases())
def test_is_open_agrees_with_every_minute_of_a_day(case: tuple[BusinessHours, datetime]) -> None:
    hours, start = case
    for n in range(0, 24 * 60, 15):
        at = start + MINUTE * n
        assert is_open(at, hours) == open_at(at, hours), at


@FEW
@given(cases(), st.integers(1, 600))
@example((office(), shanghai("2026-11-27T16:00")), 240)
def test_adding_working_time_ends_at_the_first_minute_when_it_has_passed(
    case: tuple[BusinessHours, datetime], minutes: int
) -> None:
    hours, start = case
    if not any(hours.weekly):
        return
    end = add_working_time(start, MINUTE * minutes, hours)
    assert working_time_between(start, end, hours) == MINUTE * minutes
    assert working_time_between(start, end - MINUTE, hours) == MINUTE * (minutes - 1)


@FEW
@given(cases())
def test_next_opening_is_the_first_open_minute(case: tuple[BusinessHours, datetime]) -> None:
    hours, start = case
    if not any(hours.weekly):
        return
    opening = next_opening(start, hours)
    assert open_at(opening, hours)
    closed = min(int((opening - start) / MINUTE), 2 * 24 * 60)
    assert not any(open_at(start + MINUTE * n, hours) for n in range(closed))


@FEW
@given(cases(), st.lists(st.integers(0, 5000), min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up_over_neighbouring_stretches(
    case: tuple[BusinessHours, datetime], minutes: list[int]
) -> None:
    hours, start = case
    at = [start + MINUTE * n for n in minutes]
    parts = [working_time_between(a, b, hours) for a, b in pairwise(at)]
    assert sum(parts, timedelta()) == working_time_between(at[0], at[-1], hours)
