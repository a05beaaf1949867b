"""Public holidays and adjusted working days (调休) of a country, as plain sets of dates.

The ``holidays`` library brings every country of the world with it, 20 MB that a gateway would carry for ever to learn a
few hundred dates once. So it is asked in a process of its own.
"""

import json
import subprocess
import sys
from datetime import date
from functools import cache

YEARS = range(2025, 2033)
"""Far enough for any promise; past it, list the days in ``hours.extra_holidays``."""

_UNKNOWN = 3

# Left to itself the language of the names follows the process's locale; the dates never do.
_ASK = f"""
import json, sys, holidays
country, _, region = sys.argv[1].partition("-")
years = range({YEARS.start}, {YEARS.stop})
try:
    found = holidays.country_holidays(country, subdiv=region or None, years=years, language="en_US")
except NotImplementedError:
    sys.exit({_UNKNOWN})
print(json.dumps([[day.isoformat() for day in days] for days in (found, found.weekend_workdays)]))
"""


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
    asked = subprocess.run([sys.executable, "-I", "-c", _ASK, code], capture_output=True, text=True)  # noqa: S603 - ours
    if asked.returncode == _UNKNOWN:
        raise NotImplementedError(code)
    if asked.returncode:
        raise RuntimeError(f"the calendar of {code} could not be read: {asked.stderr.strip()[-300:]}")
    closed, worked = json.loads(asked.stdout)
    return frozenset(map(date.fromisoformat, closed)), frozenset(map(date.fromisoformat, worked))
