"""A complaint's record over HTTP on a real database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from sqlalchemy import select, update

from gateway.store import tables as t
from gateway.web.api import models_complaints as m
from tests.building import a_policy
from tests.servers.desk import DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def complaint(rig: DeskRig, text: str = "我要投诉，灯罩碎了") -> str:
    """A ticket that a supervisor would call a complaint."""
    number = await rig.ticket(text)
    changed = update(t.ticket).where(t.ticket.c.number == number).values(type="complaint")
    await rig.database.write(lambda tx: tx.execute(changed) and None)
    return number


async def read(seat: Seat, number: str) -> dict[str, Any]:
    answer = await seat.get(f"/tickets/{number}/complaint")
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    m.Complaint.model_validate(body)
    return body


async def write(seat: Seat, number: str, **body: object) -> ClientResponse:
    return await seat.client.patch(
        f"/api/v1/tickets/{number}/complaint", json=body, headers={"X-CSRF-Token": seat.csrf}
    )


async def test_the_ticket_fills_the_record_in(rig: DeskRig) -> None:
    seat = await rig.seat()
    fields = (await read(seat, await complaint(rig)))["fields"]
    assert fields["content"] == {"value": "我要投诉，灯罩碎了", "by_person": False}
    assert fields["happened_at"]["value"] is not None
    assert fields["order"] == {"value": None, "by_person": False}


async def test_what_an_agent_writes_counts_until_it_is_taken_back(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await complaint(rig)
    answer = await write(seat, number, version=0, wanted="全额退款", content="灯罩到货时已碎")
    assert answer.status == 200, await answer.text()
    body = await read(seat, number)
    assert body["version"] == 1
    assert body["fields"]["wanted"] == {"value": "全额退款", "by_person": True}
    assert (await write(seat, number, version=1, content=None)).status == 200
    assert (await read(seat, number))["fields"]["content"]["value"] == "我要投诉，灯罩碎了"


async def test_two_who_write_at_once_do_not_overwrite_each_other(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await complaint(rig)
    assert (await write(seat, number, version=0, wanted="退款")).status == 200
    second = await write(seat, number, version=0, wanted="换货")
    assert second.status == 409
    assert (await second.json())["code"] == "record_changed"
    assert (await read(seat, number))["fields"]["wanted"]["value"] == "退款"


async def test_the_trace_of_a_change_names_fields_and_no_words(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await complaint(rig)
    await write(seat, number, version=0, contact="13812345678", wanted="退款")
    query = select(t.event).where(t.event.c.kind == "complaint")
    rows = await rig.database.read(lambda tx: tx.execute(query).all())
    assert [(row.actor, row.data) for row in rows] == [
        ("agent:1001", {"what": "edited", "fields": ["contact", "wanted"]})
    ]


async def test_what_cannot_be_is_refused(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await complaint(rig)
    assert (await write(seat, number, version=0, responsible="nobody")).status == 400
    later = (rig.clock.now() + timedelta(days=1)).isoformat()
    assert (await write(seat, number, version=0, happened_at=later)).status == 400
    assert (await write(seat, number, version=0, colour="red")).status == 422
    assert (await seat.get("/tickets/T20261123-9999/complaint")).status == 404
    assert (await seat.get(f"/tickets/{await rig.ticket()}/complaint")).status == 404


async def test_the_form_is_printed_in_both_languages_with_what_is_covered(rig: DeskRig) -> None:
    seat, other, number = await rig.seat(), await rig.seat(number="1002"), await complaint(rig)
    version = (await (await seat.get(f"/tickets/{number}")).json())["ticket"]["version"]
    await seat.post(f"/tickets/{number}/claim", {"version": version})
    await write(seat, number, version=0, contact="王芳 13812345678", responsible="logistics")
    mine = await (await seat.get(f"/tickets/{number}/complaint.html?lang=zh-CN")).text()
    assert "投诉处理记录" in mine
    assert "138****5678" in mine
    assert "物流部" in mine
    theirs = await (await other.get(f"/tickets/{number}/complaint.html?lang=en")).text()
    assert "Complaint record" in theirs
    assert "13812345678" not in mine + theirs
    assert "138****5678" in theirs


async def test_a_house_may_want_the_record_complete_before_it_is_resolved(tmp_path: Path) -> None:
    policy = a_policy()
    policy = replace(policy, life=replace(policy.life, complaint_required=("wanted", "solution")))
    async with running_desk(tmp_path, policy=policy) as rig:
        seat, number = await rig.seat(), await complaint(rig)
        version = (await (await seat.get(f"/tickets/{number}")).json())["ticket"]["version"]
        refused = await seat.post(f"/tickets/{number}/resolve", {"outcome": "已退款", "version": version})
        assert refused.status == 409
        assert (await refused.json())["missing"] == ["wanted"]
        await write(seat, number, version=0, wanted="退款")
        done = await seat.post(f"/tickets/{number}/resolve", {"outcome": "已退款", "version": version})
        assert done.status == 200, await done.text()
        assert (await read(seat, number))["fields"]["solution"]["value"] == "已退款"
