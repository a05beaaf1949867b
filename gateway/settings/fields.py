"""The kinds of value that configuration holds in words: spans, opening slots, zones, texts, folders."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, ValidationInfo

from adapters.spans import parse_span
from gateway.domain.calendar import Slot
from gateway.domain.policy import Localized

ANY_LANGUAGE = "*"
"""The key of a text that is the same in every language."""

_SLOT = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})")


def parse_slot(value: object) -> Slot:
    """Return the slot written as ``09:00-18:00``; 24:00 is midnight, a later start than end a night shift.

    Raises:
        ValueError: it is no such slot.
    """
    if isinstance(value, Slot):
        return value
    match = _SLOT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError('a slot such as "09:00-18:00"')
    hours = [int(match[1]), int(match[3])]
    minutes = [int(match[2]), int(match[4])]
    if hours[1] == 24 and minutes[1] == 0:
        hours[1] = 0
    if max(hours) > 23 or max(minutes) > 59:
        raise ValueError('times between 00:00 and 24:00, as in "09:00-18:00"')
    return Slot(opens=time(hours[0], minutes[0]), closes=time(hours[1], minutes[1]))


def disjoint(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Return the slots of one day in order of opening.

    Raises:
        ValueError: two of them overlap.
    """
    ordered = tuple(sorted(slots, key=lambda slot: slot.opens))
    for earlier, later in pairwise(ordered):
        if earlier.closes > later.opens or earlier.closes <= earlier.opens:
            raise ValueError("slots that do not overlap")
    return ordered


def parse_zone(value: object) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        ValueError: there is no such zone.
    """
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (LookupError, ValueError, OSError) as error:
        raise ValueError('the IANA name of a time zone, such as "Asia/Shanghai"') from error


def parse_text(value: object) -> Localized:
    """Return a text in several languages: a table of them, or one string that does for all.

    Raises:
        ValueError: it is neither, or a text is empty.
    """
    if isinstance(value, Localized):
        return value
    texts = {ANY_LANGUAGE: value} if isinstance(value, str) else value
    if not isinstance(texts, Mapping) or not texts:
        raise ValueError('a text, or a table of texts by language such as {"zh-CN" = "…", en = "…"}')
    if not all(isinstance(text, str) and text.strip() for text in texts.values()):
        raise ValueError("a text that is not empty for each language")
    return Localized(dict(texts))


def beside_config(path: Path, info: ValidationInfo) -> Path:
    """Return ``path`` as seen from the folder of the configuration file, whatever folder we run in."""
    base: Path = (info.context or {}).get("base", Path())
    return base / path.expanduser()


def positive_span(value: object) -> timedelta:
    """Return a span written in words; ``timedelta`` is taken as it is.

    Raises:
        ValueError: it is no span, or not longer than nothing.
    """
    try:
        span = parse_span(value)
    except ValueError as error:
        raise ValueError('a span such as "10s", "15m", "4h" or "3d"') from error
    if span <= timedelta():
        raise ValueError("a span longer than nothing")
    return span


def span_or_never(value: object) -> timedelta | None:
    """Return a span written in words, or None for ``off``.

    Raises:
        ValueError: it is neither.
    """
    if value in (None, "off"):
        return None
    try:
        return positive_span(value)
    except ValueError as error:
        raise ValueError(f'{error}, or "off"') from error


def validated(parse: Any) -> BeforeValidator:
    """Let ``parse`` make the value out of whatever the file holds."""
    return BeforeValidator(parse)


Span = Annotated[timedelta, validated(positive_span)]
SpanOrNever = Annotated[timedelta | None, validated(span_or_never)]
SlotWord = Annotated[InstanceOf[Slot], validated(parse_slot)]
DaySlots = Annotated[tuple[SlotWord, ...], AfterValidator(disjoint)]
Zone = Annotated[InstanceOf[ZoneInfo], validated(parse_zone)]
Text = Annotated[InstanceOf[Localized], validated(parse_text)]
Place = Annotated[Path, AfterValidator(beside_config)]
Port = Annotated[int, Field(ge=0, le=65535)]
