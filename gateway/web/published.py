"""The figures below the public promises: looked up when somebody asks, at most once in five minutes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.desk.accounts import Clock
from gateway.domain.policy import Policy
from gateway.store.database import Database, StoreUnavailable, Tx
from gateway.store.kept import Kept, in_force_since, kept_since
from gateway.web.promises import version_of

FRESH = timedelta(minutes=5)
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Since when the promises hold, and what was kept of them in the last thirty days."""

    at: datetime
    since: datetime
    kept: Mapping[str, Kept]


class Published:
    """Keeps the figures at hand: a page that anybody may ask for must cost nothing."""

    def __init__(self, *, database: Database, clock: Clock, policy: Policy) -> None:
        self._database, self._clock, self._policy = database, clock, policy
        self._lock = asyncio.Lock()
        self._figures: Figures | None = None

    async def figures(self) -> Figures:
        """Return them, five minutes old at most, or older while the database cannot be asked."""
        now = self._clock.now()
        async with self._lock:
            known = self._figures
            if known is not None and known.at <= now < known.at + FRESH:
                return known
            try:
                self._figures = await self._looked_up(now)
            except StoreUnavailable:
                if known is None:
                    return Figures(at=now, since=now, kept={})
            assert self._figures is not None
            return self._figures

    async def _looked_up(self, now: datetime) -> Figures:
        version = version_of(self._policy)

        def reading(tx: Tx) -> Mapping[str, Kept]:
            return kept_since(tx, now - LOOK_BACK, now)

        since = await self._database.write(lambda tx: in_force_since(tx, version, now))
        return Figures(at=now, since=since, kept=await self._database.read(reading))
