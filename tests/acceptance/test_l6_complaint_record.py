"""L6: each complaint has a record with all that the handbooks ask for."""

from tests.acceptance.shop import Shop


async def test_l6_a_complaint_is_recorded_from_its_first_word_to_its_closing(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket("我要投诉！灯罩到货就碎了，太差了", visitor)
    await agent.claim(number)
    at = f"/tickets/{number}/complaint"
    record = await agent.get(at)
    assert record["fields"]["content"]["value"] == "我要投诉！灯罩到货就碎了，太差了"
    assert record["fields"]["first_handler"]["value"] == "客服1001 1001"
    written = {"wanted": "全额退款", "order": "DD2026112300", "product": "台灯", "responsible": "logistics"}
    await agent.patch(at, {"version": record["version"]} | written)
    version = (await agent.get(f"/tickets/{number}"))["ticket"]["version"]
    await agent.post(f"/tickets/{number}/resolve", {"outcome": "已全额退款", "version": version})
    await visitor.write("好了谢谢")

    async def closed() -> bool:
        return (await agent.get(at))["closed_at"] is not None

    await shop.until(closed)
    record = await agent.get(at)
    said = {name: one["value"] for name, one in record["fields"].items()}
    assert {name: said[name] for name in written} == written
    assert said["solution"] == "已全额退款"
    assert said["response"] == "好了谢谢"
    assert all(said[name] for name in ("content", "happened_at", "contact"))
    async with agent.http.get(f"/api/v1/tickets/{number}/complaint.html?lang=zh-CN") as answer:
        page = await answer.text()
    assert all(
        word in page for word in ("投诉内容", "全额退款", "DD2026112300", "物流部", "好了谢谢", "关闭时间")
    )
