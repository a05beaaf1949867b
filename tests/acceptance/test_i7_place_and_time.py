"""I7: who waits is told their place and an honest time, and never a later one without an apology."""

from datetime import timedelta

from tests.acceptance.people import at_work
from tests.acceptance.shop import Shop

SECOND = timedelta(seconds=1)


async def test_i7_behind_others_the_time_is_the_queues_and_a_promise_of_its_own(shop: Shop) -> None:
    await at_work(shop)
    await shop.later(6 * SECOND)
    first, second = await shop.visitor(), await shop.visitor()
    await shop.ticket("转人工", first)
    number = await shop.ticket("转人工", second)
    said = (await second.heard())[0]["text"]
    assert "您前面还有 1 位客户，预计今天 10:11 前" in said
    (ticket,) = [row for row in await shop.rows("ticket") if row["number"] == number]
    (told,) = [row for row in await shop.rows("promise") if row["kind"] == "told"]
    assert (told["ticket_id"], told["told"]) == (ticket["id"], True)


async def test_i7_with_nobody_at_the_desk_no_minute_is_promised(shop: Shop) -> None:
    visitor = await shop.visitor()
    await shop.ticket("转人工", visitor)
    said = (await visitor.heard())[0]["text"]
    assert "人工客服均不在线，最迟明天（11月24日 周二）10:00 前" in said
