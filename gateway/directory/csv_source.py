"""Records in a file that the shop system writes anew: read whole, swapped at once, the last good version serves on."""

import asyncio
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from gateway.clock import SystemClock
from gateway.directory.contract import Trouble
from gateway.directory.csv_file import MOST_BYTES, Orders, read_orders
from gateway.directory.row import found_of
from gateway.domain.claims import OrderForm
from gateway.domain.records import Found, NotFound
from gateway.metrics import Metrics
from gateway.settings.directory import CsvFile

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=2)
Stamp = tuple[int, int, int]


class CsvSource:
    """One file. Phone numbers and names stay in this process's memory, and nowhere else of ours."""

    kind = "csv"
    is_near = True

    def __init__(
        self,
        chosen: CsvFile,
        fields: Mapping[str, str],
        form: OrderForm,
        clock: SystemClock,
        metrics: Metrics,
    ) -> None:
        assert chosen.file is not None
        self.file: Path = chosen.file
        self._chosen, self._form, self._clock, self._metrics = chosen, form, clock, metrics
        self._fields = {"order": fields["order"], **fields}
        self._key = clock.chance(32)
        self._orders: Orders | None = None
        self._seen: Stamp | None = None
        self._broken_since: float | None = None
        self._reading = asyncio.Lock()
        self.trouble: Trouble | None = None
        """What is wrong with the file as it is now; the version before may serve on."""

    async def find(self, key: str) -> Found | NotFound:
        """Return a row of the version in use."""
        orders = await self._served()
        row = orders.get(key)
        if row is None:
            return NotFound()
        return found_of(row, {name: name for name in self._fields}, key, self._form)

    async def count(self) -> int | None:
        """Return how many orders are served."""
        return len(await self._served())

    async def run(self) -> None:
        """Read the file whenever it has changed."""
        while True:
            before = (self._orders, self.trouble)
            await self.refresh()
            if before != (self._orders, self.trouble):
                self._tell()
            await self._clock.wait(LOOK_EVERY)

    async def close(self) -> None:
        """Nothing is open."""

    async def refresh(self) -> None:
        """Read the file if it is another than was last seen; a broken one changes nothing but ``trouble``."""
        async with self._reading:
            try:
                stamp = await asyncio.to_thread(_stamp, self.file)
                if stamp == self._seen:
                    return
                orders, self._seen = await asyncio.to_thread(self._read), stamp
            except Trouble as trouble:
                self._refuse(trouble, stamp)
            except OSError as error:
                if self.trouble is None or self.trouble.reason != "no_file":
                    reason = error.strerror or type(error).__name__
                    self._refuse(Trouble("no_file", f"{self.file} cannot be read ({reason})"), None)
            else:
                self._orders, self.trouble, self._broken_since = orders, None, None
                self._metrics.directory_orders.set(len(orders))
                self._metrics.directory_reloads.labels("swapped").inc()

    def _refuse(self, trouble: Trouble, stamp: Stamp | None) -> None:
        self.trouble, self._seen = trouble, stamp
        if self._broken_since is None:
            self._broken_since = self._clock.monotonic()
        self._metrics.directory_reloads.labels("refused").inc()

    def _tell(self) -> None:
        if self.trouble is not None:
            log.warning("directory.refused", file=self.file.name, because=str(self.trouble))
        elif self._orders is not None:
            log.info("directory.read", file=self.file.name, orders=len(self._orders))

    async def _served(self) -> Orders:
        if self._orders is None:
            await self.refresh()
        if self._orders is None:
            raise self.trouble or Trouble("no_file", f"{self.file} has not been read")
        since = self._broken_since
        if since is not None and self._clock.monotonic() - since > self._chosen.stale_after.total_seconds():
            raise Trouble(
                "stale", f"{self.file.name} has been broken for longer than directory.csv.stale_after"
            )
        return self._orders

    def _read(self) -> Orders:
        """Raise Trouble too where the file is still being written."""
        before = _stamp(self.file)
        if before[1] > MOST_BYTES:
            raise Trouble("too_big", f"it is larger than {MOST_BYTES // 1024**2} MB: use sql or http")
        content = self.file.read_bytes()
        if _stamp(self.file) != before:
            raise Trouble("changing", "it changed while it was read")
        return read_orders(
            content,
            fields=self._fields,
            form=self._form,
            key=self._key,
            encoding=self._chosen.encoding,
            delimiter=self._chosen.delimiter,
            last=len(self._orders) if self._orders else 0,
        )


def _stamp(file: Path) -> Stamp:
    """Return what changes whenever a file is written or replaced."""
    found = os.stat(file)
    return found.st_mtime_ns, found.st_size, found.st_ino
