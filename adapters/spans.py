"""Spans written as words, as settings hold them: ``10s``, ``15m``, ``4h``, ``3d``, ``1h30m``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WORD = re.compile(r"(\d+)\s*(ms|[smhdw])\s*")


def parse_span(value: object) -> timedelta:
    """Return the span that ``value`` names; a timedelta is returned as it is.

    Raises:
        ValueError: it is no span; the message shows how to write one.
    """
    if isinstance(value, timedelta):
        return value
    text = value.strip() if isinstance(value, str) else ""
    words = list(_WORD.finditer(text))
    if not words or "".join(word.group() for word in words) != text:
        raise ValueError(f"{value!r} is not a span: write it as “10s”, “15m”, “4h” or “1h30m”")
    return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in map(re.Match.groups, words)), timedelta())


Span = Annotated[timedelta, BeforeValidator(parse_span)]
"""A timedelta that settings may give in words."""
