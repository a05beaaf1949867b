"""Drafts checked over HTTP, and the promises that replies make."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.domain.policy import Words
from gateway.store import tables as t
from gateway.web.api import models_drafts as m
from tests.building import a_policy
from tests.servers.desk import DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def checked(seat: Seat, text: str, ticket: str | None = None) -> dict[str, Any]:
    answer = await seat.post("/drafts/check", {"text": text, "ticket": ticket})
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    m.CheckedDraft.model_validate(body)
    return body


async def reply(rig: DeskRig, seat: Seat, number: str, text: str, **more: Any) -> Any:
    seen = (await (await seat.get(f"/tickets/{number}")).json())["last_seq"]
    body = {"id": "reply-0001", "text": text, "seen_seq": seen} | more
    return await seat.post(f"/tickets/{number}/replies", body)


async def promises(rig: DeskRig) -> list[Any]:
    p = t.promise.c
    query = select(p.owner, p.agent_id, p.told, p.text, p.due_at, p.state).where(p.kind == "promised")
    return list(await rig.world.database.read(lambda tx: tx.execute(query).all()))


async def test_a_draft_is_checked_for_promises_and_words(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket("什么时候能退款？")
    body = await checked(seat, "这个我不清楚，明天上午10点前给您答复", number)
    assert body["promises"][0]["text"] == "明天上午10点前给您答复"
    assert [(one["kind"], one["text"]) for one in body["problems"]] == [("banned", "不清楚")]
    assert body["blocks"] is False


async def test_a_draft_for_no_ticket_is_checked_too(rig: DeskRig) -> None:
    seat = await rig.seat()
    assert (await checked(seat, "ok"))["promises"] == []


async def test_a_draft_for_a_ticket_that_is_not_there_is_told_so(rig: DeskRig) -> None:
    seat = await rig.seat()
    answer = await seat.post("/drafts/check", {"text": "x", "ticket": "T20200101-0001"})
    assert answer.status == 404


async def test_a_confirmed_promise_is_owed_with_the_reply_by_the_agent_who_gave_it(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket("什么时候能退款？")
    due = rig.clock.now() + timedelta(hours=20)
    given = [{"text": "明天上午10点前给您答复", "due_at": due.isoformat()}]
    answer = await reply(rig, seat, number, "明天上午10点前给您答复", promises=given)
    assert answer.status == 202, await answer.text()
    (row,) = await promises(rig)
    assert (row.owner, row.told, row.text, row.due_at, row.state) == (
        "agent:1001",
        True,
        "明天上午10点前给您答复",
        due,
        "running",
    )
    again = await reply(rig, seat, number, "明天上午10点前给您答复", promises=given)
    assert again.status == 202
    assert len(await promises(rig)) == 1, "a repeated request promises nothing twice"


async def test_a_promise_for_a_time_that_has_passed_sends_nothing(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket("什么时候能退款？")
    past = (rig.clock.now() - timedelta(minutes=1)).isoformat()
    answer = await reply(rig, seat, number, "今天9点前", promises=[{"text": "今天9点前", "due_at": past}])
    assert (answer.status, (await answer.json())["code"]) == (422, "bad_promise")
    assert await promises(rig) == []


async def test_a_house_that_blocks_banned_words_refuses_the_reply_and_names_a_better_phrase(
    tmp_path: Path,
) -> None:
    words = Words(banned={"zh-CN": {"不知道": "我为您核实"}}, blocks=True)
    async with running_desk(tmp_path, policy=a_policy(words=words)) as rig:
        seat = await rig.seat()
        number = await rig.ticket("什么时候能退款？")
        answer = await reply(rig, seat, number, "我也不知道")
        body = await answer.json()
        assert (answer.status, body["code"], body["field"]) == (422, "banned_words", "text")
        assert "我为您核实" in body["detail"]
        assert (await reply(rig, seat, number, "我为您核实")).status == 202
