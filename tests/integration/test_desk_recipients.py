"""Copies, blind copies and forwards, asked for over HTTP and found in the outbox of a real database."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.store import tables as t
from gateway.web.api import models as m
from tests.servers.desk import CARRIED, DeskRig, Seat, running_desk

CUSTOMER = "li@shop.example"
ID = "reply-0001"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def a_mail_ticket(rig: DeskRig) -> str:
    return await rig.ticket("我要退款", channel=CARRIED, thread=CUSTOMER)


async def page_of(seat: Seat, number: str) -> dict[str, Any]:
    page: dict[str, Any] = await (await seat.get(f"/tickets/{number}")).json()
    m.TicketPage.model_validate(page)
    return page


def copies(delivery: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["to"], one["role"]) for one in delivery["copies"]]


async def owed(rig: DeskRig) -> int:
    return len(await rig.database.read(lambda tx: tx.execute(select(t.outbox.c.id)).all()))


async def replied(seat: Seat, number: str, **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"id": ID, "text": "您好", "seen_seq": 1} | more
    answer = await seat.post(f"/tickets/{number}/replies", body)
    return answer.status, await answer.json()


async def forwarded(seat: Seat, number: str, **more: Any) -> tuple[int, dict[str, Any]]:
    message = (await page_of(seat, number))["messages"][0]["id"]
    body = {"id": "forward-0001", "message": message, "to": ["carrier@parcel.example"]} | more
    answer = await seat.post(f"/tickets/{number}/forwards", body)
    return answer.status, await answer.json()


async def test_each_recipient_of_a_reply_has_a_copy_with_a_state_of_its_own(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await a_mail_ticket(rig)
    status, _ = await replied(seat, number, cc=["boss@shop.example"], bcc=["archive@house.example"])
    assert status == 202
    said = (await page_of(seat, number))["messages"][-1]
    assert copies(said["delivery"]) == [
        (CUSTOMER, "to"),
        ("boss@shop.example", "cc"),
        ("archive@house.example", "bcc"),
    ]


async def test_the_same_reply_again_owes_nobody_a_second_copy(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await a_mail_ticket(rig)
    first = await replied(seat, number, cc=["boss@shop.example"])
    assert await replied(seat, number, cc=["boss@shop.example"]) == first
    assert await owed(rig) == 2


@pytest.mark.parametrize(
    "typed", ["boss", "a@b.example, c@d.example", "Boss <a@b.example>", "a@b.example\nBcc: x@y.example"]
)
async def test_what_is_no_bare_address_is_refused_and_nothing_is_sent(rig: DeskRig, typed: str) -> None:
    seat, number = await rig.seat(), await a_mail_ticket(rig)
    status, problem = await replied(seat, number, cc=[typed])
    assert (status, problem["code"], problem["field"]) == (400, "invalid", "cc")
    assert await owed(rig) == 0


async def test_a_chat_cannot_be_copied_to_others(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await rig.ticket("我要退款")
    status, problem = await replied(seat, number, cc=["boss@shop.example"])
    assert (status, problem["code"]) == (400, "invalid")


async def test_a_forward_is_a_note_for_colleagues_and_the_customer_gets_nothing(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await a_mail_ticket(rig)
    status, answer = await forwarded(seat, number, text="请查一下这个包裹")
    assert (status, answer) == (202, {"id": "forward-0001"})
    page = await page_of(seat, number)
    (note,) = page["notes"]
    assert note["text"] == "请查一下这个包裹"
    assert note["forward"]["to"] == ["c***@parcel.example"]
    assert note["forward"]["message"] == page["messages"][0]["id"]
    assert copies(note["forward"]["delivery"]) == [("carrier@parcel.example", "to")]
    assert len(page["messages"]) == 1


async def test_the_same_forward_again_changes_nothing(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await a_mail_ticket(rig)
    assert await forwarded(seat, number) == await forwarded(seat, number)
    assert await owed(rig) == 1
    assert len((await page_of(seat, number))["notes"]) == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"to": []}, 400), ({"to": ["nobody"]}, 400), ({"message": "not-there"}, 404), ({"id": "x"}, 422)],
)
async def test_a_forward_to_nobody_or_of_nothing_is_refused(
    rig: DeskRig, wrong: dict[str, Any], status: int
) -> None:
    seat, number = await rig.seat(), await a_mail_ticket(rig)
    found, _ = await forwarded(seat, number, **wrong)
    assert found == status
    assert await owed(rig) == 0


async def test_only_whoever_has_the_ticket_passes_its_messages_on(rig: DeskRig) -> None:
    seat, other, number = await rig.seat(), await rig.seat("agent", "1002"), await a_mail_ticket(rig)
    await replied(seat, number)
    status, problem = await forwarded(other, number)
    assert (status, problem["code"]) == (403, "not_yours")
