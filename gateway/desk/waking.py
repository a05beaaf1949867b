"""How the house's own tasks sleep: until something changed, and for so long at the most."""

import asyncio
from datetime import timedelta

from gateway.clock import SystemClock


async def wait_for(
    clock: SystemClock, changed: asyncio.Event, longest: timedelta, *, gather: timedelta = timedelta()
) -> None:
    """Return when ``changed`` is set, or after ``longest``; the event is cleared then.

    News is gathered for a moment (``gather``), so that many changes cost one look.
    """
    tick = asyncio.ensure_future(clock.wait(longest))
    news = asyncio.ensure_future(changed.wait())
    try:
        await asyncio.wait((tick, news), return_when=asyncio.FIRST_COMPLETED)
    finally:
        tick.cancel()
        news.cancel()
    if changed.is_set() and gather:
        await clock.wait(gather)
    changed.clear()
