"""Which years' days off are known: adjusted working days (调休) are announced only weeks before the year begins.

Until then a calendar holds the public holidays at best; other days follow the weekly slots.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from gateway.domain.calendar import BusinessHours

ASKED_FROM = 10
"""The month from which the year to come should be known."""
LOOK_BACK = 10


class Known(StrEnum):
    """How much of a year's exceptions is known."""

    ALL = "all"
    NO_ADJUSTED_DAYS = "no_adjusted_days"
    """Its holidays are, but not which weekend days are worked for them, as in the years before."""
    NOTHING = "nothing"
    """No holiday of it is, although there were some in the years before."""


def known(year: int, hours: BusinessHours) -> Known:
    """Return how much is known of ``year``, judged by the years before it.

    A house without public holidays, or in a country without adjusted days, misses nothing.
    """
    before = range(year - LOOK_BACK, year)
    if not _any(hours.holidays, (year,)) and _any(hours.holidays, before):
        return Known.NOTHING
    if not _any(hours.extra_workdays, (year,)) and _any(hours.extra_workdays, before):
        return Known.NO_ADJUSTED_DAYS
    return Known.ALL


def missing(today: date, hours: BusinessHours) -> Iterator[tuple[int, Known]]:
    """Yield each year that should be known by ``today`` and is not: this one, and from October on the next."""
    for year in (today.year, today.year + 1)[: 2 if today.month >= ASKED_FROM else 1]:
        if (so_far := known(year, hours)) is not Known.ALL:
            yield year, so_far


def _any(days: frozenset[date], years: range | tuple[int, ...]) -> bool:
    return any(day.year in years for day in days)
