"""Sentences of the pages we render ourselves: opening hours and spans in words."""

from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from babel.messages.pofile import read_po

from gateway.domain.calendar import BusinessHours, Slot

_UNITS = ((timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"), (timedelta(seconds=1), "second"))


@lru_cache(4)
def _catalogue(lang: str) -> Mapping[str, str]:
    with files("gateway.web").joinpath("words", f"{lang.replace('-', '_')}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def sentences(lang: str) -> Mapping[str, str]:
    """Return all of them in ``zh-CN`` or ``en``, by key."""
    return _catalogue(lang)


def say(key: str, lang: str, **gaps: object) -> str:
    """Return the sentence ``key`` in ``zh-CN`` or ``en``."""
    return _catalogue(lang)[key].format_map(gaps)


def span_in_words(span: timedelta, lang: str) -> str:
    """Return a span in its largest whole unit: 30 seconds, 2 hours; days are said in hours, as the rules do."""
    unit, name = next((one for one in _UNITS if span and span % one[0] == timedelta()), _UNITS[-1])
    count = span // unit
    return say(f"span.{name}.{'one' if count == 1 else 'other'}", lang, count=count)


def hours_in_words(hours: BusinessHours, lang: str) -> str:
    """Return the week's opening hours in one line, days with equal hours together."""
    lines = [
        say("hours.line", lang, days=_days(run, lang), slots=_slots(hours.weekly[run[0]], lang))
        for run in _runs(hours.weekly)
        if hours.weekly[run[0]]
    ]
    if not lines:
        return say("hours.none", lang)
    key = "hours.zone" if hours.holidays else "hours.zone.all_year"
    return say(key, lang, hours=say("hours.join", lang).join(lines), zone=str(hours.zone))


def _runs(weekly: tuple[tuple[Slot, ...], ...]) -> Iterable[list[int]]:
    run = [0]
    for before, day in pairwise(range(7)):
        if weekly[day] == weekly[before]:
            run.append(day)
        else:
            yield run
            run = [day]
    yield run


def _days(run: list[int], lang: str) -> str:
    first, last = say(f"day.{run[0]}", lang), say(f"day.{run[-1]}", lang)
    return first if len(run) == 1 else say("hours.days", lang, first=first, last=last)


def _slots(slots: tuple[Slot, ...], lang: str) -> str:
    return say("hours.slots", lang).join(f"{slot.opens:%H:%M}–{_closing(slot)}" for slot in slots)


def _closing(slot: Slot) -> str:
    """The end of the day is 24:00: "00:00–00:00" would say that we never open."""
    return f"{slot.closes:%H:%M}" if slot.closes != time() else "24:00"
