"""What needs two persons: asked for by one, decided on by another, used once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.desk import approvals
from gateway.desk.approvals import ACTS, NeedsApproval, must_be_grantable
from gateway.desk.rights import MATRIX, Role, Who
from gateway.errors import Forbidden
from gateway.store import tables as t
from gateway.web.api.approvals import ApprovalFace, Approvals
from tests.servers.desk import DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


async def a_customer(rig: DeskRig) -> str:
    number = await rig.ticket()
    whose = select(t.contact.c.number).join(t.ticket, t.ticket.c.contact_id == t.contact.c.id)
    return str(
        await rig.database.read(lambda tx: tx.execute(whose.where(t.ticket.c.number == number)).scalar_one())
    )


async def asked(seat: Seat, customer: str, act: str = "export") -> dict[str, Any]:
    body = {"act": act, "about": f"contact:{customer}", "reason": "他要求提供自己的数据"}
    answer = await seat.post("/approvals", body)
    assert answer.status == 201, await answer.text()
    found: dict[str, Any] = await answer.json()
    ApprovalFace.model_validate(found)
    return found


async def test_what_a_supervisor_asks_for_an_administrator_approves_and_it_is_used_once(rig: DeskRig) -> None:
    boss, admin = await rig.seat("supervisor", "2001"), await rig.seat("admin", "3001")
    customer = await a_customer(rig)
    request = await asked(boss, customer)
    assert (request["state"], request["asked_by"], request["may_decide"]) == ("asked", "2001", False)
    assert (await asked(boss, customer))["id"] == request["id"]
    listed = Approvals.model_validate(await (await admin.get("/approvals")).json())
    assert [(one.id, one.may_decide) for one in listed.approvals] == [(request["id"], True)]
    done = await admin.post(f"/approvals/{request['id']}/approve", {})
    assert (done.status, (await done.json())["decided_by"]) == (200, "3001")
    assert (await admin.post(f"/approvals/{request['id']}/refuse", {})).status == 409
    now, about = rig.clock.now(), f"contact:{customer}"
    used = await rig.database.write(lambda tx: approvals.use(tx, act="export", about=about, now=now))
    assert (used.state, used.asked_number, used.decided_number) == ("used", "2001", "3001")
    with pytest.raises(NeedsApproval):
        await rig.database.write(lambda tx: approvals.use(tx, act="export", about=about, now=now))
    acts = select(t.audit.c.act, t.audit.c.actor, t.audit.c.about).where(t.audit.c.act.like("export.%"))
    rows = [tuple(row) for row in await rig.database.read(lambda tx: tx.execute(acts).all())]
    assert rows == [("export.ask", "agent:2001", about), ("export.approve", "agent:3001", about)]


async def test_nobody_decides_on_what_they_asked_for_not_even_with_both_roles(rig: DeskRig) -> None:
    both = await rig.seat("supervisor", "2001")
    roles = ["admin", "supervisor"]
    change = t.agent.update().where(t.agent.c.number == "2001").values(role="admin", roles=roles)
    await rig.database.write(lambda tx: tx.execute(change))
    request = await asked(both, await a_customer(rig), "erasure")
    answer = await both.post(f"/approvals/{request['id']}/approve", {})
    assert (answer.status, (await answer.json())["code"]) == (403, "own_request")


async def test_who_asked_reads_why_it_was_refused_and_personal_data_in_it_are_covered(rig: DeskRig) -> None:
    boss, admin = await rig.seat("supervisor", "2001"), await rig.seat("admin", "3001")
    request = await asked(boss, await a_customer(rig))
    why = {"reason": "不是本人提出的，请回电 13812345678 核实"}
    answer = await admin.post(f"/approvals/{request['id']}/refuse", why)
    assert (answer.status, (await answer.json())["state"]) == (200, "refused")
    (seen,) = Approvals.model_validate(await (await boss.get("/approvals")).json()).approvals
    assert seen.answer is not None
    assert seen.answer.startswith("不是本人提出的")
    assert "13812345678" not in seen.answer
    long = {"reason": "x" * 501}
    assert (await admin.post(f"/approvals/{request['id']}/refuse", long)).status == 422


async def test_an_approval_ends_after_a_day_as_a_request_does(rig: DeskRig) -> None:
    boss, admin = await rig.seat("supervisor", "2001"), await rig.seat("admin", "3001")
    customer = await a_customer(rig)
    request, old = await asked(boss, customer), await asked(boss, customer, "erasure")
    assert (await admin.post(f"/approvals/{request['id']}/approve", {})).status == 200
    later = rig.clock.now() + timedelta(days=1)
    with pytest.raises(NeedsApproval):
        await rig.database.write(
            lambda tx: approvals.use(tx, act="export", about=f"contact:{customer}", now=later)
        )
    who = Who(role=Role.ADMIN, name="x", number="3001", agent_id=admin.agent.id)
    with pytest.raises(approvals.Decided):
        await rig.database.write(lambda tx: approvals.decide(tx, who, old["id"], is_approved=True, now=later))


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        ("agent", {"act": "export", "about": "contact:{customer}", "reason": "x"}, 403),
        ("admin", {"act": "export", "about": "contact:{customer}", "reason": "x"}, 403),
        ("editor", {"act": "export", "about": "contact:{customer}", "reason": "x"}, 403),
        ("supervisor", {"act": "export", "about": "contact:C0", "reason": "x"}, 404),
        ("supervisor", {"act": "export", "about": "ticket:T0", "reason": "x"}, 400),
        ("supervisor", {"act": "export", "about": "contact:{customer}", "reason": " "}, 400),
        ("supervisor", {"act": "rule the world", "about": "contact:{customer}", "reason": "x"}, 400),
        ("supervisor", {"act": "verification.override", "about": "ticket:T0", "reason": "x"}, 404),
    ],
)
async def test_who_may_not_ask_for_it_is_refused(
    rig: DeskRig, role: str, body: dict[str, str], status: int
) -> None:
    seat, customer = await rig.seat(role), await a_customer(rig)
    given = {name: value.replace("{customer}", customer) for name, value in body.items()}
    assert (await seat.post("/approvals", given)).status == status


async def test_who_neither_asked_nor_decides_does_not_find_a_request(rig: DeskRig) -> None:
    boss, agent = await rig.seat("supervisor", "2001"), await rig.seat("agent", "1001")
    request = await asked(boss, await a_customer(rig))
    assert (await agent.post(f"/approvals/{request['id']}/approve", {})).status == 404
    assert (await agent.post("/approvals/999/approve", {})).status == 404
    assert (await (await agent.get("/approvals")).json())["approvals"] == []


def test_every_act_of_two_is_asked_for_and_decided_on_by_somebody() -> None:
    for act in ACTS.values():
        assert any(act.ask in rights for rights in MATRIX.values())
        assert any(act.approve in rights for rights in MATRIX.values())


def test_nobody_gives_themselves_or_a_program_what_they_lack() -> None:
    admin = Who(role=Role.ADMIN, name="x", number="3001", agent_id=1)
    must_be_grantable(admin, frozenset({Role.AGENT}), to=2)
    must_be_grantable(admin, frozenset({Role.ADMIN}), to=None)
    for role, to in ((Role.SUPERVISOR, 1), (Role.AGENT, None), (Role.EDITOR, None)):
        with pytest.raises(Forbidden) as refused:
            must_be_grantable(admin, frozenset({role}), to=to)
        assert refused.value.kind == "not_grantable"
