"""Department tasks over HTTP on a real database: what cannot be asked, and what ends with the ticket."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers.desk import DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def version(seat: Seat, number: str) -> int:
    found = (await (await seat.get(f"/tickets/{number}")).json())["ticket"]["version"]
    return int(found)


async def task(seat: Seat, number: str, department: str = "tech") -> dict[str, Any]:
    answer = await seat.post(f"/tickets/{number}/tasks", {"department": department, "text": "请查"})
    assert answer.status == 201, await answer.text()
    found: dict[str, Any] = await answer.json()
    return found


async def test_what_cannot_be_asked_is_refused(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await rig.ticket()
    at = f"/tickets/{number}/tasks"
    assert (await seat.post(at, {"department": "nobody", "text": "x"})).status == 400
    past = (rig.clock.now() - timedelta(hours=1)).isoformat()
    late = await seat.post(at, {"department": "tech", "text": "x", "wanted_by": past})
    assert (await late.json())["field"] == "wanted_by"
    assert (await seat.post(at, {"department": "tech", "text": "  "})).status == 400
    assert (await seat.post("/tasks/77/accept", {})).status == 404
    assert (await seat.post("/tasks/x/accept", {})).status == 404
    assert (await seat.get("/tasks?state=lost")).status == 422


async def test_an_agents_colleague_may_not_ask_in_their_ticket_but_a_department_may_work(
    rig: DeskRig,
) -> None:
    seat, other, number = await rig.seat(), await rig.seat(number="1002"), await rig.ticket()
    await seat.post(f"/tickets/{number}/claim", {"version": await version(seat, number)})
    refused = await other.post(f"/tickets/{number}/tasks", {"department": "tech", "text": "x"})
    assert (await refused.json())["code"] == "not_yours"
    found = await task(seat, number)
    assert (await other.post(f"/tasks/{found['id']}/accept", {})).status == 200
    assert (await other.post(f"/tasks/{found['id']}/withdraw", {"reason": "x"})).status == 403


async def test_one_of_two_answers_leaves_the_ticket_waiting_for_the_other(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await rig.ticket()
    one, two = await task(seat, number), await task(seat, number, "finance")
    await seat.post(f"/tasks/{one['id']}/done", {"answer": "好了"})
    page = await (await seat.get(f"/tickets/{number}")).json()
    assert page["ticket"]["waiting_on"] == "department"
    await seat.post(f"/tasks/{two['id']}/withdraw", {"reason": "不用了"})
    page = await (await seat.get(f"/tickets/{number}")).json()
    assert page["ticket"]["waiting_on"] == "agent"
    assert [one["state"] for one in page["tasks"]] == ["done", "withdrawn"]


async def test_resolving_the_ticket_withdraws_what_is_open(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await rig.ticket()
    await task(seat, number)
    body = {"outcome": "已处理", "version": await version(seat, number)}
    assert (await seat.post(f"/tickets/{number}/resolve", body)).status == 200
    page = await (await seat.get(f"/tickets/{number}")).json()
    assert [one["state"] for one in page["tasks"]] == ["withdrawn"]
    assert "running" not in {
        one["state"] for one in page["promises"] if one["kind"] in ("task", "acceptance")
    }
    assert (await (await seat.get("/tasks")).json())["tasks"] == []
