"""Witness the audit's end outside the database, and cry out when what was witnessed is not there any more."""

import asyncio
import logging
import logging.handlers
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from gateway.desk.alarms import raise_now
from gateway.domain.alarm import Alarm, AlarmKind
from gateway.house import House
from gateway.store import checkpoints
from gateway.store.audit import Head, head
from gateway.store.audit_key import newest_key
from gateway.store.audit_proof import Tampering, tamperings
from gateway.store.checkpoints import Checkpoint
from gateway.store.database import StoreUnavailable, Tx

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=15)


class AuditWatch:
    """The task that writes checkpoints and proves the rows between one and the next."""

    def __init__(
        self,
        house: House,
        path: Path,
        *,
        every: timedelta = timedelta(minutes=5),
        rows: int = 1000,
        syslog: str = "",
    ) -> None:
        self._house, self._path, self._every, self._rows = house, path, every, rows
        self._syslog = syslog_at(syslog)
        self._last = checkpoints.newest(path)
        self._is_first = True

    async def run(self) -> None:
        """Look now and then, until cancelled."""
        while True:
            try:
                await self.once()
            except StoreUnavailable as error:
                log.warning("audit.unavailable", error=str(error))
            except OSError as error:
                log.error("audit.no_checkpoint", error=str(error), path=str(self._path))
            await self._house.clock.wait(LOOK_EVERY)

    async def once(self, *, at_once: bool = False) -> bool:
        """Prove what is new and witness it, if it is time; return whether a checkpoint was written."""
        now = self._house.clock.now()
        end = await self._house.database.read(head)
        self._house.metrics.audit_rows.set(end.seq)
        if self._is_first:
            await self._prove(now)  # a gateway that was down may have been visited
            self._is_first = False
        if not at_once and not self._is_due(end, now):
            return False
        if self._last is None or self._last.seq != end.seq:
            await self._prove(now)
            await self._witness(end, now)
            return True
        return False

    def _is_due(self, end: Head, now: datetime) -> bool:
        last = self._last
        if last is None or end.seq - last.seq >= self._rows:
            return end.seq > 0
        return end.seq != last.seq and now - last.at >= self._every

    async def _prove(self, now: datetime) -> None:
        last = self._last

        def look(tx: Tx) -> list[Tampering]:
            return list(tamperings(tx, [last] if last else [], after=max(0, last.seq - 1) if last else 0))

        found = await self._house.database.read(look)
        self._house.metrics.audit_tampered.set(len(found))
        if not found:
            return
        for one in found[:20]:
            log.error("audit.tampered", wrong=one.wrong, first=one.first, last=one.last)
        rows = ", ".join(sorted({f"{one.first}-{one.last}" for one in found}))[:200]
        name = f"audit:{found[0].wrong}:{found[0].first}:{now:%Y%m%d}"
        alarm = Alarm(kind=AlarmKind.AUDIT, name=name, gaps={"rows": rows})
        await raise_now(self._house, alarm, "rows of the audit are not as they were written")

    async def _witness(self, end: Head, now: datetime) -> None:
        kid, key = await self._house.database.read(newest_key)
        one = Checkpoint(seq=end.seq, hash=end.hash, at=now, kid=kid).sealed(key)
        line = one.as_line()
        await asyncio.to_thread(checkpoints.append, self._path, line)
        self._last = one
        self._house.metrics.audit_checkpointed.set(now.timestamp())
        if self._syslog is not None:
            self._syslog.info("intake-gateway audit %s", line.decode().strip())


def syslog_at(address: str) -> logging.Logger | None:
    """Return a logger that speaks to a syslog at a socket's path or ``host:port``; None for an empty address."""
    if not address:
        return None
    host, _, port = address.rpartition(":")
    where: str | tuple[str, int] = address if address.startswith("/") else (host, int(port))
    facility = logging.handlers.SysLogHandler.LOG_AUTHPRIV
    logger = logging.Logger("gateway.audit", logging.INFO)
    logger.addHandler(logging.handlers.SysLogHandler(address=where, facility=facility))
    return logger
