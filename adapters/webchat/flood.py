"""How fast one visitor may send: a bucket of permits that refills evenly. Pure, told the time."""

from datetime import timedelta


class Flood:
    """Buckets by visitor: ``amount`` permits at most, refilled over ``window``.

    Only visitors who sent something within the last ``window`` take any room, after ``forget``.
    """

    __slots__ = ("_amount", "_buckets", "_per_second", "_window")

    def __init__(self, amount: int, window: timedelta) -> None:
        self._amount = float(amount)
        self._window = window.total_seconds()
        self._per_second = amount / self._window
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, visitor: str, now: float) -> float:
        """Take a permit and return 0.0, or return the seconds until there is one again."""
        left, at = self._buckets.get(visitor, (self._amount, now))
        left = min(self._amount, left + (now - at) * self._per_second)
        if left < 1.0:
            self._buckets[visitor] = (left, now)
            return (1.0 - left) / self._per_second
        self._buckets[visitor] = (left - 1.0, now)
        return 0.0

    def forget(self, now: float) -> None:
        """Drop the buckets that have filled up again."""
        full = [who for who, (_, at) in self._buckets.items() if now - at >= self._window]
        for who in full:
            del self._buckets[who]

    def __len__(self) -> int:
        return len(self._buckets)
