"""I4: a person who takes over greets within thirty seconds with their number, and first answers within a minute."""

from datetime import timedelta
from typing import Any

from gateway.store import tables as t
from tests.acceptance.shop import Shop

SECOND = timedelta(seconds=1)


async def of_kind(shop: Shop, kind: str) -> dict[str, Any]:
    return (await shop.rows("promise", t.promise.c.kind == kind))[-1]


async def test_i4_taking_over_greets_at_once_and_the_first_answer_is_late_after_a_minute(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    await agent.claim(number)
    greeting = (await visitor.messages())[-1]["text"]  # no time of the house has passed
    assert "工号 1001" in greeting
    first = await of_kind(shop, "first_response")
    assert first["due_at"] - first["started_at"] == timedelta(minutes=1)
    await shop.later(59 * SECOND)
    assert (await of_kind(shop, "first_response"))["fired_at"] is None
    await shop.later(2 * SECOND)
    await shop.until(lambda: shop.rows("promise", t.promise.c.fired_at.is_not(None)))
    await agent.reply(number, "您的包裹明天送达。")
    assert (await of_kind(shop, "first_response"))["state"] == "broken"


async def test_i4_a_colleague_who_is_handed_a_chat_owes_a_greeting_within_thirty_seconds(shop: Shop) -> None:
    agent, colleague = await shop.agent(), await shop.agent("1002")
    number = await shop.ticket()
    await agent.claim(number)
    await agent.post(f"/tickets/{number}/transfer", {"agent": "1002", "reason": "懂这个产品"})
    greeting = await of_kind(shop, "agent_greeting")
    assert (greeting["owner"], greeting["due_at"] - greeting["started_at"]) == ("agent:1002", 30 * SECOND)
    await shop.later(20 * SECOND)
    await colleague.reply(number, "您好，我是1002，由我为您处理。")
    assert (await of_kind(shop, "agent_greeting"))["state"] == "kept"
