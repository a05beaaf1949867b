"""Handing out and erasing a customer take two people; everybody reads as much of the audit as is theirs."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.store import tables as t
from tests.servers.desk import DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as opened:
        yield opened


async def customer(rig: DeskRig, text: str = "我要退款，手机 13812345678") -> tuple[str, str]:
    """Let somebody write; return their number and the ticket's."""
    ticket = await rig.ticket(text)
    number = await rig.database.read(
        lambda tx: tx.execute(
            select(t.contact.c.number)
            .join(t.ticket, t.ticket.c.contact_id == t.contact.c.id)
            .where(t.ticket.c.number == ticket)
        ).scalar_one()
    )
    return number, ticket


async def approved(lead: Seat, admin: Seat, act: str, number: str) -> int:
    body = {"act": act, "about": f"contact:{number}", "reason": "the customer asked"}
    answer = await lead.post("/approvals", body)
    assert answer.status == 201, await answer.text()
    request: int = (await answer.json())["id"]
    assert (await admin.post(f"/approvals/{request}/approve", {})).status == 200
    return request


async def acts(seat: Seat, **query: Any) -> list[dict[str, Any]]:
    answer = await seat.get("/audit", params=query)
    assert answer.status == 200, await answer.text()
    found: list[dict[str, Any]] = (await answer.json())["acts"]
    return found


async def test_a_customers_data_are_handed_out_once_for_each_approval_and_without_internal_notes(
    rig: DeskRig,
) -> None:
    lead, admin, agent = (
        await rig.seat("supervisor", "2001"),
        await rig.seat("admin", "3001"),
        await rig.seat(),
    )
    number, ticket = await customer(rig)
    assert (await lead.post(f"/tickets/{ticket}/notes", {"text": "between ourselves"})).status in (200, 201)
    assert (await agent.post(f"/customers/{number}/export", {"approval": 1})).status == 403
    assert (await lead.post(f"/customers/{number}/export", {"approval": 1})).status == 403
    request = await approved(lead, admin, "export", number)
    answer = await lead.post(f"/customers/{number}/export", {"approval": request})
    assert (answer.status, answer.content_type) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as packed:
        told = packed.read("person.json").decode()
    held = json.loads(told)
    assert held["number"] == number
    assert "13812345678" in told
    assert "between ourselves" not in told
    assert [one["number"] for one in held["tickets"]] == [ticket]
    assert (await lead.post(f"/customers/{number}/export", {"approval": request})).status == 403
    auditor = await rig.seat("auditor", "4001")
    (row,) = await acts(auditor, act="person.export")
    assert (row["actor"], row["about"], row["details"]["approved_by"]) == (
        "agent:2001",
        f"contact:{number}",
        "agent:3001",
    )


async def test_a_customer_is_erased_by_two_people_and_gone_from_the_desk(rig: DeskRig) -> None:
    lead, admin = await rig.seat("supervisor", "2001"), await rig.seat("admin", "3001")
    number, ticket = await customer(rig)
    request = await approved(lead, admin, "erasure", number)
    assert (await lead.post(f"/customers/{number}/erasure", {"approval": request + 1})).status == 409
    answer = await lead.post(f"/customers/{number}/erasure", {"approval": request})
    assert answer.status == 200, await answer.text()
    seen = await (await lead.get(f"/tickets/{ticket}")).text()
    assert "13812345678" not in seen
    assert "退款" not in seen
    assert ticket in seen
    said = json.loads(seen)["messages"]
    assert [(one["text"], one["id"][:7]) for one in said] == [("", "erased:")], "the desk says so"
    found = [row["outcome"] for row in await acts(await rig.seat("auditor", "4001"), act="person.erase")]
    assert found == ["done", "begun"]


async def test_of_the_audit_agents_see_their_own_acts_supervisors_their_peoples_and_administrators_none(
    rig: DeskRig,
) -> None:
    lead, admin, agent = (
        await rig.seat("supervisor", "2001"),
        await rig.seat("admin", "3001"),
        await rig.seat(),
    )
    number, _ = await customer(rig)
    await approved(lead, admin, "export", number)
    assert [row["act"] for row in await acts(agent)] == []
    assert {row["actor"] for row in await acts(lead)} >= {"agent:2001", "agent:3001"}
    assert await acts(agent, actor="agent:2001") == []
    assert (await admin.get("/audit")).status == 403
    auditor = await rig.seat("auditor", "4001")
    whole = await acts(auditor)
    page = await (await auditor.get("/audit", params={"limit": 1})).json()
    rest = await (await auditor.get("/audit", params={"limit": 1, "before": page["next"]})).json()
    assert [one["seq"] for one in (*page["acts"], *rest["acts"])] == [one["seq"] for one in whole[:2]]
    (asked,) = await acts(auditor, act="export.ask")
    assert (asked["reason"], asked["reason_erased"]) == ("the customer asked", False)
