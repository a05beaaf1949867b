"""I8: nobody is asked twice for what they already gave."""

from tests.acceptance.shop import Shop


async def test_i8_what_a_customer_named_before_the_ticket_and_after_it_lies_on_it(shop: Shop) -> None:
    agent = await shop.agent()
    visitor = await shop.visitor()
    await visitor.ask("怎么退货？订单号202611280077，手机13800001234")
    number = await shop.ticket("转人工", visitor)
    await agent.claim(number)
    await visitor.write("运单号 SF1234567890123，订单号202611280077")
    named: list[dict[str, str]] = []

    async def found() -> bool:
        named[:] = (await agent.get(f"/tickets/{number}"))["entities"]
        return len(named) == 3

    assert await shop.until(found)
    assert named == [
        {"kind": "order", "value": "202611280077"},
        {"kind": "phone", "value": "138****1234"},
        {"kind": "tracking", "value": "SF1234567890123"},
    ]
