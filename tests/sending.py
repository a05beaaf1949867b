"""A provider that does as the test says, and a dispatcher at work on it in the house's own time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from adapters.contract import Inbound, Outbound, Receipt
from gateway.clock import FakeClock
from gateway.outbox.dispatcher import Dispatcher
from gateway.store import tables as t
from tests.building import BOT, MORNING
from tests.writing import Street

Says = Callable[[Outbound], Exception | None]


class Provider:
    """Takes every message, unless this test says otherwise; remembers all it was asked."""

    def __init__(self, says: Says = lambda outbound: None, *, runs: list[Exception] | None = None) -> None:
        self.says = says
        self.asked: list[Outbound] = []
        self.at: list[timedelta] = []
        self.clock: FakeClock | None = None
        self.runs = runs or []
        self.started: list[float] = []
        self.closed = 0
        self.hold: asyncio.Event | None = None

    async def run(self) -> None:
        """Fail as often as the test has errors, then go on quietly."""
        assert self.clock is not None
        self.started.append(self.clock.elapsed)
        if self.runs:
            raise self.runs.pop(0)
        await asyncio.Event().wait()

    async def send(self, outbound: Outbound) -> Receipt:
        self.asked.append(outbound)
        if self.clock is not None:
            self.at.append(self.clock.now() - MORNING)
        if self.hold is not None:
            await self.hold.wait()
        if error := self.says(outbound):
            raise error
        return Receipt(provider_ids=(f"p-{outbound.key}",))

    async def close(self) -> None:
        self.closed += 1

    async def complete(self, inbound: Inbound) -> Inbound:
        return inbound


def always(error: Exception) -> Says:
    return lambda outbound: error


@asynccontextmanager
async def sending(street: Street, provider: Provider, channel: str = BOT) -> AsyncIterator[Dispatcher]:
    """A dispatcher at work."""
    assert isinstance(street.house.clock, FakeClock)
    provider.clock = street.house.clock
    dispatcher = Dispatcher(street.house, channel, provider)
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(
    clock: object,
    holds: Callable[[], Awaitable[bool]],
    *,
    step: timedelta = timedelta(seconds=1),
    steps: int = 200,
) -> None:
    """Let the house's time pass in steps until something holds; the disk gets its own between them."""
    assert isinstance(clock, FakeClock)
    for _ in range(steps):
        for _ in range(8):
            if await holds():
                return
            await asyncio.sleep(0.002)
        await clock.advance(step)
    raise AssertionError("it did not come to hold")


async def ends(street: Street, state: str, **how: Any) -> dict[str, Any]:
    """Wait for the only outbox row to reach a state; return it."""

    async def holds() -> bool:
        return {row["state"] for row in await street.rows(t.outbox)} == {state}

    await until(street.house.clock, holds, **how)
    return dict((await street.rows(t.outbox))[0])
