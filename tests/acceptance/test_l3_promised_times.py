"""L3: a time promised to a customer is kept in a list, comes up before it is due, and counts when it is broken."""

from datetime import timedelta
from typing import Any

from gateway.store import tables as t
from tests.acceptance.shop import Shop

HOUR = timedelta(hours=1)


async def test_l3_a_promise_in_an_agents_reply_is_listed_reminded_of_and_counted(shop: Shop) -> None:
    agent, boss = await shop.agent(), await shop.agent("9001", "supervisor")
    number = await shop.ticket()
    await agent.claim(number)
    due = shop.clock.now() + HOUR / 3
    seen = (await agent.get(f"/tickets/{number}"))["last_seq"]
    given = {"text": "20分钟内给您回电", "due_at": due.isoformat()}
    body = {"id": "reply-0001", "text": "我们会在20分钟内给您回电。", "seen_seq": seen, "promises": [given]}
    await agent.post(f"/tickets/{number}/replies", body)
    (mine,) = [one for one in (await agent.get("/promises"))["promises"] if one["kind"] == "promised"]
    assert (mine["text"], mine["told"], mine["ticket"]) == ("20分钟内给您回电", True, number)
    await shop.later(HOUR / 4)

    async def reminded() -> list[dict[str, Any]]:
        listed = (await agent.get("/promises?state=warned"))["promises"]
        return [one for one in listed if one["kind"] == "promised"]

    (soon,) = await shop.until(reminded)
    assert soon["id"] == mine["id"]
    await shop.later(HOUR / 6)
    await shop.until(
        lambda: shop.rows("promise", t.promise.c.kind == "promised", t.promise.c.fired_at.is_not(None))
    )
    await agent.post(f"/tickets/{number}/promises/{mine['id']}/keep")
    (row,) = await shop.rows("promise", t.promise.c.kind == "promised")
    assert row["state"] == "broken"
    assert "promised" in (await boss.get("/reports/causes"))["late"]
