"""I7: who waits for a person is told their place and the expected wait, and again as it changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from tests.acceptance.people import at_work
from tests.acceptance.shop import PATIENCE, Shop, Visitor


@asynccontextmanager
async def watching(shop: Shop, visitor: Visitor) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """The visitor's window is open."""
    async with shop.http.ws_connect("/chat/v1/socket") as socket:
        await socket.send_json({"type": "hello", "token": visitor.token, "since": 0, "lang": "zh-CN"})
        yield socket


async def told_place(shop: Shop, socket: aiohttp.ClientWebSocketResponse, place: int) -> dict[str, Any]:
    """Return the notice of that place, letting a little time pass for it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await shop.clock.advance(timedelta(milliseconds=500))
            try:
                frame = await socket.receive_json(timeout=0.05)
            except TimeoutError:
                continue
            if frame["type"] == "queue" and frame["place"] == place:
                return dict(frame)


async def test_i7_the_place_is_told_with_a_time_and_again_as_it_changes(shop: Shop) -> None:
    agent = await at_work(shop, "1001", capacity={"chat": 9})
    boss = await shop.agent("2001", "supervisor")
    first, second = await shop.ticket(), await shop.ticket()
    visitor = await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    said = (await visitor.heard())[-1]["text"]
    assert "2 位" in said
    async with watching(shop, visitor) as socket:
        third = await told_place(shop, socket, 3)
        expected = datetime.fromisoformat(third["expected_at"])
        assert expected > shop.clock.now()
        await agent.claim(first)
        moved_up = await told_place(shop, socket, 2)
        assert datetime.fromisoformat(moved_up["expected_at"]) <= expected
        # A VIP who comes now is taken before them: the truth is told, too.
        vip = await shop.visitor()
        await vip.ask("怎么退货？")
        contact = (await shop.rows("contact"))[-1]["number"]
        headers = {"X-CSRF-Token": boss.csrf}
        body = {"vip": True}
        async with boss.http.put(f"/api/v1/contacts/{contact}/vip", json=body, headers=headers) as answer:
            assert answer.status == 200
        await shop.ticket("转人工", vip)
        assert "您是下一位" in (await vip.heard())[-1]["text"]
        await told_place(shop, socket, 3)
        await agent.claim(second)
        await told_place(shop, socket, 2)
    assert number
