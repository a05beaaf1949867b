"""Sentences for people: looked up in a catalogue, with clock times in the reader's own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo


def _unchanged(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The message catalogues: language → key → sentence with ``{named}`` gaps.

    ``traditional`` turns simplified characters into Taiwan's; it is handed in, since it needs a dictionary.
    """

    catalogues: Mapping[str, Mapping[str, str]]
    traditional: Callable[[str], str] = field(default=_unchanged)

    def say(self, key: str, lang: str, /, **gaps: object) -> str:
        """Return the sentence ``key`` for a reader of ``lang``.

        Raises:
            KeyError: no catalogue has the key (a test reads all keys used).
        """
        catalogue = self.catalogues["zh-CN" if lang.startswith("zh") else "en"]
        return self.adapt(catalogue[key].format_map(gaps), lang)

    def adapt(self, text: str, lang: str) -> str:
        """Return ``text`` in the reader's script."""
        return self.traditional(text) if lang in ("zh-TW", "zh-Hant", "zh-HK") else text

    def time(self, at: datetime, now: datetime, zone: tzinfo, lang: str) -> str:
        """Return a clock time as one says it: 今天 18:00 · 明天（11月24日 周二）09:00 · 11月27日（周五）09:00.

        Words are read later than they were written: only today goes without its date.
        """
        local, today = at.astimezone(zone), now.astimezone(zone).date()
        days = (local.date() - today).days
        key = {0: "time.today", 1: "time.tomorrow"}.get(days, "time.date")
        weekday = self.say(f"weekday.{local.weekday()}", lang)
        month = self.say(f"month.{local.month}", lang)
        return self.say(key, lang, clock=local.strftime("%H:%M"), day=local.day, month=month, weekday=weekday)
