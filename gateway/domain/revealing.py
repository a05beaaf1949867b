"""Showing a covered value to a person: for how long, and how often in an hour before somebody asks why. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealRules:
    """What one person may have shown within ``within``."""

    alarm_after: int = 30
    """The one after so many raises an alarm."""
    stop_after: int = 100
    """The one after so many is refused, with another alarm."""
    within: timedelta = timedelta(hours=1)
    shown_for: timedelta = timedelta(seconds=60)
    """So long the desk shows a value."""

    def verdict(self, before: int) -> Literal["shown", "watched", "stopped"]:
        """Say what becomes of one more after so many within ``within``."""
        if before >= self.stop_after:
            return "stopped"
        return "watched" if before + 1 >= self.alarm_after else "shown"
