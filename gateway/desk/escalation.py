"""The one clock of all that is owed: it reminds, calls late, escalates, each exactly once, also after downtime."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.desk.reckoning import reckon_all
from gateway.domain.promise_clock import never_opens
from gateway.errors import GatewayError
from gateway.house import House
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed
from gateway.store.promises_due import Fired, fire_due, next_promise

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(seconds=30)
"""Looked at again after so long at the latest: clocks jump, and other nodes make promises too."""
BATCH = 200
BACK = timedelta(seconds=1)
"""A clock that went back further than this was set, and did not only drift."""

MOVED = ("owed", "resumed", "reckoned")
"""What may have put a due time before the one that is waited for."""

Reaction = Callable[[Fired], Awaitable[None]]


class Escalation:
    """Wakes at the next due time and when promises change.

    ``on_fired`` are asked to react after the commit, in their own task, one after the other. A process that dies
    may leave a reaction undone: what must happen exactly once belongs into ``fire_due``'s transaction, or keeps
    a mark of its own in a row and looks for what has none at the next start.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed = asyncio.Event()
        self._seen = house.clock.now()
        self._told: asyncio.Queue[Fired] = asyncio.Queue()
        self.on_fired: list[Reaction] = []
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Fire what falls due, until cancelled."""
        if never_opens(self._house.clock.now(), self._house.policy.hours):
            log.error(
                "promises.never_opens", remedy="set opening hours in [hours]: all time counts until then"
            )
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._react())
            await self._reckon()
            await self._watch()

    async def _reckon(self) -> None:
        """By the rules as they are now, before anything is called late by those of before."""
        while True:
            try:
                await reckon_all(self._house)
            except StoreUnavailable as error:
                log.warning("promises.unavailable", error=str(error))
                await self._house.clock.wait(timedelta(seconds=1))
            else:
                return

    async def _watch(self) -> None:
        was_due: datetime | None = None
        while True:
            self._changed.clear()
            self._look_at_clock()
            due_at: datetime | None = None
            try:
                while await self.fire():
                    pass
                due_at = await self._house.database.read(next_promise)
            except StoreUnavailable as error:
                log.warning("promises.unavailable", error=str(error))
            if due_at is not None and due_at <= self._house.clock.now() and due_at != was_due:
                was_due = due_at
                continue  # it fell due while we looked; what is still due then is in another node's hands
            was_due = None
            await self._sleep(due_at)

    async def fire(self) -> int:
        """Carry out what is due now, a batch of it; return how much that was."""
        house = self._house
        unit = partial(fire_due, now=house.clock.now(), policy=house.policy, kind=house.kind, limit=BATCH)
        fired, committed = await house.database.write(unit)
        for one in committed:
            house.feed.publish(one)
        for each in fired if self.on_fired else ():
            self._told.put_nowait(each)
        return len(fired)

    async def _react(self) -> None:
        while True:
            fired = await self._told.get()
            for reaction in tuple(self.on_fired):
                try:
                    await reaction(fired)
                except GatewayError as error:
                    log.warning("promises.reaction_refused", ticket=fired.number, error=str(error))
                except Exception:  # one reaction that fails must not keep the others from what fired
                    log.exception("promises.reaction_failed", ticket=fired.number)

    def _look_at_clock(self) -> None:
        """Time that went back fires nothing twice and takes nothing back; somebody should know, though."""
        now = self._house.clock.now()
        if now < self._seen - BACK:
            log.warning("promises.clock_set_back", by=str(self._seen - now))
        self._seen = now

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
        for one in committed.events:
            if one.kind == "promise":
                self._count(str(one.data.get("promise")), str(one.data.get("what")))
            if one.kind == "ticket" or one.data.get("what") in MOVED:
                self._changed.set()

    def _count(self, kind: str, what: str) -> None:
        self._house.metrics.promise_events.labels(kind, what).inc()
        if what == "late":
            self._house.metrics.promises_broken.labels(kind).inc()
