"""How often somebody may guess: misses are counted by key, and each further one makes the wait longer."""

from collections import OrderedDict
from dataclasses import dataclass, field

KEPT = 10_000
"""So many keys are remembered; the longest untouched goes first, so that guessing cannot fill the memory."""


@dataclass(slots=True)
class _Misses:
    count: int = 0
    last: float = 0.0


@dataclass(slots=True, kw_only=True)
class Throttle:
    """After ``free`` misses each try must wait, twice as long each time, up to ``longest`` seconds.

    Misses are forgotten after ``longest`` seconds of quiet. Seconds are those of a monotonic clock, handed in.
    """

    free: int
    longest: float = 900.0
    first: float = 1.0
    _misses: OrderedDict[str, _Misses] = field(default_factory=OrderedDict)

    def wait(self, key: str, now: float) -> float:
        """Return how many seconds ``key`` must still wait; 0 means go ahead."""
        found = self._misses.get(key)
        if found is None or now - found.last > self.longest:
            return 0.0
        over = found.count - self.free
        if over < 0:
            return 0.0
        span = min(self.first * 2.0 ** min(over, 30), self.longest)
        return max(0.0, found.last + span - now)

    def miss(self, key: str, now: float) -> None:
        """Count a wrong guess."""
        found = self._misses.pop(key, None)
        if found is None or now - found.last > self.longest:
            found = _Misses()
        found.count += 1
        found.last = now
        self._misses[key] = found
        while len(self._misses) > KEPT:
            self._misses.popitem(last=False)

    def clear(self, key: str) -> None:
        """Forget the misses of whoever got it right."""
        self._misses.pop(key, None)
