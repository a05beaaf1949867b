"""Keep adapters running: start, restart with back-off, report each Channel's state."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import structlog

from adapters.contract import Adapter, BadCredentials
from gateway.clock import SystemClock

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


ChannelState = Literal["starting", "up", "down", "bad_credentials"]
FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=5)
AFTER_BAD_CREDENTIALS = timedelta(minutes=5)
STEADY = timedelta(minutes=1)
"""A run that lasted so long was a good one: the back-off begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReport:
    """How a Channel is, for people and for ``/readyz``."""

    name: str
    kind: str
    state: ChannelState = "starting"
    detail: str = ""
    progress_at: datetime | None = None
    """When its loop last came round; None for a channel that has no loop."""


class Keeper:
    """Runs every adapter; one that fails is started again, the others do not notice."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock
        self._reports: dict[str, ChannelReport] = {}

    def reports(self) -> tuple[ChannelReport, ...]:
        """Return the present state of every channel."""
        return tuple(self._reports.values())

    def register(self, name: str, kind: str) -> None:
        """Name a channel before it starts."""
        self._reports[name] = ChannelReport(name=name, kind=kind)

    def progress(self, name: str, detail: str = "") -> None:
        """A channel's loop has come round."""
        self._set(name, "up", detail, progress=True)

    async def keep(self, name: str, adapter: Adapter) -> None:
        """Run ``adapter`` until cancelled; then close it."""
        pause = FIRST
        try:
            while True:
                started = self._clock.monotonic()
                waited = await self._once(name, adapter, pause, started)
                if waited is None:
                    await asyncio.Event().wait()  # served only: it lives until it is closed
                    return
                await self._clock.wait(waited)
                pause = min(waited * 2, LONGEST)
        finally:
            await adapter.close()

    async def _once(self, name: str, adapter: Adapter, pause: timedelta, started: float) -> timedelta | None:
        """One run; the pause before the next, None if there is nothing to keep running."""
        try:
            await adapter.run()
        except BadCredentials as error:
            log.error("channel.bad_credentials", channel=name, error=str(error))
            self._set(name, "bad_credentials", str(error))
            return AFTER_BAD_CREDENTIALS
        except asyncio.CancelledError:
            raise
        except Exception as error:
            lasted = self._clock.monotonic() - started
            pause = FIRST if lasted > STEADY.total_seconds() else pause
            log.warning("channel.down", channel=name, error=repr(error), again_in=pause.total_seconds())
            self._set(name, "down", str(error) or type(error).__name__)
            return pause
        self._set(name, "up", "")
        return None

    def _set(self, name: str, state: ChannelState, detail: str, *, progress: bool = False) -> None:
        report = self._reports[name]
        at = self._clock.now() if progress else report.progress_at
        self._reports[name] = replace(report, state=state, detail=detail, progress_at=at)
