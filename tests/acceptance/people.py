"""People at work in the acceptance tests: present or not, each with what they can do."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from gateway.desk.assigning import GATHER
from tests.acceptance.shop import Agent, Shop


async def at_work(shop: Shop, number: str = "1001", role: str = "agent", **attributes: Any) -> Agent:
    """Add somebody, say what they can do, and have them come in."""
    agent = await shop.agent(number, role)
    if attributes:
        boss = agent if role in ("supervisor", "admin") else await shop.agent(f"9{number}", "supervisor")
        await boss.patch(f"/people/{number}", attributes)
    await be(agent, "online")
    return agent


async def be(agent: Agent, state: str) -> None:
    """Come in, step out, or go home."""
    headers = {"X-CSRF-Token": agent.csrf}
    async with agent.http.put("/api/v1/me/state", json={"state": state}, headers=headers) as answer:
        assert answer.status == 200, await answer.text()


async def found(shop: Shop, number: str, *, column: str, kind: str) -> dict[str, Any]:
    """Return the ticket's row once ``column`` is set and an event of that kind was written."""

    async def ready() -> dict[str, Any] | None:
        (row,) = [one for one in await shop.rows("ticket") if one["number"] == number]
        events = [one for one in await shop.rows("event") if one["ticket_id"] == row["id"]]
        await shop.clock.advance(GATHER)
        of_kind = [one for one in events if (one["data"] or {}).get("what") == kind]
        return row | {"event": of_kind[-1]} if row[column] is not None and of_kind else None

    got = await shop.until(ready)
    assert got is not None
    return got


async def before_long(shop: Shop, ready: Callable[[], Awaitable[Any]], within: timedelta) -> Any:
    """Return what ``ready`` finds, letting time pass in small steps and no longer than ``within``."""
    end = shop.clock.now() + within
    while not (got := await ready()):
        assert shop.clock.now() <= end, f"not within {within}"
        await shop.later(timedelta(seconds=10))
    return got
