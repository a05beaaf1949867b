"""Working time against an oracle that paints every open minute of a stretch of days and counts: equal to the minute.

5,000 cases by default; ``make nightly`` asks for 200,000 with another seed each night. Failures print their seed.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from gateway.domain.calendar import (
    BusinessHours,
    Slot,
    add_working_time,
    is_open,
    next_opening,
    working_time_between,
)

CASES = int(os.environ.get("CALENDAR_CASES", "5000"))
SEED = int(os.environ.get("CALENDAR_SEED", "20261122"))
MINUTE = timedelta(minutes=1)
DAYS = 9
"""So many days are painted, two before the first on which anything is asked."""
ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Shanghai",
        "Asia/Taipei",
        "Asia/Kathmandu",
        "Asia/Tehran",
        "Europe/Berlin",
        "Europe/London",
        "Africa/Casablanca",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Havana",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Pacific/Apia",
    )
]
# Clock changes of both directions, Apia's lost day, a 调休 week, a leap day, the turn of a year.
FIRST_DAYS = [
    date(2011, 12, 28),
    date(2018, 11, 1),
    date(2024, 2, 26),
    date(2026, 3, 5),
    date(2026, 3, 26),
    date(2026, 4, 2),
    date(2026, 9, 27),
    date(2026, 10, 22),
    date(2026, 10, 29),
    date(2026, 12, 29),
]


def random_slot(chance: Random) -> Slot:
    """A stretch on any minute; one in three passes midnight, some last the whole day."""
    opens, closes = time(chance.randrange(24), chance.choice([0, 0, 30, 59, 17])), time(chance.randrange(24))
    return Slot(opens=opens, closes=chance.choice([closes, closes, opens, time(0)]))


def random_hours(chance: Random, first: date) -> BusinessHours:
    """Up to three slots a day, exceptions of both kinds near ``first``."""
    busy = chance.random()

    def day() -> tuple[Slot, ...]:
        return (
            tuple(random_slot(chance) for _ in range(chance.randrange(4))) if chance.random() < busy else ()
        )

    def some_days() -> frozenset[date]:
        return frozenset(first + timedelta(days=chance.randrange(DAYS)) for _ in range(chance.randrange(4)))

    return BusinessHours(
        zone=chance.choice(ZONES),
        weekly=tuple(day() for _ in range(7)),
        holidays=some_days(),
        extra_workdays=some_days(),
        extra_slots=day(),
    )


def painted(hours: BusinessHours, first: date) -> tuple[datetime, bytearray]:
    """One byte a minute from the returned instant on: 1 while open. Knows nothing of order, overlap or merging."""
    begin = datetime.combine(first - timedelta(days=1), time(), UTC)
    minutes = bytearray((DAYS + 3) * 24 * 60)
    for offset in range(-4, DAYS + 4):
        day = first + timedelta(days=offset)
        usual = hours.weekly[day.weekday()]
        if day in hours.extra_workdays:
            slots = usual if usual else hours.extra_slots
        else:
            slots = () if day in hours.holidays else usual
        for slot in slots:
            until = day + timedelta(days=1) if slot.closes <= slot.opens else day
            opens = datetime.combine(day, slot.opens, hours.zone).astimezone(UTC)
            closes = datetime.combine(until, slot.closes, hours.zone).astimezone(UTC)
            left, right = ((at - begin) // MINUTE for at in (opens, closes))
            left, right = max(left, 0), min(right, len(minutes))
            if left < right:
                minutes[left:right] = b"\x01" * (right - left)
    return begin, minutes


def check(chance: Random) -> None:
    """Draw one house and one question of each kind; compare with the painted minutes."""
    first = chance.choice(FIRST_DAYS)
    hours = random_hours(chance, first)
    begin, minutes = painted(hours, first)
    start = chance.randrange(24 * 60, 3 * 24 * 60)
    end = chance.randrange(start, (DAYS + 1) * 24 * 60)
    at = begin + MINUTE * start

    assert is_open(at, hours) == bool(minutes[start])
    assert working_time_between(at, begin + MINUTE * end, hours) == MINUTE * sum(minutes[start:end])
    opening = minutes.find(1, start, (DAYS + 1) * 24 * 60)
    if opening >= 0:
        assert next_opening(at, hours) == begin + MINUTE * opening
    wanted = chance.randrange(1, 20 * 60)
    counted = 0
    for place in range(start, (DAYS + 1) * 24 * 60):
        counted += minutes[place]
        if counted == wanted:
            assert add_working_time(at, MINUTE * wanted, hours) == begin + MINUTE * (place + 1)
            break


def test_row_52_working_time_is_equal_to_the_minute_to_what_an_oracle_counts() -> None:
    for number in range(CASES):
        try:
            check(Random(f"{SEED}-{number}"))
        except AssertionError as error:
            raise AssertionError(f"CALENDAR_SEED={SEED}, case {number}") from error
