"""T4: normal matters in a day, urgent in two hours, returns in two days; priority has its first answer in half an hour."""

from datetime import timedelta

from gateway.store import tables as t
from tests.acceptance.shop import Shop

HOUR = timedelta(hours=1)


async def span(shop: Shop, kind: str) -> timedelta:
    row = (await shop.rows("promise", t.promise.c.kind == kind, t.promise.c.state == "running"))[-1]
    found: timedelta = row["due_at"] - row["started_at"]
    return found


async def test_t4_a_normal_matter_is_solved_in_a_day_and_an_urgent_one_in_two_hours(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    number = await shop.ticket("转人工")
    assert await span(shop, "resolution") == 24 * HOUR
    await boss.post(f"/tickets/{number}/urgency", {"urgency": "urgent", "reason": "客户今晚出发"})
    assert await span(shop, "resolution") == 2 * HOUR


async def test_t4_a_supervisors_word_shortens_at_once_and_what_is_late_by_it_is_late(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    number = await shop.ticket("转人工")
    for _ in range(9):  # a session idles away after half an hour
        await shop.later(HOUR / 3)
        await boss.get("/me")
    await boss.post(f"/tickets/{number}/urgency", {"urgency": "critical", "reason": "安全问题"})

    async def is_late() -> bool:
        rows = await shop.rows("promise", t.promise.c.kind == "resolution")
        return rows[0]["fired_at"] is not None

    await shop.until(is_late)
    because = [row["because"] for row in await shop.rows("event", t.event.c.kind == "promise")]
    assert "the urgency is critical now: promises.resolution.critical = 2:00:00" in because


async def test_t4_returns_and_exchanges_have_two_days(shop: Shop) -> None:
    agent = await shop.agent()
    number = await shop.ticket("转人工")
    assert await span(shop, "resolution") == 24 * HOUR
    version = (await agent.get(f"/tickets/{number}"))["ticket"]["version"]
    corrected = {"version": version, "subtype": "return_exchange", "reason": "客户要换货"}
    await agent.post(f"/tickets/{number}/classification", corrected)
    assert await span(shop, "resolution") == 48 * HOUR
