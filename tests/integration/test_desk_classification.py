"""Correcting what triage said, over HTTP on a real database; the report; and training from it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.commands.triage_train import house_cases
from gateway.domain.conversation import State
from gateway.pipeline.classify import classification
from gateway.pipeline.plan import MoveConversation, OpenTicket, Plan, StartConversation
from gateway.store import tables as t
from gateway.store.triaging import corrected_cases
from gateway.web.api import models_triage as m
from tests.building import a_turn
from tests.servers.desk import DeskRig, Seat, running_desk

ANGRY = "我要投诉，客服态度太差了"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def ticket(rig: DeskRig, text: str) -> str:
    """A ticket as a turn would open it: with what triage says of the text."""
    about = classification(a_turn(text))
    plan = Plan(lang="zh-CN").then(
        StartConversation(lang="zh-CN", because="first"),
        MoveConversation(to=State.QUEUED, because="upset"),
        OpenTicket(classification=about, subject=text, summary=text, lang="zh-CN", because="upset"),
    )
    committed = await rig.writes(text, thread=f"visitor of {text}", plan=plan)
    assert committed.ticket is not None
    return committed.ticket


async def read(seat: Seat, number: str) -> dict[str, Any]:
    answer = await seat.get(f"/tickets/{number}/classification")
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    m.Classification.model_validate(body)
    return body


async def correct(seat: Seat, number: str, *, status: int = 200, **changes: object) -> dict[str, Any]:
    version = (await read(seat, number))["version"]
    body = {"version": version, "reason": "看错了"} | changes
    answer = await seat.client.post(
        f"/api/v1/tickets/{number}/classification", json=body, headers={"X-CSRF-Token": seat.csrf}
    )
    assert answer.status == status, await answer.text()
    found: dict[str, Any] = await answer.json()
    return found


async def test_what_triage_said_stays_beside_what_people_say(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await ticket(rig, ANGRY)
    after = await correct(
        seat, number, type="aftersale", anomaly="none", needs_identity=True, subtype="refund"
    )
    assert after["said"]["type"] == "complaint"
    assert after["holds"]["type"] == "aftersale"
    assert after["holds"]["needs_identity"] is True
    assert [one["reason"] for one in after["corrections"]] == ["看错了"] * len(after["corrections"])
    assert {one["field"] for one in after["corrections"]} >= {"type", "anomaly", "subtype"}


async def test_the_trace_of_a_correction_holds_values_and_no_words(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await ticket(rig, ANGRY)
    await correct(seat, number, type="suggestion", reason="王芳说的是建议 13800138000")
    rows = await rig.database.read(lambda tx: tx.execute(select(t.event.c.data, t.event.c.because)).all())
    told = json.dumps([[row.data, row.because] for row in rows], ensure_ascii=False)
    assert "suggestion" in told
    assert "13800138000" not in told


async def test_saying_what_is_so_already_corrects_nothing(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await ticket(rig, ANGRY)
    assert (await correct(seat, number, type="complaint"))["corrections"] == []


async def test_an_agent_raises_the_urgency_and_a_supervisor_lowers_it(rig: DeskRig) -> None:
    agent, supervisor, number = (
        await rig.seat(),
        await rig.seat("supervisor", "2001"),
        await ticket(rig, ANGRY),
    )
    assert (await correct(agent, number, urgency="critical"))["holds"]["urgency"] == "critical"
    await correct(agent, number, urgency="normal", status=403)
    assert (await correct(supervisor, number, urgency="normal"))["holds"]["urgency"] == "normal"


@pytest.mark.parametrize(
    ("wrong", "status"), [({"department": "moon"}, 400), ({"type": "none"}, 422), ({"reason": ""}, 422)]
)
async def test_what_does_not_exist_is_refused(rig: DeskRig, wrong: dict[str, Any], status: int) -> None:
    seat, number = await rig.seat(), await ticket(rig, ANGRY)
    await correct(seat, number, status=status, **wrong)
    assert (await read(seat, number))["corrections"] == []


async def test_who_looked_at_an_older_version_is_told(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await ticket(rig, ANGRY)
    version = (await read(seat, number))["version"]
    await correct(seat, number, type="suggestion")
    await correct(seat, number, status=409, version=version, type="change")


async def test_the_report_counts_tickets_that_people_saw(rig: DeskRig) -> None:
    seat, supervisor = await rig.seat(), await rig.seat("supervisor", "2001")
    number = await ticket(rig, ANGRY)
    await ticket(rig, "再不退款我就打12315")
    await correct(seat, number, type="suggestion", anomaly="none")
    answer = await supervisor.get("/reports/triage")
    assert answer.status == 200, await answer.text()
    body = await answer.json()
    m.TriageReport.model_validate(body)
    assert (body["seen"], body["corrected"]) == (1, 1)
    assert body["tickets"] == 2
    fields = {one["field"]: one for one in body["fields"]}
    assert fields["type"]["accuracy"] == 0
    assert fields["type"]["confused"] == [{"said": "complaint", "holds": "suggestion", "count": 1}]
    assert fields["needs_identity"]["accuracy"] == 1


async def test_a_corrected_ticket_is_a_case_to_learn_from(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await ticket(rig, ANGRY)
    await ticket(rig, "没人更正的工单，我要投诉")
    await correct(seat, number, type="suggestion", anomaly="none", urgency="critical", department="support")
    found = await rig.database.read(lambda tx: corrected_cases(tx, None))
    (case,) = house_cases(found, {"web": "web_chat"})
    assert case.source == number
    assert case.message.text == ANGRY
    assert case.labels["type"] == ("suggestion",)
