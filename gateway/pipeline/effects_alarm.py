"""The effect that tells supervisors."""

from dataclasses import dataclass

from gateway.domain.alarm import Alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlarm:
    """Supervisors are told at once, at the desk and over every way the house has set; once for each name."""

    alarm: Alarm
    ways: tuple[str, ...]
    """``policy.alarms.ways``: where it goes besides the desks."""
    because: str
