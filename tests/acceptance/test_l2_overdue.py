"""L2: what is overdue escalates by itself, supervisors see it, and within an hour the agent states cause and plan."""

from datetime import timedelta
from pathlib import Path

from gateway.store import tables as t
from tests.acceptance.shop import Shop, open_shop


async def test_l2_a_late_ticket_escalates_once_owes_an_explanation_and_counts_its_cause(shop: Shop) -> None:
    agent, boss = await shop.agent(), await shop.agent("9001", "supervisor")
    number = await shop.ticket()
    await agent.claim(number)
    await shop.later(timedelta(minutes=2))
    await shop.until(lambda: shop.rows("promise", t.promise.c.kind == "explanation"))
    owed = await boss.get(f"/tickets/{number}/promises")
    assert owed["escalation"]["level"] == 1
    (why,) = [one for one in owed["promises"] if one["kind"] == "explanation"]
    assert why["owner"] == "agent:1001"
    (late,) = (await boss.get("/promises?state=late"))["promises"]
    assert (late["ticket"], late["cause"], late["cause_owed"]) == (number, None, True)
    assert late["escalated_because"] == "the promise first_response is late"
    (alarm,) = [one for one in (await boss.get("/alarms"))["alarms"] if one["kind"] == "late"]
    assert (alarm["ticket"], "首次人工答复" in alarm["text"]) == (number, True)
    said = {"cause": "staff", "plan": "已加派人手，今天 18:00 前答复客户。"}
    await agent.post(f"/tickets/{number}/explanation", said)
    (late,) = (await boss.get("/promises?state=late"))["promises"]
    assert (late["cause"], late["cause_owed"]) == ("staff", False)
    causes = {one["cause"]: one["count"] for one in (await boss.get("/reports/causes"))["causes"]}
    assert causes["staff"] == 1
    events = await shop.rows("event", t.event.c.kind == "promise", t.event.c.ticket_id.is_not(None))
    assert sum(row["data"]["what"] == "escalated" for row in events) == 1


async def test_l2_what_fell_due_while_the_house_was_down_escalates_once_after_it_is_up(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        number = await shop.ticket()
        down_at = shop.clock.now()
    for hours in (1, 2):  # the second start finds nothing to do
        async with open_shop(tmp_path, at=down_at + timedelta(hours=hours)) as shop:
            await shop.until(lambda: shop.rows("promise", t.promise.c.fired_at.is_not(None)))
            (ticket,) = await shop.rows("ticket")
            assert ticket["number"] == number
            late = [
                row["data"]["what"]
                for row in await shop.rows("event", t.event.c.kind == "promise")
                if row["data"]["promise"] == "first_response" and row["data"]["what"] != "owed"
            ]
            assert late == ["late", "escalated"]
