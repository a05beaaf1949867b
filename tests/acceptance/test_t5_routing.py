"""T5: to the responsible department, by skill to a person; complaints and urgent ones to a supervisor at once."""

from pathlib import Path

from tests.acceptance.people import at_work, found
from tests.acceptance.shop import Shop, open_shop

ASSIGN = '[routing]\nmode = "assign"\nskills = {}\n'


async def test_t5_a_ticket_is_offered_to_the_one_whose_department_and_language_fit(shop: Shop) -> None:
    await at_work(shop, "1001", languages=["en"])
    await at_work(shop, "1002", departments=["tech"])
    fit = await at_work(shop, "1003", languages=["zh-CN"], departments=["support", "aftersales"])
    row = await found(shop, await shop.ticket("转人工"), column="suggested_agent_id", kind="suggested")
    assert row["suggested_agent_id"] == fit.row.id
    assert row["event"]["data"]["rule"] == "skill"
    why_not = row["event"]["data"]["why_not"]
    assert (why_not["other language"], why_not["other department"]) == (["1001"], ["1002"])
    assert row["status"] == "open"  # an offer: colleagues may take it, too
    page = await fit.get(f"/tickets/{row['number']}")
    assert any(event["kind"] == "ticket.suggested" for event in page["events"])


async def test_t5_a_complaint_goes_to_a_supervisor_and_an_urgent_one_alarms_them(shop: Shop) -> None:
    await at_work(shop, "1001")
    boss = await at_work(shop, "2001", "supervisor")
    number = await shop.ticket("我要投诉！你们的服务太差了，非常紧急，马上处理")
    row = await found(shop, number, column="supervisor_id", kind="watched")
    assert row["supervisor_id"] == boss.row.id
    row = await found(shop, number, column="suggested_agent_id", kind="suggested")
    assert (row["suggested_agent_id"], row["event"]["data"]["rule"]) == (boss.row.id, "supervisor")
    alarms = (await boss.get("/alarms"))["alarms"]
    if row["urgency"] != "normal":
        assert [one["kind"] for one in alarms if one["ticket"] == number and one["kind"] == "urgent"]


async def test_t5_where_the_house_assigns_the_agent_has_it_at_once(tmp_path: Path) -> None:
    async with open_shop(tmp_path, ASSIGN) as shop:
        one, two = await at_work(shop, "1001"), await at_work(shop, "1002")
        rows = []
        for _ in range(4):
            rows.append(await found(shop, await shop.ticket(), column="agent_id", kind="assigned"))
        assert [row["agent_id"] for row in rows] == [one.row.id, two.row.id, one.row.id, two.row.id]
        assert {row["status"] for row in rows} == {"in_progress"}


async def test_t5_a_department_without_people_loses_no_ticket(shop: Shop) -> None:
    boss = await at_work(shop, "2001", "supervisor", departments=["support"])
    number = await shop.ticket("你们网站打不开了，系统崩溃")  # a matter for the technicians
    row = await found(shop, number, column="suggested_agent_id", kind="suggested")
    assert row["department"] == "support"
    alarms = (await boss.get("/alarms"))["alarms"]
    assert ("unowned", number) in [(one["kind"], one["ticket"]) for one in alarms]
