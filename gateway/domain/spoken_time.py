"""Times as people say them, on the house's clock: what "before closing", "three working days" and "at three" mean.

Shared by the readers of Chinese and English (``spoken_zh``, ``spoken_en``). A day without a time ends at its closing;
"before" a day is before it opens: whoever keeps the stricter reading keeps every other one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gateway.domain.calendar import BusinessHours

DAY = timedelta(days=1)
FARTHEST = 400
"""So many days ahead is a working day or the end of a holiday looked for."""
_USUAL_OPENING, _USUAL_CLOSING = time(9), time(18)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTime:
    """A time said at ``[start, end)`` of a text; ``sure`` is False where morning or evening was a guess."""

    start: int
    end: int
    due_at: datetime
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseDay:
    """The day and hour it is, and the calendar that spoken times are read by."""

    now: datetime
    hours: BusinessHours

    @property
    def local(self) -> datetime:
        """Now on the house's clock."""
        return self.now.astimezone(self.hours.zone)

    @property
    def today(self) -> date:
        """The house's day."""
        return self.local.date()

    def at(self, day: date, clock: time) -> datetime:
        """Return the instant at which the house's clock shows this."""
        return datetime.combine(day, clock, tzinfo=self.hours.zone).astimezone(UTC)

    def is_worked(self, day: date) -> bool:
        """Whether the house opens on ``day``."""
        return bool(self.hours.slots_on(day))

    def opening(self, day: date) -> datetime:
        """Return when ``day`` begins; a day that is not worked begins when others do."""
        slots = self.hours.slots_on(day)
        return self.at(day, min((slot.opens for slot in slots), default=_USUAL_OPENING))

    def closing(self, day: date) -> datetime:
        """Return when ``day`` ends; a day that is not worked ends when others do."""
        slots = self.hours.slots_on(day)
        if not slots:
            return self.at(day, _USUAL_CLOSING)
        return max(self.at(day + DAY if slot.closes <= slot.opens else day, slot.closes) for slot in slots)

    def working_day(self, count: int) -> date | None:
        """Return the ``count``-th working day after today; None if the house never opens so often."""
        day = self.today
        for _ in range(FARTHEST):
            day += DAY
            count -= self.is_worked(day)
            if count <= 0 and self.is_worked(day):
                return day
        return None

    def after_holiday(self) -> date | None:
        """Return the first working day after the next holiday; None if none is known."""
        holiday = min((day for day in self.hours.holidays if day >= self.today), default=None)
        if holiday is None:
            return None
        days = (holiday + DAY * n for n in range(1, FARTHEST))
        return next((day for day in days if self.is_worked(day)), None)

    def weekday(self, wanted: int, *, week: int | None = None) -> date:
        """Return a weekday (Monday 0) of the week ``week`` after this one; None is the next one to come."""
        monday = self.today - DAY * self.today.weekday()
        if week is not None:
            return monday + DAY * (wanted + 7 * week)
        return self.today + DAY * ((wanted - self.today.weekday() - 1) % 7 + 1)

    def week_end(self, week: int) -> date:
        """Return the last working day of a week; its Friday if none is worked."""
        days = [self.weekday(n, week=week) for n in range(7)]
        return max((day for day in days if self.is_worked(day)), default=days[4])

    def month_end(self, months: int) -> date:
        """Return the last day of the month ``months`` after this one."""
        count = self.today.year * 12 + self.today.month + months
        return date(count // 12, count % 12 + 1, 1) - DAY

    def this_or_next_year(self, month: int, day: int) -> date | None:
        """Return the date, next year's if this year's has passed by half a year; None if there is none such."""
        for year in (self.today.year, self.today.year + 1):
            found = _date(year, month, day)
            if found is not None and self.today - found < timedelta(days=180):
                return found
        return None

    def day_of_month(self, day: int, *, months: int | None = None) -> date | None:
        """Return the next day of this number, or that of the month ``months`` ahead; None if there is none such."""
        for ahead in (0, 1, 2) if months is None else (months,):
            last = self.month_end(ahead)
            found = _date(last.year, last.month, day)
            if found is not None and (months is not None or found >= self.today):
                return found
        return None

    def plausible(self, day: date, hour: int, minute: int) -> tuple[datetime, bool]:
        """Return the instant meant by "at three" on ``day``, and whether there was no doubt about the half of the day.

        The half within opening hours wins (closing itself included); outside of both, six and earlier is evening.
        """
        written = self.at(day, time(hour, minute))
        if not 1 <= hour <= 12 or hour == 12:
            return written, True
        later = written + timedelta(hours=12)
        opens, closes = self.opening(day), self.closing(day)
        fits = [one for one in (written, later) if opens <= one <= closes]
        if len(fits) == 1:
            return fits[0], fits[0] == written
        return (later if hour <= 6 else written), False


def exact_date(year: int, month: int, day: int) -> date | None:
    """Return a date; None if the calendar has none such."""
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
