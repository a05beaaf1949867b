"""Take over what processes that died were sending: at every start, and while others may die."""

from datetime import timedelta

import structlog

from gateway.house import House
from gateway.store.database import StoreUnavailable
from gateway.store.rescue import give_back

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

EVERY = timedelta(seconds=10)


class Rescue:
    """Gives leases back; ``place`` is where this process runs, empty if the database is its alone."""

    def __init__(self, house: House, place: str) -> None:
        self._house = house
        self._place = place

    async def once(self) -> None:
        """Give back what is nobody's now.

        Raises:
            StoreUnavailable: not now.
        """
        house, now = self._house, self._house.clock.now()
        place = self._place
        for committed in await house.database.write(
            lambda tx: give_back(tx, owner=house.owner, place=place, now=now)
        ):
            log.warning(
                "outbox.given_back", channel=committed.channel, conversation=committed.conversation_id
            )
            house.feed.publish(committed)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self._house.clock.wait(EVERY)
            try:
                await self.once()
            except StoreUnavailable as error:
                log.error("rescue.unavailable", error=str(error))
