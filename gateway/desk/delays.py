"""Delays announced before they happen: looks at told promises shortly before they are due (rulebook L3)."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.errors import GatewayError
from gateway.house import House
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.delays import announce, due_for_notice, next_look
from gateway.store.promises_due import Fired

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(seconds=30)
"""Looked again after so long at the latest: queues grow, and other nodes tell customers too."""
BATCH = 200


class Delays:
    """What was told and will not be kept gets a new time and an apology, once.

    The row's ``notified_at`` is set in the transaction that writes the message: after a crash what has none is
    looked at again, and nothing is told twice.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed = asyncio.Event()

    async def heard(self, fired: Fired) -> None:
        """A told promise was reminded of: look at once."""
        if fired.told and fired.what == "warned":
            self._changed.set()

    async def run(self) -> None:
        """Announce, until cancelled."""
        while True:
            self._changed.clear()
            look_at: datetime | None = None
            try:
                await self.announce()
                look_at = await self._house.database.read(self._next)
            except StoreUnavailable as error:
                log.warning("delays.unavailable", error=str(error))
            await self._sleep(look_at)

    async def announce(self) -> int:
        """Announce what is to be announced now; return how many were told."""
        house, told = self._house, 0
        now, ahead = house.clock.now(), max(house.policy.telling.notice_before.values())
        if not house.policy.telling.notices:
            return 0
        for promise_id, number in await house.database.read(
            partial(due_for_notice, now=now, ahead=ahead, limit=BATCH)
        ):
            unit = partial(
                announce,
                promise_id=promise_id,
                number=number,
                now=now,
                policy=house.policy,
                texts=house.texts,
                kind=house.kind,
                key=house.fresh_key,
                is_served=house.is_served,
            )
            try:
                committed = await house.database.write(unit)
            except StoreUnavailable:
                raise
            except GatewayError as error:  # others wrote on the thread in the same moment: looked at again
                log.info("delays.put_off", ticket=number, error=str(error))
                continue
            if committed is not None:
                told += 1
                house.feed.publish(committed)
        return told

    def _next(self, tx: Tx) -> datetime | None:
        now = self._house.clock.now()
        spans = set(self._house.policy.telling.notice_before.values())
        return min((at for span in spans if (at := next_look(tx, now, span)) is not None), default=None)

    async def _sleep(self, look_at: datetime | None) -> None:
        left = LONGEST if look_at is None else min(LONGEST, look_at - self._house.clock.now())
        tick = asyncio.ensure_future(self._house.clock.wait(max(left, timedelta(milliseconds=50))))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((tick, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            changed.cancel()
