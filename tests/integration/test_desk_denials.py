"""What is refused is counted and kept in the audit, and nobody can fill the audit with it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.store import tables as t
from gateway.web.denials import MOST
from tests.servers.desk import DeskRig, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


async def denied(rig: DeskRig) -> list[Any]:
    a = t.audit.c
    rows = select(a.actor, a.about, a.details).where(a.act == "denied").order_by(a.seq)
    return list(await rig.database.read(lambda tx: tx.execute(rows).all()))


def counted(rig: DeskRig, right: str, why: str) -> float:
    found = rig.world.metrics.registry.get_sample_value("gateway_denied_total", {"right": right, "why": why})
    return found or 0.0


async def of_department(rig: DeskRig, number: str, department: str) -> None:
    change = t.agent.update().where(t.agent.c.number == number).values(departments=[department])
    await rig.database.write(lambda tx: tx.execute(change))


async def test_what_somebody_may_not_do_or_not_see_is_kept_with_what_it_was_about(rig: DeskRig) -> None:
    editor, agent = await rig.seat("editor", "4001"), await rig.seat("agent", "1001")
    await of_department(rig, "1001", "warehouse")
    number = await rig.ticket()
    assert (await editor.get("/tickets")).status == 403
    assert (await agent.get(f"/tickets/{number}")).status == 404
    assert (await agent.get("/tickets/T20261123-9999")).status == 404
    assert [(row.actor, row.about) for row in await denied(rig)] == [
        ("agent:4001", None),
        ("agent:1001", f"ticket:{number}"),
    ]
    assert counted(rig, "tickets.see", "forbidden") == 1
    assert counted(rig, "tickets.see", "unseen") == 1
    assert counted(rig, "tickets.see", "unknown") == 1


async def test_the_same_refusal_again_is_one_row_a_minute_and_the_next_says_how_many_there_were(
    rig: DeskRig,
) -> None:
    editor = await rig.seat("editor", "4001")
    for _ in range(5):
        assert (await editor.get("/tickets")).status == 403
    assert len(await denied(rig)) == 1
    assert counted(rig, "tickets.see", "forbidden") == 5
    await rig.clock.advance(timedelta(minutes=1))
    assert (await editor.get("/tickets")).status == 403
    first, second = await denied(rig)
    assert "left_out" not in first.details
    assert '"left_out":4' in second.details


async def test_somebody_who_is_refused_all_the_time_fills_no_audit(rig: DeskRig) -> None:
    agent = await rig.seat("agent", "1001")
    await of_department(rig, "1001", "warehouse")
    for _ in range(MOST + 5):
        number = await rig.ticket()
        assert (await agent.get(f"/tickets/{number}")).status == 404
    assert len(await denied(rig)) == MOST


async def test_a_programs_refusal_is_kept_without_its_token(rig: DeskRig) -> None:
    token = await rig.token("auditor")
    answer = await rig.client.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 403
    (row,) = await denied(rig)
    assert row.actor == "token"
    assert token not in row.details
