"""The spam view and the list of blocked senders, over HTTP on a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.store.senders import blocked_by
from gateway.web.api import models as m
from gateway.web.api import spam_models
from tests.servers.desk import CARRIED, DeskRig, Seat, running_desk


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def a_mail_ticket(rig: DeskRig, sender: str = "mallory@evil.example") -> str:
    return await rig.ticket("便宜手表", channel=CARRIED, thread=sender, due=timedelta(hours=1))


async def act(seat: Seat, number: str, verb: str, **more: Any) -> dict[str, Any]:
    page = await (await seat.get(f"/tickets/{number}")).json()
    answer = await seat.post(f"/tickets/{number}/{verb}", {"version": page["ticket"]["version"]} | more)
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    m.Ticket.model_validate(body)
    return body


async def numbers(seat: Seat, query: str = "") -> list[str]:
    body = await (await seat.get(f"/tickets{query}")).json()
    m.Tickets.model_validate(body)
    return [one["number"] for one in body["tickets"]]


async def test_spam_leaves_every_list_but_the_spam_view_and_nothing_is_owed(rig: DeskRig) -> None:
    seat = await rig.seat()
    number, other = await a_mail_ticket(rig), await rig.ticket("我要退款")
    marked = await act(seat, number, "spam")
    assert (marked["status"], marked["spam"]) == ("closed", "agent 1001 says it is spam")
    assert marked["promise"] is None
    assert await numbers(seat) == [other]
    assert await numbers(seat, "?status=closed") == []
    assert await numbers(seat, "?queue=spam") == [number]
    counts = (await (await seat.get("/tickets")).json())["counts"]
    assert (counts["spam"], counts["all"]) == (1, 1)


async def test_what_was_no_spam_goes_back_to_its_queue_with_an_answer_owed(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await a_mail_ticket(rig)
    await act(seat, number, "spam", block="address")
    await rig.clock.advance(timedelta(minutes=5))
    back = await act(seat, number, "not-spam", unblock=True)
    assert (back["status"], back["spam"], back["waiting_on"]) == ("open", None, "agent")
    assert back["promise"]["kind"] == "first_response"
    assert await numbers(seat, "?queue=spam") == []
    assert await rig.database.read(lambda tx: blocked_by(tx, "mallory@evil.example")) is None


async def test_the_sender_or_the_senders_domain_is_blocked_on_the_way(rig: DeskRig) -> None:
    seat = await rig.seat()
    await act(seat, await a_mail_ticket(rig), "spam", block="domain")
    assert await rig.database.read(lambda tx: blocked_by(tx, "other@mail.evil.example")) == "@evil.example"
    body = await (await seat.get("/blocked-senders")).json()
    spam_models.BlockedSenders.model_validate(body)
    assert [(one["pattern"], one["agent"]["number"]) for one in body["blocked"]] == [
        ("@evil.example", "1001")
    ]


async def test_a_provider_where_everybody_has_a_mailbox_is_never_blocked_whole(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await a_mail_ticket(rig, "mallory@qq.com")
    page = await (await seat.get(f"/tickets/{number}")).json()
    answer = await seat.post(
        f"/tickets/{number}/spam", {"version": page["ticket"]["version"], "block": "domain"}
    )
    assert (answer.status, (await answer.json())["code"]) == (400, "too_wide")
    assert await numbers(seat, "?queue=spam") == []


async def test_a_sender_is_blocked_and_unblocked_by_hand(rig: DeskRig) -> None:
    seat = await rig.seat()
    answer = await seat.post("/blocked-senders", {"sender": " Evil.Example ", "reason": "刷单广告"})
    assert (answer.status, await answer.json()) == (201, {"pattern": "@evil.example"})
    assert (await seat.post("/blocked-senders", {"sender": "nobody"})).status == 400
    assert (await seat.post("/blocked-senders/remove", {"pattern": "@evil.example"})).status == 204
    assert (await seat.post("/blocked-senders/remove", {"pattern": "@evil.example"})).status == 404


async def test_a_colleagues_ticket_is_not_put_away_and_an_auditor_sees_no_senders(rig: DeskRig) -> None:
    mine, other = await rig.seat(), await rig.seat(number="1002")
    number = await a_mail_ticket(rig)
    page = await (await mine.get(f"/tickets/{number}")).json()
    await mine.post(f"/tickets/{number}/claim", {"version": page["ticket"]["version"]})
    page = await (await other.get(f"/tickets/{number}")).json()
    answer = await other.post(f"/tickets/{number}/spam", {"version": page["ticket"]["version"]})
    assert (answer.status, (await answer.json())["code"]) == (403, "not_yours")
    auditor = await rig.seat("auditor", "2001")
    assert (await auditor.get("/blocked-senders")).status == 403


async def test_a_message_is_shown_whole_on_demand_and_only_where_it_belongs(rig: DeskRig) -> None:
    seat = await rig.seat()
    number, other = await a_mail_ticket(rig), await a_mail_ticket(rig, "b@c.example")
    body = await (await seat.get(f"/tickets/{number}/messages/1/body")).json()
    m.Body.model_validate(body)
    assert body == {"text": "便宜手表", "html": None}
    assert (await seat.get(f"/tickets/{other}/messages/7/body")).status == 404
    assert (await seat.get(f"/tickets/{number}/messages/x/body")).status == 404
