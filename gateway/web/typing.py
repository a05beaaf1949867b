"""The customer writes: told to the desk of the agent who has the ticket, of the moment and never stored."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from gateway.errors import GatewayError
from gateway.store import visible
from gateway.store.database import Database
from gateway.web.encode import encode
from gateway.web.live import Hub

PAUSE = timedelta(seconds=3)
"""A desk is told so often at most, however often a client says it."""
MOST = 10_000
"""Threads remembered; with more, the oldest words are forgotten, which costs a look-up each."""

_log = structlog.get_logger(__name__)


class Clock(Protocol):
    """What is needed of the clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Typing:
    """Takes what adapters say and passes it on, if anybody is there to see it."""

    def __init__(self, *, database: Database, clock: Clock, hub: Hub) -> None:
        self._database, self._clock, self._hub = database, clock, hub
        self._told: dict[tuple[str, str], datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def heard(self, channel: str, thread: str) -> None:
        """The customer of a thread is writing; returns at once."""
        key, now = (channel, thread), self._clock.now()
        if not self._hub.is_watched or now - self._told.get(key, now - PAUSE) < PAUSE:
            return
        self._told.pop(key, None)  # so that the order of the dict is the order of time
        self._told[key] = now
        if len(self._told) > MOST:
            del self._told[next(iter(self._told))]
        task = asyncio.get_running_loop().create_task(self._tell(channel, thread))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, channel: str, thread: str) -> None:
        try:
            found = await self._database.read(lambda tx: visible.ticket_at_work(tx, channel, thread))
        except GatewayError as error:
            _log.warning("typing.not_read", error=str(error))
            return
        if found is not None:
            number, agent_id = found
            self._hub.whisper(agent_id, b"event: typing\ndata: %s\n\n" % encode({"number": number}))

    async def close(self) -> None:
        """Drop what is still being looked up."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
