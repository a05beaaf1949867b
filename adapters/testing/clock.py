"""A clock that moves only when a test says so."""

import asyncio
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Friday, 12:00 in Shanghai: an ordinary working hour."""


class FakeClock:
    """Time as the test tells it.

    ``wait`` returns when ``advance`` has carried time far enough; with ``flies`` it moves time itself and
    returns at once, so that a loop with pauses runs as fast as it can. Every wait is noted in ``waits``.
    """

    def __init__(self, now: datetime = NOON, *, flies: bool = False) -> None:
        self.waits: list[timedelta] = []
        self._now = now
        self._started_at = now
        self._flies = flies
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []
        self._fell_asleep = asyncio.Event()

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that have passed since the clock was made."""
        return (self._now - self._started_at).total_seconds()

    async def wait(self, span: timedelta) -> None:
        """Return after ``span`` of this clock's time."""
        self.waits.append(span)
        if self._flies:
            self._now += max(span, timedelta())
            await breathe()
            return
        if span <= timedelta():
            await breathe()
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self._now + span, sleeper)
        self._sleepers.append(entry)
        self._fell_asleep.set()
        try:
            await sleeper
        finally:
            if entry in self._sleepers:
                self._sleepers.remove(entry)

    async def advance(self, span: timedelta) -> None:
        """Move time on, waking sleepers in the order of their hours and letting each of them work."""
        goal = self._now + span
        while due := [entry for entry in self._sleepers if entry[0] <= goal]:
            entry = min(due, key=lambda it: it[0])
            self._sleepers.remove(entry)
            self._now = max(self._now, entry[0])
            if not entry[1].done():
                entry[1].set_result(None)
            await breathe()
        self._now = goal
        await breathe()

    async def somebody_waits(self, count: int = 1) -> None:
        """Return once ``count`` tasks are waiting on this clock: the moment to ``advance``."""
        async with asyncio.timeout(10):
            while len(self._sleepers) < count:
                self._fell_asleep.clear()
                await self._fell_asleep.wait()


async def breathe(rounds: int = 10) -> None:
    """Let every task that can run do so, a few times over."""
    loop = asyncio.get_running_loop()
    for _ in range(rounds):
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
