"""L1: a unique number, four states, who is responsible, promised time and actual time, remarks."""

from datetime import timedelta
from typing import Any

from tests.acceptance.shop import Agent, Shop

MINUTE = timedelta(minutes=1)


async def face(agent: Agent, number: str) -> dict[str, Any]:
    found: dict[str, Any] = (await agent.get(f"/tickets/{number}"))["ticket"]
    return found


async def test_l1_a_ticket_shows_its_whole_life(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number, other = await shop.ticket("转人工", visitor), await shop.ticket("转人工")
    assert (number, other) == ("T20261123-0001", "T20261123-0002")
    seen = await face(agent, number)
    assert (seen["status"], seen["agent"]) == ("open", None)
    assert seen["promise"]["kind"] == "first_response"
    assert seen["promise"]["due_at"] > seen["opened_at"]
    await shop.later(timedelta(seconds=20))
    await agent.claim(number)
    await agent.reply(number, "您好，我来处理")
    await agent.post(f"/tickets/{number}/notes", {"text": "客户要求换货"})
    seen = await face(agent, number)
    assert (seen["status"], seen["agent"]["number"], seen["first_agent"]["number"]) == (
        "in_progress",
        "1001",
        "1001",
    )
    assert seen["answered_at"] > seen["opened_at"]
    await shop.later(MINUTE)
    body = {"outcome": "已换货", "version": seen["version"]}
    await agent.post(f"/tickets/{number}/resolve", body)
    seen = await face(agent, number)
    assert seen["status"] == "resolved"
    assert seen["resolved_at"] > seen["answered_at"]
    await shop.later(MINUTE)
    await visitor.write("好了谢谢")

    async def closed() -> bool:
        return bool((await face(agent, number))["status"] == "closed")

    await shop.until(closed)
    page = await agent.get(f"/tickets/{number}")
    assert page["ticket"]["closed_at"] > page["ticket"]["resolved_at"]
    assert [one["text"] for one in page["notes"]] == ["客户要求换货"]
    assert {one["kind"]: one["state"] for one in page["promises"]}["first_response"] == "kept"


async def test_l1_a_mere_question_mark_is_asked_what_it_means_and_makes_no_ticket(shop: Shop) -> None:
    visitor = await shop.visitor()
    said = await visitor.ask("？")
    assert "再具体说明" in said
    assert await shop.rows("ticket") == []
