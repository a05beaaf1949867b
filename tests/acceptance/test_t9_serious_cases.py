"""T9: a serious case is reported to a supervisor within five minutes and verified by one within thirty."""

from datetime import timedelta
from typing import Any

from gateway.store import tables as t
from tests.acceptance.shop import Shop

MINUTE = timedelta(minutes=1)
OUTAGE = "你们的网站打不开了，系统崩溃，大家都付不了款"


async def of_kind(shop: Shop, kind: str) -> dict[str, Any]:
    (row,) = await shop.rows("promise", t.promise.c.kind == kind)
    return row


async def test_t9_reporting_and_verifying_are_owed_and_only_a_supervisor_verifies(shop: Shop) -> None:
    agent, boss = await shop.agent(), await shop.agent("9001", "supervisor")
    number = await shop.ticket(OUTAGE)
    report, verify = await of_kind(shop, "report"), await of_kind(shop, "verify")
    assert report["due_at"] - report["started_at"] == 5 * MINUTE
    assert verify["due_at"] - verify["started_at"] == 30 * MINUTE
    await agent.claim(number)
    await shop.later(2 * MINUTE)
    path = f"/tickets/{number}/promises/{verify['id']}/keep"
    refused = await agent.post(path, status=403)
    assert "主管" in refused["title"] + refused.get("detail", "")
    await boss.post(path)
    assert (await of_kind(shop, "verify"))["state"] == "kept"


async def test_t9_a_supervisor_who_takes_note_of_the_alarm_has_been_told(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    number = await shop.ticket(OUTAGE)
    (alarm,) = [one for one in (await boss.get("/alarms"))["alarms"] if one["kind"] == "serious"]
    assert alarm["ticket"] == number
    await shop.later(4 * MINUTE)
    await boss.post(f"/alarms/{alarm['id']}/seen")
    report = await of_kind(shop, "report")
    assert (report["state"], report["settled_because"]) == ("kept", "agent 9001 took note of it")


async def test_t9_what_an_agent_finds_to_be_serious_is_reported_from_then_on(shop: Shop) -> None:
    agent, boss = await shop.agent(), await shop.agent("9001", "supervisor")
    number = await shop.ticket("转人工")
    for anomaly, state in (("serious", "running"), ("none", "withdrawn")):
        version = (await agent.get(f"/tickets/{number}"))["ticket"]["version"]
        corrected = {"version": version, "anomaly": anomaly, "reason": "客户电话里说受伤了"}
        await agent.post(f"/tickets/{number}/classification", corrected)
        owed = {kind: (await of_kind(shop, kind))["state"] for kind in ("report", "verify")}
        assert owed == {"report": state, "verify": state}
    assert [one["kind"] for one in (await boss.get("/alarms"))["alarms"]].count("serious") == 1


async def test_t9_an_ordinary_matter_is_reported_to_nobody(shop: Shop) -> None:
    await shop.ticket("转人工")
    assert await shop.rows("promise", t.promise.c.kind.in_(("report", "verify"))) == []
