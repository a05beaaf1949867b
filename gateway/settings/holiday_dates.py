"""Public holidays and adjusted working days (调休) of a country, as plain sets of dates.

The ``holidays`` library takes a third of a second to import, so only those who ask pay for it.
"""

from datetime import date
from functools import cache

YEARS = range(2025, 2033)
"""Far enough for any promise; past it, list the days in ``hours.extra_holidays``."""


def checked_country(code: str) -> str:
    """Return a country code such as ``CN``, ``DE`` or ``DE-BY``; empty for no public holidays.

    Raises:
        ValueError: no calendar is known for it.
    """
    try:
        dates_of(code)
    except NotImplementedError as error:
        raise ValueError('a country code such as "CN" or "DE-BY", or "" for no public holidays') from error
    return code


@cache
def dates_of(code: str) -> tuple[frozenset[date], frozenset[date]]:
    """Return the holidays and the adjusted working days of ``YEARS``.

    Raises:
        NotImplementedError: no calendar is known for this country or region.
    """
    if not code:
        return frozenset(), frozenset()
    import holidays

    country, _, region = code.partition("-")
    # Left to itself the language of the names follows the process's locale; the dates never do.
    calendar = holidays.country_holidays(country, subdiv=region or None, years=YEARS, language="en_US")
    return frozenset(calendar), frozenset(calendar.weekend_workdays)
