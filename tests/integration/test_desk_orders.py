"""The orders beside a ticket, over HTTP on a real database and the sample's own file of orders."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.outgoing import Outgoing
from gateway.clock import FakeClock
from gateway.desk import orders as desk_orders
from gateway.directory.opening import open_directory
from gateway.domain.conversation import State
from gateway.domain.entities import Entity
from gateway.domain.identity import Level, Standing
from gateway.domain.ticket import Classification
from gateway.domain.verification import Method
from gateway.metrics import Metrics
from gateway.pipeline.effects_entities import NoteEntities
from gateway.pipeline.plan import MoveConversation, OpenTicket, Plan, StartConversation
from gateway.settings.directory import CsvFile, DirectoryChoice
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.proofs import Where, grant, identity_of
from gateway.web.api import models_orders as m
from tests.servers.desk import SERVED, DeskRig, Seat, running_desk

SAMPLE = Path(__file__).parents[2] / "gateway" / "sample" / "orders.csv"
MINE, SAME_OWNER, OTHERS, GONE = "CG2026112001", "CG2026112002", "CG2026111903", "CG2026119999"
PERSONAL = ("王小明", "李芳", "19900005678", "19900001234", "样品区第", "wang@example.com")


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    choice = DirectoryChoice(kind="csv", csv=CsvFile(file=SAMPLE))
    directory = open_directory(choice, FakeClock(), Metrics(), Outgoing())
    async with running_desk(tmp_path, directory=directory) as running:
        yield running


async def ticket(rig: DeskRig, *named: str) -> str:
    """A ticket of a customer who names these orders."""
    text = " ".join(named) or "您好"
    entities = tuple(Entity(kind="order", value=one, start=0, end=1) for one in named)
    plan = Plan(lang="zh-CN").then(
        StartConversation(lang="zh-CN", because="first"),
        MoveConversation(to=State.QUEUED, because="asked"),
        OpenTicket(
            classification=Classification(), subject=text, summary=text, lang="zh-CN", because="asked"
        ),
        NoteEntities(entities=entities, because="named"),
    )
    committed = await rig.writes(text, thread=f"visitor {rig.inbound}", plan=plan)
    assert committed.ticket is not None
    return committed.ticket


async def prove(rig: DeskRig, number: str, level: Level, *, order: str = "", customer: str = "") -> None:
    """Let the customer of a ticket prove something."""
    now = rig.clock.now()

    def unit(tx: Tx) -> None:
        k, h = t.ticket.c, t.thread.c
        query = select(k.contact_id, k.conversation_id, h.key, h.id.label("thread"))
        query = query.join(t.conversation, t.conversation.c.id == k.conversation_id)
        row = tx.execute(
            query.join(t.thread, h.id == t.conversation.c.thread_id).where(k.number == number)
        ).one()
        where = Where(
            conversation_id=row.conversation_id, channel=SERVED, thread_key=row.key, contact_id=row.contact_id
        )
        standing = Standing(
            level=level,
            conversation=row.conversation_id,
            identity=identity_of(row.contact_id),
            order=order,
            customer=customer,
            granted_at=now,
            idle_until=now + timedelta(minutes=30),
            ends_at=now + timedelta(hours=1),
        )
        grant(tx, where, standing, Method.PHONE, row.thread)

    await rig.database.write(unit)


async def seen(seat: Seat, number: str, lang: str = "zh-CN") -> list[dict[str, Any]]:
    answer = await seat.get(f"/tickets/{number}/orders", headers={"Accept-Language": lang})
    assert answer.status == 200, await answer.text()
    body = await answer.json()
    m.OrdersSeen.model_validate(body)
    assert body["connected"]
    text = await answer.text()
    assert not any(word in text for word in PERSONAL)
    return list(body["orders"])


def brief(orders: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(one["order"], one["source"], one["state"], one["level"]) for one in orders]


async def test_orders_a_customer_named_are_shown_covered_and_as_named_only(rig: DeskRig) -> None:
    number, seat = await ticket(rig, "cg-2026112001", GONE), await rig.seat()
    orders = await seen(seat, number)
    assert brief(orders) == [(MINE, "named", "found", "L0"), (GONE, "named", "not_found", "L0")]
    fields = {one["name"]: one["value"] for one in orders[0]["fields"]}
    assert (fields["phone"], fields["name"], fields["status"]) == ("199****5678", "王**", "已发货")
    assert orders[0]["status"] == "已发货，运输中"
    assert (await seen(seat, number, "en"))[0]["status"] == "shipped and on its way"


async def test_the_order_that_was_proven_comes_first_and_says_so(rig: DeskRig) -> None:
    number, seat = await ticket(rig, OTHERS, MINE), await rig.seat()
    await prove(rig, number, Level.L1, order=MINE)
    assert brief(await seen(seat, number)) == [
        (MINE, "verified", "found", "L1"),
        (OTHERS, "named", "found", "L0"),
    ]


async def test_above_l1_all_orders_of_that_customer_are_proven_and_no_others(rig: DeskRig) -> None:
    number, seat = await ticket(rig, SAME_OWNER, OTHERS), await rig.seat()
    await prove(rig, number, Level.L2, order=MINE, customer="K1001")
    found = brief(await seen(seat, number))
    assert found == [
        (MINE, "verified", "found", "L2"),
        (SAME_OWNER, "verified", "found", "L2"),
        (OTHERS, "named", "found", "L0"),
    ]


async def test_a_proof_that_has_ended_is_none(rig: DeskRig) -> None:
    number = await ticket(rig, MINE)
    await prove(rig, number, Level.L1, order=MINE)
    await rig.clock.advance(timedelta(minutes=31))
    seat = await rig.seat()
    assert brief(await seen(seat, number)) == [(MINE, "named", "found", "L0")]


async def test_another_order_is_looked_up_once_it_is_in_the_audit(rig: DeskRig) -> None:
    number, seat = await ticket(rig), await rig.seat()
    assert await seen(seat, number) == []
    answer = await seat.post(f"/tickets/{number}/orders", {"order": " cg-2026111903 "})
    assert answer.status == 200
    text = await answer.text()
    assert m.OrderSeen.model_validate_json(text).source == "entered"
    assert not any(word in text for word in PERSONAL)
    rows = await rig.database.read(
        lambda tx: tx.execute(select(t.audit).where(t.audit.c.act == "orders.look_up")).all()
    )
    assert [(row.actor, row.about, row.outcome) for row in rows] == [
        ("agent:1001", f"ticket:{number}", "done")
    ]


async def test_nobody_leafs_through_the_customers(rig: DeskRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_orders, "LOOK_UPS", 3)
    number, seat = await ticket(rig), await rig.seat()
    statuses = [
        (await seat.post(f"/tickets/{number}/orders", {"order": f"CG202611{n:04}"})).status for n in range(5)
    ]
    assert statuses == [200, 200, 200, 429, 429]
    await rig.clock.advance(timedelta(minutes=61))
    seat = await rig.seat(number="1002")
    assert (await seat.post(f"/tickets/{number}/orders", {"order": MINE})).status == 200


async def test_who_may_not_see_the_ticket_sees_no_orders(rig: DeskRig) -> None:
    number, editor, auditor = (
        await ticket(rig, MINE),
        await rig.seat("editor", "2001"),
        await rig.seat("auditor", "2002"),
    )
    for seat in (editor, auditor):
        assert (await seat.get(f"/tickets/{number}/orders")).status == 403
        assert (await seat.post(f"/tickets/{number}/orders", {"order": MINE})).status == 403
    agent = await rig.seat()
    assert (await agent.get("/tickets/T19990101-0001/orders")).status == 404
    assert (await agent.post(f"/tickets/{number}/orders", {"order": MINE, "phone": "1"})).status == 422


async def test_without_customer_records_the_panel_says_so(tmp_path: Path) -> None:
    async with running_desk(tmp_path) as rig:
        number, seat = await ticket(rig, MINE), await rig.seat()
        assert await (await seat.get(f"/tickets/{number}/orders")).json() == {
            "connected": False,
            "orders": [],
        }
        said = await (await seat.post(f"/tickets/{number}/orders", {"order": MINE})).json()
        assert said["state"] == "unavailable"
