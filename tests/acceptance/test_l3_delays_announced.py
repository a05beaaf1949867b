"""L3: delays are announced before they happen, with an apology and a new time."""

from datetime import datetime, timedelta

from tests.acceptance.people import at_work
from tests.acceptance.shop import Agent, Shop, Visitor

SECOND = timedelta(seconds=1)


async def waiting(shop: Shop) -> tuple[Visitor, str, Agent]:
    """A customer in the queue, told that somebody answers within a minute; an agent who has not come yet."""
    agent = await at_work(shop)
    await shop.later(6 * SECOND)
    visitor = await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    return visitor, number, agent


async def notices(visitor: Visitor) -> list[str]:
    said = [one["text"] for one in await visitor.messages() if one["author"] == "system"]
    return [text for text in said if "非常抱歉" in text]


async def test_l3_a_delay_is_announced_once_before_the_time_passes_and_the_new_time_is_owed(
    shop: Shop,
) -> None:
    visitor, number, _ = await waiting(shop)
    await shop.later(44 * SECOND)
    assert await notices(visitor) == []
    await shop.later(5 * SECOND)
    (said,) = await notices(visitor)
    assert number in said
    rows = [row for row in await shop.rows("promise") if row["told"]]
    assert [row["kind"] for row in rows] == ["first_response", "told"]
    assert rows[0]["notified_at"] < rows[0]["due_at"] < rows[1]["due_at"]
    assert rows[1]["instead_of"] == rows[0]["id"]
    await shop.later(30 * SECOND)
    assert len(await notices(visitor)) == 1, "the rules' own time passes; nothing more is said"


async def test_l3_a_promise_is_put_off_twice_and_no_more(shop: Shop) -> None:
    visitor, _, _ = await waiting(shop)
    for _ in range(120):
        await shop.later(15 * SECOND)
    told = await notices(visitor)
    assert len(told) == 2
    (conversation,) = await shop.rows("conversation")
    assert conversation["told_by"] == "delay"
    at: datetime = conversation["told_at"]
    assert at < shop.clock.now(), "it passed, and is late in the list"


async def test_l3_an_answer_in_time_leaves_nothing_to_announce(shop: Shop) -> None:
    visitor, number, agent = await waiting(shop)
    await shop.later(40 * SECOND)
    await agent.claim(number)
    await agent.reply(number, "您好，我来为您处理。")
    await shop.later(60 * SECOND)
    assert await notices(visitor) == []
