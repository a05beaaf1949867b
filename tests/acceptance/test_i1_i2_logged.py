"""I1: phone, SMS and walk-ins are logged by an agent into the same inbox. I2: every enquiry is recorded with its fields."""

import csv
import io
from datetime import timedelta
from typing import Any

from tests.acceptance.shop import Agent, Shop


async def logged(agent: Agent, id: str = "call-0001", **more: Any) -> dict[str, Any]:
    """A call about a broken lamp."""
    body = {
        "id": id,
        "channel": "phone",
        "contact": {"name": "王芳", "phone": "138 1234 5678"},
        "text": "我要投诉，灯罩到货就碎了，订单号 DD2026112300",
    }
    found: dict[str, Any] = await agent.post("/logged", body | more)
    return found


async def test_i1_a_phone_call_lives_the_same_life_as_a_message(shop: Shop) -> None:
    agent = await shop.agent()
    ticket = await logged(agent, answer="向您道歉，我来核实")
    assert (ticket["channel"], ticket["status"], ticket["type"]) == ("phone", "in_progress", "complaint")
    assert ticket["agent"]["number"] == "1001"
    number = ticket["number"]
    page = await agent.get(f"/tickets/{number}")
    assert [one["author"] for one in page["messages"]] == ["customer", "agent"]
    kinds = {one["kind"]: one["state"] for one in page["promises"]}
    assert kinds["first_response"] == "kept"
    assert kinds["resolution"] == "running"
    assert (await agent.get(f"/tickets/{number}/complaint"))["fields"]["content"]["value"].startswith(
        "我要投诉"
    )
    again = await logged(agent, answer="向您道歉，我来核实")
    assert again["number"] == number
    assert len(await shop.rows("ticket")) == 1


async def test_i1_the_outcome_of_a_call_is_a_call_to_make_and_making_it_keeps_the_promise(shop: Shop) -> None:
    agent = await shop.agent()
    number = (await logged(agent, text="请问发票怎么还没寄到", answer="我查一下"))["number"]
    version = (await agent.get(f"/tickets/{number}"))["ticket"]["version"]
    await agent.post(f"/tickets/{number}/resolve", {"outcome": "发票已重寄", "version": version})
    page = await agent.get(f"/tickets/{number}")
    assert [one["author"] for one in page["messages"]] == ["customer", "agent"]
    assert [one["state"] for one in page["promises"] if one["kind"] == "follow_up"] == ["running"]
    call = {"id": "call-0002", "direction": "out", "text": "已电话告知发票已重寄"}
    await agent.post(f"/tickets/{number}/calls", call)
    page = await agent.get(f"/tickets/{number}")
    assert [one["state"] for one in page["promises"] if one["kind"] == "follow_up"] == ["kept"]
    assert await shop.rows("outbox") == []


async def test_i1_who_calls_again_is_known_and_reopens_what_was_resolved(shop: Shop) -> None:
    agent = await shop.agent()
    first = await logged(agent, outcome="已解释")
    assert first["status"] == "resolved"
    await shop.later(timedelta(seconds=1))
    call = {"id": "call-0003", "direction": "in", "text": "还是没有收到"}
    reopened = await agent.post(f"/tickets/{first['number']}/calls", call)
    assert (reopened["status"], reopened["reopens"]) == ("in_progress", 1)
    other = await logged(
        agent, "call-0004", text="另一件事", contact={"phone": "+86 138-1234-5678"}, channel="sms"
    )
    assert other["contact"]["number"] == first["contact"]["number"]


async def test_i1_what_nobody_takes_waits_in_the_queue_with_a_first_answer_owed(shop: Shop) -> None:
    agent = await shop.agent()
    ticket = await logged(agent, channel="walk_in", take=False, urgency="urgent", department="logistics")
    assert (ticket["status"], ticket["urgency"], ticket["department"]) == ("open", "urgent", "logistics")
    assert ticket["promise"]["kind"] in ("first_response", "acceptance", "resolution")


async def test_i1_what_cannot_be_is_refused(shop: Shop) -> None:
    agent = await shop.agent()
    body = {"id": "call-0009", "channel": "phone", "contact": {"phone": "13812345678"}, "text": "x"}
    await agent.post("/logged", body | {"channel": "web"}, status=400)
    await agent.post("/logged", body | {"contact": {"phone": "abc"}}, status=400)
    await agent.post("/logged", body | {"contact": {}}, status=400)
    await agent.post("/logged", body | {"contact": {"number": "C20260101999"}}, status=404)
    later = (shop.clock.now() + timedelta(hours=1)).isoformat()
    await agent.post("/logged", body | {"at": later}, status=400)
    await agent.post("/logged", body | {"department": "nobody"}, status=422)
    await logged(agent)
    await agent.post("/logged", body | {"id": "call-0001", "text": "other words"}, status=409)
    assert len(await shop.rows("ticket")) == 1


async def test_i2_every_enquiry_is_recorded_also_what_the_bot_ended(shop: Shop) -> None:
    agent, boss = await shop.agent(), await shop.agent("9001", role="supervisor")
    visitor = await shop.visitor()
    await visitor.ask("怎么退货？")
    number = (await logged(agent, outcome="=已补发"))["number"]
    since = (shop.clock.now() - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    rows = (await boss.get(f"/enquiries?since={since}"))["enquiries"]
    by_bot, call = rows
    assert (by_bot["channel"], by_bot["status"], by_bot["outcome"]) == ("web", "bot", "answered_by_bot")
    assert by_bot["description"] == "怎么退货？"
    assert "七天内" in by_bot["done"]
    assert by_bot["label"]["zh-CN"].startswith("售")
    assert (call["ticket"], call["agent"], call["outcome"]) == (number, "1001", "=已补发")
    assert call["contact"]["name"] == "王芳"
    assert call["address"] == "138****5678"
    assert call["label"]["zh-CN"].startswith("投诉")
    assert all(
        row["contact"]["number"].startswith("C2026") and row["at"] and row["rating"] is None for row in rows
    )
    async with boss.http.get(f"/api/v1/enquiries?since={since}&format=csv") as answer:
        table = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert table[0][:7] == ["客户编号", "客户姓名", "联系方式", "渠道", "咨询时间", "客服工号", "问题类型"]
    assert len(table) == 3
    assert "'=已补发" in table[2]
    async with agent.http.get(f"/api/v1/enquiries?since={since}") as answer:
        assert answer.status == 403
