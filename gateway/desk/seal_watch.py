"""Cry out when a sealed value does not open though its key is known: somebody has been at the database."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

import structlog

from gateway.desk.alarms import raise_now
from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.masking import mask_text
from gateway.house import House
from gateway.sealing.cells import Place, Unreadable
from gateway.store.database import StoreUnavailable

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

AGAIN = timedelta(seconds=5)
MOST_A_DAY = 100
"""So many cells a day have an alarm of their own; who changed a whole table is known by then, and the log has the rest."""
ROW = 80


class SealWatch:
    """Hears of cells that cannot be read, from any thread, and raises one alarm for each cell and day."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._day = ""
        self._told: set[Place] = set()
        self._owed: dict[Place, Unreadable] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()

    def heard(self, place: Place, error: Unreadable) -> None:
        """Count a cell that did not open; safe in any thread, and inside any transaction."""
        reason = error.because.replace(" ", "_")
        self._house.metrics.sealing_unreadable.labels(reason).inc()
        day = f"{self._house.clock.now():%Y%m%d}"
        with self._lock:
            if day != self._day:
                self._day, self._told = day, set()
            if place in self._told:
                return
            log.error("sealing.unreadable", table=place.table, column=place.column, because=error.because)
            if len(self._told) >= MOST_A_DAY:
                return
            self._told.add(place)
            self._owed[place] = error
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._changed.set)

    async def run(self) -> None:
        """Raise what is owed until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            try:
                await self.once()
            except StoreUnavailable as error:
                log.warning("sealing.unavailable", error=str(error))
                await self._house.clock.wait(AGAIN)
                continue
            await self._changed.wait()

    async def once(self) -> int:
        """Raise an alarm for each cell that was heard of; return how many were raised."""
        raised = 0
        for place, error in list(self._waiting()):
            alarm = alarm_of(place, error, self._house.clock.now())
            raised += await raise_now(self._house, alarm, f"a sealed value did not open ({error.because})")
            with self._lock:
                self._owed.pop(place, None)
        return raised

    def _waiting(self) -> Iterator[tuple[Place, Unreadable]]:
        with self._lock:
            yield from list(self._owed.items())


def alarm_of(place: Place, error: Unreadable, now: datetime) -> Alarm:
    """Return the alarm about a cell: one name a cell and day, and the cell by its column and its covered row."""
    cell = sha256("\0".join((place.table, place.column, str(place.row))).encode()).hexdigest()[:16]
    gaps = {
        "cell": f"{place.table}.{place.column}",
        "row": mask_text(str(place.row))[:ROW],
        "why": error.because.replace(" ", "_"),
    }
    return Alarm(kind=AlarmKind.SEALING, name=f"sealing:{cell}:{now:%Y%m%d}", gaps=gaps)
