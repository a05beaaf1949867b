"""What time it is, how to wait for a later one, and where chance comes from.

The only module that may ask the machine: everyone else is handed a clock, so that tests own the time.
"""

import asyncio
import heapq
import random
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's own clock and its source of chance."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go backwards, for measuring spans and for timeouts."""
        return time.monotonic()

    async def wait(self, span: timedelta) -> None:
        """Return after ``span``; at once when it is not positive."""
        await asyncio.sleep(max(span.total_seconds(), 0.0))

    def chance(self, nbytes: int) -> bytes:
        """Return ``nbytes`` that nobody can guess."""
        return secrets.token_bytes(nbytes)

    def fraction(self) -> float:
        """Return a number in [0, 1), good enough for jitter and never for secrets."""
        return random.random()  # noqa: S311 - jitter, not a secret


@dataclass
class FakeClock(SystemClock):
    """A clock that stands still until it is told to advance, with a repeatable source of chance.

    ``wait`` returns only when ``advance`` has carried the time past its end, so three days of retries are
    tested in milliseconds. It lives here and not among the tests because the contract suites need it too.
    """

    at: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
    seed: int = 1
    elapsed: float = 0.0
    _sleepers: list[tuple[float, int, asyncio.Event]] = field(default_factory=list)
    _count: int = 0
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._chance = random.Random(self.seed)  # noqa: S311 - tests must repeat

    def now(self) -> datetime:
        """Return the instant the test has set."""
        return self.at

    def monotonic(self) -> float:
        """Return the seconds advanced so far; ``jump`` does not move it."""
        return self.elapsed

    async def wait(self, span: timedelta) -> None:
        """Return when the clock has been advanced by ``span``."""
        if span <= timedelta():
            await asyncio.sleep(0)
            return
        self._count += 1
        woken = asyncio.Event()
        sleeper = (self.elapsed + span.total_seconds(), self._count, woken)
        heapq.heappush(self._sleepers, sleeper)
        try:
            await woken.wait()
        finally:
            if sleeper in self._sleepers:  # cancelled while asleep
                self._sleepers.remove(sleeper)
                heapq.heapify(self._sleepers)

    async def advance(self, span: timedelta) -> None:
        """Let ``span`` pass, waking each sleeper at its own instant and letting it run before the next."""
        goal = self.elapsed + span.total_seconds()
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= goal:
            due, _, woken = heapq.heappop(self._sleepers)
            self._move(due)
            woken.set()
            await _settle()
        self._move(goal)

    def jump(self, span: timedelta) -> None:
        """Move the wall clock only, forwards or back, as a wrong time server would; nobody wakes."""
        self.at += span

    @property
    def sleepers(self) -> int:
        """How many tasks wait on this clock."""
        return len(self._sleepers)

    def chance(self, nbytes: int) -> bytes:
        """Return the next bytes of the seeded sequence."""
        return self._chance.randbytes(nbytes)

    def fraction(self) -> float:
        """Return the next fraction of the seeded sequence."""
        return self._chance.random()

    def _move(self, elapsed: float) -> None:
        self.at += timedelta(seconds=elapsed - self.elapsed)
        self.elapsed = elapsed


async def _settle() -> None:
    """Give every runnable task its turn, often enough for a short chain of awaits to finish."""
    for _ in range(20):
        await asyncio.sleep(0)
