"""The hourly round: what is over its time is let go, in small batches, and counted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.desk.erasing import Eraser
from gateway.errors import Conflict, NotFound
from gateway.metrics import Metrics
from gateway.store import retention
from gateway.store.database import StoreUnavailable
from gateway.store.doomed import remove_doomed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Retention:
    """The task that lets go."""

    def __init__(
        self, eraser: Eraser, spans: Mapping[str, timedelta], *, every: timedelta, metrics: Metrics
    ) -> None:
        self._eraser, self._spans, self._every, self._metrics = eraser, spans, every, metrics

    async def run(self) -> None:
        """Finish erasures that were begun, then go round, until cancelled."""
        clock, is_first = self._eraser.clock, True
        while True:
            try:
                if is_first:
                    await self._eraser.repeat()
                    is_first = False
                await self._eraser.resume()
                await self.once()
            except StoreUnavailable as error:
                log.warning("retention.unavailable", error=str(error))
            except OSError as error:
                log.error("retention.failed", error=str(error))
            await clock.wait(self._every)

    async def once(self) -> dict[str, int]:
        """Let go of everything that is due now; return how many of each kind."""
        done: dict[str, int] = {}
        for name in (one for one in retention.KINDS if one in self._spans):
            if count := await self._kind(name):
                done[name] = count
                self._metrics.let_go.labels(name).inc(count)
        if files := await remove_doomed(self._eraser.database, self._eraser.blobs):
            done["files"] = files
            self._metrics.let_go.labels("files").inc(files)
        self._metrics.retention_round.set(self._eraser.clock.now().timestamp())
        if done:
            log.info("retention.let_go", **done)
        return done

    async def _kind(self, name: str) -> int:
        database, clock, count = self._eraser.database, self._eraser.clock, 0
        before = clock.now() - self._spans[name]
        if name == "contacts":
            return await self._contacts(before)
        while gone := await database.write(
            partial(retention.let_go, name=name, before=before, now=clock.now())
        ):
            count += gone
            await clock.wait(timedelta())  # whoever writes comes first
        return count

    async def _contacts(self, before: datetime) -> int:
        count, tried = 0, set[str]()
        while True:
            due = await self._eraser.database.read(partial(retention.due_contacts, before=before))
            fresh = [number for number in due if number not in tried]
            if not fresh:
                return count
            for number in fresh:
                tried.add(number)
                try:
                    await self._eraser.erase(number, by="retention")
                    count += 1
                except (NotFound, Conflict) as error:  # held since we looked
                    log.info("retention.not_now", contact=number, because=str(error))
