"""People's attributes and VIPs over HTTP, and from the command line."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.store import tables as t
from gateway.web.api import models_people as m
from tests.servers.desk import DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def patched(seat: Seat, number: str, body: dict[str, Any], status: int = 200) -> Any:
    answer = await seat.client.patch(
        f"/api/v1/people/{number}", json=body, headers={"X-CSRF-Token": seat.csrf}
    )
    assert answer.status == status, await answer.text()
    return await answer.json()


async def put(seat: Seat, path: str, body: dict[str, Any], status: int = 200) -> Any:
    answer = await seat.client.put(f"/api/v1{path}", json=body, headers={"X-CSRF-Token": seat.csrf})
    assert answer.status == status, await answer.text()
    return await answer.json()


async def test_a_supervisor_says_what_an_agent_can_do_and_everybody_sees_it(rig: DeskRig) -> None:
    agent, boss = await rig.seat(), await rig.seat("supervisor", "2001")
    week = [["09:00-12:00", "13:00-18:00"], *([["09:00-18:00"]] * 4), [], []]
    body = {"skills": ["refund", " refund ", "invoice"], "languages": ["zh-CN", "en"], "hours": week}
    face = await patched(
        boss, "1001", body | {"capacity": {"chat": 3}, "departments": ["support"], "line": 2}
    )
    m.PersonFace.model_validate(face)
    assert face["skills"] == ["invoice", "refund"]
    assert face["capacity"] == {"chat": 3, "social": 20, "mail": 20}
    assert (face["hours"], face["line"], face["at_work"], face["load"]) == (week, 2, True, 0)
    seen = await (await agent.get("/people/1001")).json()
    assert seen == face
    back = await patched(boss, "1001", {"hours": None, "capacity": {}, "departments": []})
    assert (back["hours"], back["capacity"]["chat"], back["departments"]) == (None, 5, [])
    assert back["skills"] == ["invoice", "refund"]


async def test_what_limits_somebody_and_departments_without_people_are_shown(rig: DeskRig) -> None:
    boss = await rig.seat("supervisor", "2001")
    await patched(boss, "2001", {"departments": ["support"], "capacity": {"chat": 0, "social": 0, "mail": 0}})
    body = await (await boss.get("/people")).json()
    m.People.model_validate(body)
    assert body["people"][0]["notes"] == ["no_skills", "no_capacity"]
    assert "support" not in body["departments_without_people"]
    assert "tech" in body["departments_without_people"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"departments": ["nowhere"]}, "departments"),
        ({"supervises": ["nowhere"]}, "supervises"),
        ({"capacity": {"pigeon": 1}}, "capacity"),
        ({"capacity": {"chat": -1}}, "capacity.chat"),
        ({"hours": [["09:00-18:00"]]}, "hours"),
        ({"hours": [["9 to 5"], [], [], [], [], [], []]}, "hours.0"),
        ({"line": 3}, "line"),
        ({"languages": ["Klingon!"]}, "languages.0"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(rig: DeskRig, body: dict[str, Any], field: str) -> None:
    boss = await rig.seat("supervisor", "2001")
    answer = await boss.client.patch("/api/v1/people/2001", json=body, headers={"X-CSRF-Token": boss.csrf})
    assert answer.status in (400, 422)
    problem = await answer.json()
    assert field in [problem.get("field"), *(one["field"] for one in problem.get("problems", []))]


async def test_agents_see_but_do_not_change_and_nobody_changes_a_stranger(rig: DeskRig) -> None:
    agent, boss = await rig.seat(), await rig.seat("supervisor", "2001")
    await patched(agent, "1001", {"skills": ["refund"]}, 403)
    assert (await patched(boss, "9999", {"skills": ["refund"]}, 404))["code"] == "no_agent"
    assert (await agent.get("/people/9999")).status == 404


async def test_a_vip_has_an_agent_of_their_own_and_moves_up_at_once(rig: DeskRig) -> None:
    agent, boss = await rig.seat(), await rig.seat("supervisor", "2001")
    number = await rig.ticket("我要退款")
    contact = (await (await agent.get(f"/tickets/{number}")).json())["ticket"]["contact"]["number"]
    path = f"/contacts/{contact}/vip"
    assert await (await agent.get(path)).json() == {"contact": contact, "vip": False, "agent": None}
    face = await put(boss, path, {"vip": True, "agent": "1001"})
    assert face == {"contact": contact, "vip": True, "agent": "1001"}
    ranks = await rig.database.read(lambda tx: list(tx.execute(t.conversation.select())))
    assert [row.queue_rank for row in ranks] == [1]
    await put(boss, path, {"vip": True, "agent": "9999"}, 404)
    await put(boss, "/contacts/C0/vip", {"vip": True}, 404)
    await put(agent, path, {"vip": True}, 403)


async def test_somebody_away_says_when_they_mean_to_be_back(rig: DeskRig) -> None:
    agent = await rig.seat()
    back = "2026-11-23T03:00:00Z"
    await put(agent, "/me/state", {"state": "away", "back_at": back})
    assert (await (await agent.get("/people/1001")).json())["back_at"] == back
    await put(agent, "/me/state", {"state": "online"})
    assert (await (await agent.get("/people/1001")).json())["back_at"] is None
