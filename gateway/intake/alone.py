"""Run an adapter only while this process is the reader of its channel; the others stand by."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from adapters.contract import Adapter, AdapterError, Outbound, Receipt
from gateway.house import House
from gateway.store.database import StoreUnavailable
from gateway.store.readership import leave_reader, take_reader

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

SPAN = timedelta(seconds=30)
"""After so long without a word from the reader another process takes over."""
BEAT = timedelta(seconds=10)


class Replaced(AdapterError):
    """Another process reads the channel now."""


class Alone:
    """An adapter that has one reader among all processes; sending is not concerned."""

    def __init__(
        self,
        adapter: Adapter,
        channel: str,
        house: House,
        *,
        place: str,
        fence: Callable[[int], None],
        stand_by: Callable[[str], None],
    ) -> None:
        self._adapter = adapter
        self._channel = channel
        self._house = house
        self._place = place
        self._fence = fence
        self._stand_by = stand_by

    async def run(self) -> None:
        """Wait until the channel is ours to read, then read it for as long as it is."""
        while (number := await self._take()) is None:
            self._stand_by("another gateway reads it; this one stands by")
            await self._house.clock.wait(BEAT)
        self._fence(number)
        reading = asyncio.ensure_future(self._adapter.run())
        beating = asyncio.ensure_future(self._beat(number))
        try:
            await asyncio.wait((reading, beating), return_when=asyncio.FIRST_COMPLETED)
            for each in (beating, reading):
                if each.done():
                    return each.result()
        finally:
            for each in (reading, beating):
                each.cancel()
            await asyncio.gather(reading, beating, return_exceptions=True)
            await self._leave()

    async def send(self, outbound: Outbound) -> Receipt:
        """Send as the adapter does."""
        return await self._adapter.send(outbound)

    async def close(self) -> None:
        """Close the adapter."""
        await self._adapter.close()

    async def _take(self) -> int | None:
        house, now = self._house, self._house.clock.now()
        return await house.database.write(
            lambda tx: take_reader(
                tx, self._channel, owner=house.owner, place=self._place, now=now, span=SPAN
            )
        )

    async def _beat(self, number: int) -> None:
        """Renew the readership.

        Raises:
            Replaced: it is somebody else's, or could not be renewed for so long that it may be.
        """
        clock = self._house.clock
        renewed = clock.monotonic()
        while True:
            await clock.wait(BEAT)
            try:
                held = await self._take()
            except StoreUnavailable as error:
                if clock.monotonic() - renewed < SPAN.total_seconds():
                    continue
                raise Replaced(f"the readership could not be renewed: {error}") from error
            if held != number:
                log.warning("channel.replaced", channel=self._channel)
                raise Replaced("another gateway reads this channel now")
            renewed = clock.monotonic()

    async def _leave(self) -> None:
        house, now = self._house, self._house.clock.now()
        with suppress(StoreUnavailable):
            await house.database.write(lambda tx: leave_reader(tx, self._channel, owner=house.owner, now=now))
