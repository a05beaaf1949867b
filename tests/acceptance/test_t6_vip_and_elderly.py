"""T6: VIPs are first in the queue and have an agent of their own; elderly and special customers go a shorter way."""

from sqlalchemy import update

from gateway.store import tables as t
from tests.acceptance.people import at_work, found
from tests.acceptance.shop import Shop, Visitor


async def contact_of(shop: Shop, visitor: Visitor) -> str:
    """Let a visitor say something; return the number of the customer they became."""
    before = {row["number"] for row in await shop.rows("contact")}
    await visitor.ask("怎么退货？")
    (number,) = {row["number"] for row in await shop.rows("contact")} - before
    return str(number)


async def test_t6_a_vip_is_first_in_the_queue_and_goes_to_their_own_agent(shop: Shop) -> None:
    boss = await shop.agent("2001", "supervisor")
    own = await at_work(shop, "1001")
    await at_work(shop, "1002")
    for _ in range(3):
        await shop.ticket()
    vip = await shop.visitor()
    contact = await contact_of(shop, vip)
    headers = {"X-CSRF-Token": boss.csrf}
    body = {"vip": True, "agent": "1001"}
    async with boss.http.put(f"/api/v1/contacts/{contact}/vip", json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    number = await shop.ticket("转人工", vip)
    told = (await vip.heard())[-1]["text"]
    assert "您是下一位" in told
    row = await found(shop, number, column="suggested_agent_id", kind="suggested")
    assert (row["suggested_agent_id"], row["event"]["data"]["rule"]) == (own.row.id, "own_agent")
    waiting = [row for row in await shop.rows("conversation") if row["state"] == "queued"]
    first = min(waiting, key=lambda one: (one["queue_rank"], one["queued_at"]))
    assert first["id"] == row["conversation_id"]


async def test_t6_an_elderly_customer_gets_a_person_where_others_get_a_guiding_question(shop: Shop) -> None:
    await at_work(shop)
    other, elderly = await shop.visitor(), await shop.visitor()
    contact = await contact_of(shop, elderly)
    tagged = update(t.contact).where(t.contact.c.number == contact).values(tags=["老年人"])
    await shop.house.database.write(lambda tx: tx.execute(tagged) and None)
    vague = "那个东西它那样了怎么弄"
    await other.ask(vague)
    assert await shop.rows("ticket") == []
    number = await shop.ticket(vague, elderly)
    assert number in (await elderly.heard())[-1]["text"]
    waiting = [row for row in await shop.rows("conversation") if row["state"] == "queued"]
    assert [row["queue_rank"] for row in waiting] == [4]
