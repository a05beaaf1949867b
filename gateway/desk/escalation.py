"""Wake at the next due promise and say that it is late: each fires exactly once, also after downtime."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.house import House
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed
from gateway.store.promises import fire_due, next_promise

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(seconds=30)
"""Looked at again after so long at the latest: clocks jump, and other nodes make promises too."""
BATCH = 200


class Escalation:
    """The one clock of all that is owed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed = asyncio.Event()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Fire what falls due, until cancelled."""
        while True:
            self._changed.clear()
            due_at: datetime | None = None
            try:
                while await self.fire():
                    pass
                due_at = await self._house.database.read(next_promise)
            except StoreUnavailable as error:
                log.warning("promises.unavailable", error=str(error))
            await self._sleep(due_at)

    async def fire(self) -> int:
        """Mark what is late now; return how many."""
        house = self._house
        unit = partial(fire_due, now=house.clock.now(), limit=BATCH)
        fired = await house.database.write(unit)
        for committed, kind in fired:
            house.metrics.promises_broken.labels(kind).inc()
            house.feed.publish(committed)
        return len(fired)

    async def _sleep(self, due_at: datetime | None) -> None:
        left = LONGEST if due_at is None else min(LONGEST, due_at - self._house.clock.now())
        tick = asyncio.ensure_future(self._house.clock.wait(max(left, timedelta(milliseconds=50))))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((tick, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            changed.cancel()

    def _heard(self, committed: Committed) -> None:
        if any(one.kind == "ticket" for one in committed.events):
            self._changed.set()
