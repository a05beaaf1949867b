"""Work off stored messages, one at a time per thread; what fails is tried again, then shown to a person."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from adapters.contract import Adapter, Inbound, SendFailed, Unreadable
from gateway.house import LEASE, House
from gateway.intake import unreadable
from gateway.intake.arrival import from_body
from gateway.intake.turns import Job, Turns
from gateway.store import lease
from gateway.store.blobs import raw_name
from gateway.store.database import StoreUnavailable
from gateway.store.lease import LeasedInbound
from gateway.store.receiving import Arrival, Received

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


ROOM = 2000
"""So many turns may wait in memory; the rest wait in the inbox table."""
BATCH = 50


class Worker:
    """Decides about stored messages; the rows are leased, so a crash gives them back."""

    def __init__(self, house: House, adapters: Mapping[str, Adapter]) -> None:
        self._house = house
        self._turns = Turns(house, adapters)
        self._lines: dict[str, deque[Job]] = {}
        self._last_raw: dict[str, asyncio.Event] = {}
        self._waiting = 0
        self._due = asyncio.Event()
        self._tasks: asyncio.TaskGroup | None = None

    @property
    def has_room(self) -> bool:
        """Whether one more message may be handed over in memory."""
        return self._tasks is not None and self._waiting < ROOM

    def hand(self, arrival: Arrival, received: Received) -> None:
        """Take over a message stored a moment ago, leased to this process."""
        inbound = arrival.inbound if arrival.raw is None else arrival.inbound.with_(raw=arrival.raw)
        job = Job(
            inbox_id=received.inbox_id,
            inbound=inbound,
            received=received,
            received_at=self._house.clock.now(),
            raw_blob=raw_name(arrival.raw_blob, arrival.body),
        )
        self._add(job)

    async def run(self) -> None:
        """Work until cancelled: what is handed over at once, what lies in the inbox as it falls due."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                while True:
                    await self._take_due()
            finally:
                self._tasks = None

    async def finish(self) -> None:
        """Wait until the turns in hand are done; nothing new is taken meanwhile."""
        while self._lines:
            await self._house.clock.wait(timedelta(milliseconds=20))

    async def _take_due(self) -> None:
        house, now = self._house, self._house.clock.now()
        try:
            rows = await house.database.write(
                lambda tx: lease.take_inbound(tx, owner=house.owner, now=now, until=now + LEASE, limit=BATCH)
            )
        except StoreUnavailable as error:
            log.error("inbox.unavailable", error=str(error))
            rows = ()
        for row in rows:
            self._add(
                Job(
                    inbox_id=row.id,
                    inbound=_inbound(row),
                    attempts=row.attempts,
                    received_at=row.received_at,
                    raw_blob=raw_name(row.raw_blob, row.body),
                )
            )
        if len(rows) < BATCH:
            await self._sleep()
        while self._waiting >= ROOM:
            await house.clock.wait(timedelta(milliseconds=50))

    async def _sleep(self) -> None:
        """Until somebody puts a row back for a nearer time, or a little while."""
        self._due.clear()
        tick = asyncio.ensure_future(self._house.clock.wait(timedelta(seconds=1)))
        due = asyncio.ensure_future(self._due.wait())
        try:
            await asyncio.wait((tick, due), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            due.cancel()

    def _add(self, job: Job) -> None:
        """Append to the thread's line; begin working on the line if nobody does."""
        assert self._tasks is not None
        if job.inbound.thread is None and job.inbound.kind == "raw":
            job = replace(job, after=self._last_raw.get(job.inbound.channel))
            self._last_raw[job.inbound.channel] = job.placed
        line = f"{job.inbound.channel}\x00{job.inbound.thread or job.inbox_id}"
        self._waiting += 1
        if line in self._lines:
            self._lines[line].append(job)
            return
        self._lines[line] = deque((job,))
        self._tasks.create_task(self._work_off(line))

    async def _work_off(self, line: str) -> None:
        jobs = self._lines[line]
        while jobs:
            await self._guarded(jobs[0])
            jobs.popleft()
            self._waiting -= 1
        del self._lines[line]

    async def _guarded(self, job: Job) -> None:
        """One bad message hurts only itself."""
        started = self._house.clock.monotonic()
        try:
            await self._turns.take(job)
        except Unreadable as error:
            await self._give_up(job, str(error))
        except SendFailed as error:
            await self._without_files(job, error)
        except Exception as error:
            self._house.metrics.turns_failed.labels(job.inbound.channel).inc()
            log.exception("turn.failed", inbox=job.inbox_id, channel=job.inbound.channel)
            await self._put_back(job, f"{type(error).__name__}: {error}")
        finally:
            job.placed.set()  # whatever became of it, those after it go on
        self._house.metrics.turn_seconds.observe(self._house.clock.monotonic() - started)

    async def _without_files(self, job: Job, error: SendFailed) -> None:
        """The provider does not hand out a file: ask again a few times, then go on with the words."""
        if job.attempts + 1 < self._house.policy.attempts.count or job.inbound.kind == "raw":
            await self._put_back(job, str(error))
            return
        files = tuple(
            replace(one, ref=None, error=f"not stored: {error}") if one.ref is not None else one
            for one in job.inbound.attachments
        )
        await self._guarded(replace(job, inbound=job.inbound.with_(attachments=files)))

    async def _put_back(self, job: Job, error: str) -> None:
        """Try again a little later; after the last try a person is shown the message raw."""
        limit = self._house.policy.attempts
        if job.attempts + 1 >= limit.count:
            await self._give_up(job, error)
            return
        later = self._house.clock.now() + limit.within / (limit.count * 2) * (job.attempts + 1)
        try:
            await self._house.database.write(
                lambda tx: lease.postpone_inbound(tx, job.inbox_id, later, error)
            )
        except StoreUnavailable:
            log.error("turn.not_put_back", inbox=job.inbox_id)  # its lease runs out by itself
        self._due.set()

    async def _give_up(self, job: Job, error: str) -> None:
        self._house.metrics.channel_events.labels(job.inbound.channel, "unreadable").inc()
        log.error("turn.given_up", inbox=job.inbox_id, channel=job.inbound.channel, error=error)
        try:
            raw_blob = job.raw_blob
            if raw_blob is None and job.inbound.raw is not None:
                raw_blob = await self._house.blobs.put(job.inbound.raw)
            committed = await self._house.database.write(
                lambda tx: unreadable.keep(tx, self._house, job.inbox_id, job.inbound, raw_blob, error)
            )
        except StoreUnavailable:
            log.error("turn.not_given_up", inbox=job.inbox_id)  # its lease runs out by itself
            return
        except Exception:
            log.exception("turn.not_given_up", inbox=job.inbox_id)
            return
        if committed is not None:
            self._house.feed.publish(committed)


def _inbound(row: LeasedInbound) -> Inbound:
    """Return what was stored; a row nobody understands is an unreadable message, not the end of the worker."""
    try:
        return from_body(row.body, row.raw)
    except ValueError:
        return Inbound(channel=row.channel, external_id=f"row {row.id}", kind="raw", raw=row.body.encode())
