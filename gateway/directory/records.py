"""Asking the records, whatever kind they are: one form of the number, two seconds, rest after failures, no exception."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog

from gateway.clock import SystemClock
from gateway.directory.breaker import Breaker
from gateway.directory.cache import Cache
from gateway.directory.contract import Compares, Source, Trouble
from gateway.domain.claims import OrderForm, agrees
from gateway.domain.records import (
    Claims,
    Comparison,
    Found,
    Lookup,
    Match,
    NoMatch,
    NotFound,
    Unavailable,
)
from gateway.metrics import Metrics

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

T = TypeVar("T")

DEADLINE = timedelta(seconds=2)
AT_ONCE = 5
"""So many questions at a time: a storm of guesses is not passed on to the shop's own system."""


class Records:
    """The house's directory. A fault says "unavailable": it never verifies, and nobody's attempt is counted."""

    is_there = True

    def __init__(
        self,
        source: Source,
        *,
        form: OrderForm,
        clock: SystemClock,
        metrics: Metrics,
        region: str = "CN",
        cache: timedelta = timedelta(),
    ) -> None:
        self.source = source
        self._form, self._clock, self._metrics, self._region = form, clock, metrics, region
        self._key = clock.chance(32)
        self._cache = Cache(cache.total_seconds(), self._key)
        self._breaker = Breaker()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def find(self, order: str) -> Lookup:
        """Return what is on file; a number that cannot be one is looked for nowhere."""
        key = self._form.key(order)
        if key is None:
            return NotFound()
        try:
            return await self._found(key)
        except Trouble as trouble:
            return Unavailable(str(trouble))

    async def verify(self, order: str, claims: Claims) -> Comparison:
        """Return whether all of ``claims`` is so; an order that is not there costs the same comparisons."""
        key = self._form.key(order)
        if key is None:
            self._agrees(claims, None)
            return NoMatch()
        try:
            source = self.source
            if isinstance(source, Compares) and source.compares:
                return await self._asked(lambda: source.verify(key, claims), "verify")
            found = await self._found(key)
        except Trouble as trouble:
            return Unavailable(str(trouble))
        if isinstance(found, NotFound):
            self._agrees(claims, None)
            return NoMatch()
        if self._agrees(claims, found):
            return Match(customer_ref=found.customer_ref, order_ref=found.order_ref)
        return NoMatch()

    async def run(self) -> None:
        """Keep up with the records."""
        await self.source.run()

    async def close(self) -> None:
        """Let go of connections."""
        await self.source.close()

    def _agrees(self, claims: Claims, found: Found | None) -> bool:
        return agrees(
            claims,
            found.attrs if found else None,
            key=self._key,
            chance=self._clock.chance,
            region=self._region,
        )

    async def _found(self, key: str) -> Found | NotFound:
        if self.source.is_near:
            return await self._asked(lambda: self.source.find(key), "find")
        kept = self._cache.get(key, self._clock.monotonic())
        if kept is None:
            kept = await self._asked(lambda: self.source.find(key), "find")
            self._cache.put(key, kept, self._clock.monotonic())
        return kept

    async def _asked(self, question: Callable[[], Awaitable[T]], what: str) -> T:
        """Ask once, within the deadline, unless the records have failed too often just now."""
        begun = self._clock.monotonic()
        if not (self.source.is_near or self._breaker.lets_through(begun)):
            self._count(what, "resting")
            raise Trouble("resting", "the records failed several times in a row and are asked again shortly")
        try:
            async with asyncio.timeout(DEADLINE.total_seconds()), self._turn:
                answer = await question()
        except TimeoutError as error:
            raise self._failed(what, Trouble("timeout", "the records gave no answer within 2 s")) from error
        except Trouble as trouble:
            raise self._failed(what, trouble) from trouble
        self._breaker.heard(ok=True, now=self._clock.monotonic())
        self._count(what, type(answer).__name__.lower())
        self._metrics.directory_seconds.labels(self.source.kind).observe(self._clock.monotonic() - begun)
        return answer

    def _failed(self, what: str, trouble: Trouble) -> Trouble:
        self._breaker.heard(ok=False, now=self._clock.monotonic())
        self._count(what, trouble.reason)
        log.warning("directory.unavailable", kind=self.source.kind, asked=what, because=str(trouble))
        return trouble

    def _count(self, what: str, outcome: str) -> None:
        self._metrics.directory_lookups.labels(self.source.kind, what, outcome).inc()
