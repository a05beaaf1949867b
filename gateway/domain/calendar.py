"""Opening-hours arithmetic: when the house is open, and when so much opening time has passed.

Instants are aware; results are UTC. Holidays come in as plain sets of dates: whoever builds the
``BusinessHours`` knows the country. All sums are done on UTC, so a clock change never gains or loses time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from heapq import heappop, heappush

DAY = timedelta(days=1)
# A night shift began yesterday; Samoa's last one before its lost 30 December 2011 began the day before that.
LOOK_BACK = 2 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One stretch of opening on one day, in local wall-clock time.

    ``closes`` at or before ``opens`` means on the next day: 22:00 to 06:00 is a night shift, 09:00 to 00:00
    ends at midnight, 00:00 to 00:00 is the whole day.
    """

    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """When people are at work.

    ``weekly`` holds the slots of Monday to Sunday. A date in ``holidays`` has none; a date in
    ``extra_workdays`` (调休, a Saturday worked for a holiday) has ``extra_slots`` even if its weekday has
    none. A date in both is worked: the nearer rule is the one written for the single day.
    """

    zone: tzinfo
    weekly: tuple[tuple[Slot, ...], ...]
    holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    extra_slots: tuple[Slot, ...] = ()

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("weekly opening hours need seven days, Monday first")

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """Return the slots that begin on ``day``, in the order they were written."""
        usual = self.weekly[day.weekday()]
        if day in self.extra_workdays:
            return usual or self.extra_slots
        return () if day in self.holidays else usual


def is_open(at: datetime, hours: BusinessHours) -> bool:
    """Return whether ``at`` lies within opening hours; the closing instant itself does not."""
    first = _local_day(at, hours) - LOOK_BACK
    days = (first + DAY * n for n in range(LOOK_BACK.days + 1))
    return any(opens <= at < closes for day in days for opens, closes in _openings_of(day, hours))


def next_opening(at: datetime, hours: BusinessHours) -> datetime:
    """Return the first instant, not before ``at``, at which the house is open: ``at`` itself if it is.

    Raises:
        ValueError: ``at`` is naive, or the house never opens again.
    """
    for opens, _ in _openings_from(at, hours):
        return opens
    raise ValueError("these hours never open again")


def closing_time(at: datetime, hours: BusinessHours) -> datetime | None:
    """Return when the house that is open at ``at`` closes; None if it is closed, or never closes again."""
    if not is_open(at, hours):
        return None
    reached = at.astimezone(UTC)
    for opens, closes in _openings_from(at, hours):
        if opens > reached:
            break
        reached = closes
        if reached - at > 14 * DAY:
            return None
    return reached


def add_working_time(start: datetime, span: timedelta, hours: BusinessHours) -> datetime:
    """Return the instant at which ``span`` of opening time has passed since ``start``.

    Four hours begun at 16:00 on a Friday that closes at 18:00 end on Monday; a span that is used up exactly
    at closing ends at closing, not next morning; no span at all ends at ``start``.

    Raises:
        ValueError: ``start`` is naive, ``span`` is negative, or the house never opens again.
    """
    if span < timedelta():
        raise ValueError("a span of working time cannot be negative")
    _local_day(start, hours)
    if not span:
        return start.astimezone(UTC)
    left = span
    for opens, closes in _openings_from(start, hours):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise ValueError("these hours never open again")


def working_time_between(start: datetime, end: datetime, hours: BusinessHours) -> timedelta:
    """Return how much opening time lies between two instants.

    Raises:
        ValueError: an instant is naive, or ``end`` comes before ``start``.
    """
    if end < start:
        raise ValueError("the end comes before the start")
    total = timedelta()
    for opens, closes in _openings_from(start, hours):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def _openings_from(start: datetime, hours: BusinessHours) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of opening after ``start``, in order, none overlapping, the first cut at ``start``.

    Ends when the house never opens again, and nowhere else.
    """
    reached = start.astimezone(UTC)
    day = _local_day(start, hours) - LOOK_BACK
    last_exception = max(hours.holidays | hours.extra_workdays, default=day)
    barren = 0
    ahead: list[tuple[datetime, datetime]] = []
    # Past the last exception the weeks repeat; three empty ones (a clock change may swallow a slot of one
    # of them) mean that no other will be different.
    while barren <= 21 or day <= last_exception:
        barren += 1
        for opening in _openings_of(day, hours):
            heappush(ahead, opening)
        day += DAY
        # The slots of a day that a zone leaves out (Samoa's) fall among those of the next.
        while ahead and ahead[0][0] < _instant(day, time(), hours.zone):
            opens, closes = heappop(ahead)
            if closes > reached:
                yield max(opens, reached), closes
                reached = closes
                barren = 0


def _openings_of(day: date, hours: BusinessHours) -> Iterator[tuple[datetime, datetime]]:
    for slot in hours.slots_on(day):
        ends_on = day + DAY if slot.closes <= slot.opens else day
        opens = _instant(day, slot.opens, hours.zone)
        closes = _instant(ends_on, slot.closes, hours.zone)
        if opens < closes:  # a clock put forward can swallow a short slot whole
            yield opens, closes


def _instant(day: date, wall: time, zone: tzinfo) -> datetime:
    """Return a wall-clock time as UTC: the first of two when clocks go back, moved on when they skip it."""
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


def _local_day(at: datetime, hours: BusinessHours) -> date:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(hours.zone).date()
