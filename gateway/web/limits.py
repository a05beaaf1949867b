"""How fast anybody may ask, by route: buckets of permits that refill evenly. Pure, told the time.

Known askers are counted by who they are, strangers by the address they come from.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta

from gateway.errors import TooMany

MOST_BUCKETS = 20_000
"""Askers remembered at a time: some megabytes, whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many requests in so much time; the first ``amount`` may come at once."""

    amount: int
    per: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The paces of the house: of one person or program on one route, and of one address that nobody knows."""

    reads: Pace = Pace(amount=1200)
    writes: Pace = Pace(amount=300)
    strangers: Pace = Pace(amount=60)
    visitors: Pace = Pace(amount=120)
    """New chat visitors from one public address; many customers may share one."""


class Paces:
    """Who asked how much lately."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable, pace: Pace, now: float) -> None:
        """Count one request.

        Raises:
            TooMany: one too many; it says when there is a permit again.
        """
        seconds = pace.per.total_seconds()
        left, at = self._buckets.get(key, (float(pace.amount), now))
        left = min(float(pace.amount), left + (now - at) * pace.amount / seconds)
        if left < 1.0:
            self._buckets[key] = (left, now)
            raise TooMany("too fast", retry_after=timedelta(seconds=(1.0 - left) * seconds / pace.amount))
        if key not in self._buckets and len(self._buckets) >= MOST_BUCKETS:
            self._make_room(now)
        self._buckets[key] = (left - 1.0, now)

    def _make_room(self, now: float) -> None:
        """Forget who has been quiet for a minute, and if that is nobody, the half that asked longest ago."""
        quiet = [key for key, (_, at) in self._buckets.items() if now - at > 60]
        oldest = quiet or sorted(self._buckets, key=lambda key: self._buckets[key][1])[: MOST_BUCKETS // 2]
        for key in oldest:
            del self._buckets[key]

    def __len__(self) -> int:
        return len(self._buckets)
