"""Merging over HTTP on a real database: there and back again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.web.api import models as m
from tests.building import a_policy
from tests.servers.desk import DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def page(seat: Seat, number: str) -> dict[str, Any]:
    body: dict[str, Any] = await (await seat.get(f"/tickets/{number}")).json()
    m.TicketPage.model_validate(body)
    return body


async def merged(seat: Seat, number: str, into: str, status: int = 200) -> dict[str, Any]:
    answer = await seat.post(f"/tickets/{number}/merge", {"into": into, "reason": "同一个问题"})
    assert answer.status == status, await answer.text()
    body: dict[str, Any] = await answer.json()
    return body


async def numbers(seat: Seat, query: str = "") -> list[str]:
    body = await (await seat.get(f"/tickets{query}")).json()
    return [one["number"] for one in body["tickets"]]


async def test_a_merged_ticket_leaves_the_lists_and_comes_back_as_it_was(rig: DeskRig) -> None:
    boss = await rig.seat("supervisor", "9001")
    one = await rig.ticket("灯罩碎了", due=timedelta(hours=1))
    two = await rig.ticket("我的灯罩碎了，请处理")
    before = await page(boss, one)
    gone = await merged(boss, one, two)
    assert (gone["status"], gone["merged_into"]) == ("closed", two)
    assert await numbers(boss) == [two]
    assert await numbers(boss, "?status=closed") == []
    assert {row["state"] for row in (await page(boss, one))["promises"]} == {"renegotiated"}
    whole = await page(boss, two)
    assert [talk["number"] for talk in whole["merged"]] == [one]
    assert whole["merged"][0]["messages"][0]["text"] == "灯罩碎了"
    back = await boss.post(f"/tickets/{one}/unmerge", {"reason": "是两回事"})
    assert back.status == 200, await back.text()
    after = await page(boss, one)
    kept = ("status", "waiting_on", "agent", "merged_into", "promise", "closes_at")
    assert {name: after["ticket"][name] for name in kept} == {name: before["ticket"][name] for name in kept}
    assert [row["state"] for row in after["promises"]] == [row["state"] for row in before["promises"]]
    assert after["conversation"]["state"] == before["conversation"]["state"]
    assert sorted(await numbers(boss)) == sorted([one, two])
    assert (await page(boss, two))["merged"] == []


async def test_a_reply_goes_to_the_thread_the_customer_wrote_on_last(rig: DeskRig) -> None:
    boss = await rig.seat("supervisor", "9001")
    two = await rig.ticket("我的灯罩碎了，请处理")
    one = await rig.ticket("灯罩碎了")  # later, on another thread
    version = (await page(boss, two))["ticket"]["version"]
    await boss.post(f"/tickets/{two}/claim", {"version": version})
    await merged(boss, one, two)
    whole = await page(boss, two)
    assert whole["reply_to"] == one
    body = {"id": "reply-0001", "text": "给您换新的", "seen_seq": whole["last_seq"]}
    answer = await boss.post(f"/tickets/{two}/replies", body)
    assert answer.status == 202, await answer.text()
    assert (await answer.json())["seq"] is not None
    whole = await page(boss, two)
    assert whole["merged"][0]["messages"][-1]["text"] == "给您换新的"
    assert whole["ticket"]["waiting_on"] == "contact"
    again = await boss.post(f"/tickets/{two}/replies", body)
    assert again.status == 202


async def test_what_cannot_become_one_is_refused(rig: DeskRig) -> None:
    boss, agent = await rig.seat("supervisor", "9001"), await rig.seat()
    one, two, three = [await rig.ticket(f"matter {name}") for name in "abc"]
    assert (await merged(boss, one, one, 409))["code"] == "cannot_merge"
    assert (await merged(agent, one, two, 403))["code"] == "not_same_customer"
    await merged(boss, one, "T20990101-0001", 404)
    await boss.post(f"/tickets/{three}/tasks", {"department": "tech", "text": "x"})
    assert (await merged(boss, three, two, 409))["code"] == "cannot_merge"
    await merged(boss, one, two)
    assert (await merged(boss, two, one, 409))["code"] == "cannot_merge"
    assert (await merged(boss, three, one, 409))["code"] == "cannot_merge"
    assert (await boss.post(f"/tickets/{two}/unmerge", {"reason": "x"})).status == 409


async def test_what_says_the_same_is_suggested_until_somebody_says_it_is_not(rig: DeskRig) -> None:
    seat = await rig.seat()
    one = await rig.ticket("灯罩到货就碎了，我要换货，请尽快处理")
    two = await rig.ticket("灯罩到货就碎了，我要换货，请尽快处理！", channel="support")
    await rig.ticket("发票什么时候可以寄到我这里来呢")
    found = (await page(seat, one))["suggestions"]
    assert [(row["number"], row["because"]) for row in found] == [(two, ["words"])]
    assert (await seat.post(f"/tickets/{two}/suggestions/{one}/dismiss", {})).status == 204
    assert (await page(seat, one))["suggestions"] == []
    assert (await seat.post(f"/tickets/{two}/suggestions/T20990101-0001/dismiss", {})).status == 404


async def test_the_customer_is_told_only_where_the_house_wants_it(tmp_path: Path) -> None:
    policy = a_policy()
    policy = replace(policy, life=replace(policy.life, merge_notice=True))
    async with running_desk(tmp_path, policy=policy) as rig:
        boss = await rig.seat("supervisor", "9001")
        one, two = await rig.ticket("灯罩碎了"), await rig.ticket("我的灯罩碎了")
        await merged(boss, one, two)
        told = (await page(boss, two))["merged"][0]["messages"][-1]
        assert told["author"] == "system"
        assert two in told["text"]
