"""Keeps the gauges of ``/metrics`` true: counted every few seconds, not on every change."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog

from gateway.domain.known_days import missing
from gateway.house import House
from gateway.intake.context import Live
from gateway.intake.keeper import Keeper
from gateway.store.counts import Counts, read_counts
from gateway.store.database import StoreUnavailable
from gateway.store.roster import read_people
from gateway.store.tasks import count_open

EVERY = timedelta(seconds=15)
log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Gauges:
    """Reads how much of everything there is, and how the channels are."""

    def __init__(self, house: House, keeper: Keeper, live: Live) -> None:
        self._house = house
        self._keeper = keeper
        self._live = live

    async def run(self) -> None:
        """Count, until cancelled."""
        while True:
            try:
                await self.count()
            except StoreUnavailable as error:
                log.warning("gauges.unavailable", error=str(error))
            await self._house.clock.wait(EVERY)

    async def count(self) -> None:
        """Set every gauge to what is true now."""
        now = self._house.clock.now()
        self._show_tasks(await self._house.database.read(count_open))
        self._show(await self._house.database.read(partial(read_counts, now=now)))
        await self._show_people()
        metrics = self._house.metrics
        metrics.calendar_gaps.set(
            len(list(missing(now.astimezone(self._house.zone).date(), self._house.policy.hours)))
        )
        for report in self._keeper.reports():
            metrics.channel_up.labels(report.name).set(report.state == "up")
            if report.progress_at is not None:
                metrics.channel_progress.labels(report.name).set(report.progress_at.timestamp())
            if self._house.is_served(report.name):
                metrics.sockets.labels(report.name).set(self._live.listeners(report.name))

    async def _show_people(self) -> None:
        house, metrics = self._house, self._house.metrics
        people = await house.database.read(
            lambda tx: read_people(tx, house.policy.dispatch, house.policy.hours, house.kind)
        )
        metrics.agent_load.clear()  # somebody may have been disabled
        for one in people:
            metrics.agent_load.labels(one.number).set(round(one.load, 3))

    def _show_tasks(self, open_ones: Mapping[tuple[str, str], int]) -> None:
        self._house.metrics.tasks.clear()
        for (department, state), count in open_ones.items():
            self._house.metrics.tasks.labels(department, state).set(count)

    def _show(self, counts: Counts) -> None:
        metrics = self._house.metrics
        metrics.inbox_waiting.set(counts.inbox_waiting)
        for state in ("due", "sending", "unknown", "held"):
            metrics.outbox.labels(state).set(counts.outbox.get(state, 0))
        for state in ("running", "overdue"):
            metrics.promises.labels(state).set(counts.promises.get(state, 0))
        for state in ("online", "away", "offline"):
            metrics.agents.labels(state).set(counts.agents.get(state, 0))
        metrics.waiting.clear()
        for (status, department), count in counts.tickets.items():
            if status == "open":  # a ticket is open exactly while no agent has it
                metrics.waiting.labels(department).set(count)
        metrics.tickets.clear()  # a department may have none left
        for (status, department), count in counts.tickets.items():
            metrics.tickets.labels(status, department).set(count)
