"""T7 (with T5): who comes back meets the agent who knows them; an agent who leaves lets nobody wait."""

from datetime import timedelta
from pathlib import Path

from gateway.store.accounts import disable_agent
from tests.acceptance.people import at_work, be, found
from tests.acceptance.shop import Shop, open_shop

SHORT = '[tickets]\nreopen_within = "1m"\n'


async def test_t7_a_returning_customer_is_led_to_the_agent_who_knows_them(tmp_path: Path) -> None:
    async with open_shop(tmp_path, SHORT) as shop:
        await comes_back(shop)


async def comes_back(shop: Shop) -> None:
    two = (await at_work(shop, "1001"), await at_work(shop, "1002"))[1]
    visitor = await shop.visitor()
    first = await shop.ticket("转人工", visitor)
    await two.claim(first)
    await two.reply(first, "您好，请说。")
    version = (await two.get(f"/tickets/{first}"))["ticket"]["version"]
    await two.post(f"/tickets/{first}/resolve", {"outcome": "已处理", "version": version})
    version = (await two.get(f"/tickets/{first}"))["ticket"]["version"]
    await two.post(f"/tickets/{first}/close", {"version": version})
    await shop.later(timedelta(minutes=2))
    second = await shop.ticket("发票开错了，转人工", visitor)
    assert second != first
    row = await found(shop, second, column="suggested_agent_id", kind="suggested")
    assert (row["suggested_agent_id"], row["event"]["data"]["rule"]) == (two.row.id, "knows")


async def test_t7_an_agent_who_leaves_gives_the_chat_back_to_the_front_and_stays_named(shop: Shop) -> None:
    gone, there = await at_work(shop, "1001"), await at_work(shop, "1002")
    visitor = await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    await gone.claim(number)
    waiting = await shop.ticket()
    await be(gone, "away")
    await shop.later(timedelta(minutes=1))
    assert (await gone.get(f"/tickets/{number}"))["ticket"]["agent"] is not None
    said = len(await visitor.heard())
    await shop.later(timedelta(minutes=2))
    row = await found(shop, number, column="requeued_at", kind="requeued")
    assert (row["agent_id"], row["first_agent_id"], row["status"]) == (None, gone.row.id, "open")
    told = [one["text"] for one in await visitor.heard()][said:]
    assert len(told) == 1
    assert number in told[0]
    ranks = {row["id"]: row["queue_rank"] for row in await shop.rows("conversation")}
    other = next(one for one in await shop.rows("ticket") if one["number"] == waiting)
    assert ranks[row["conversation_id"]] < ranks[other["conversation_id"]]
    await there.claim(number)
    await be(there, "offline")
    await shop.later(timedelta(minutes=5))
    assert len([one for one in await visitor.heard() if "已离开" in one["text"]]) == 1


async def test_t7_whoever_is_shut_out_gives_everything_back(shop: Shop) -> None:
    gone = await at_work(shop, "1001")
    number = await shop.ticket()
    await gone.claim(number)
    await gone.reply(number, "您好！")
    now = shop.clock.now()
    await shop.house.database.write(lambda tx: disable_agent(tx, "a1001", now))
    await shop.later(timedelta(seconds=30))
    row = await found(shop, number, column="requeued_at", kind="requeued")
    assert (row["agent_id"], row["first_agent_id"]) == (None, gone.row.id)
