"""A mail's formatting in a frame of the desk: there for who may see the ticket, and unable to act."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from gateway.store import tables as t
from tests.servers.desk import CARRIED, DeskRig, Seat, running_desk

HTML = '<p>您好<img src="cid:abc"></p><img src="remote:https://t.example/p.gif" alt="促销"><script>alert(1)</script>'


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def a_formatted_ticket(rig: DeskRig, html: str | None = HTML) -> str:
    number = await rig.ticket("您好", channel=CARRIED, thread="li@shop.example")
    await rig.database.write(lambda tx: tx.execute(update(t.message).values(html=html)))
    return number


async def test_the_page_shows_its_own_pictures_and_asks_nobody_else(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await a_formatted_ticket(rig)
    answer = await seat.get(f"/tickets/{number}/messages/1/page")
    page = await answer.text()
    assert answer.status == 200
    assert '<img src="/api/v1/attachments/abc">' in page
    assert "t.example" not in page
    assert "alert" not in page
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


async def test_pictures_from_elsewhere_come_on_purpose(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await a_formatted_ticket(rig)
    answer = await seat.get(f"/tickets/{number}/messages/1/page?remote=show")
    assert 'src="https://t.example/p.gif"' in await answer.text()
    assert "img-src 'self' data: https: http:" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("seq", ["2", "0", "x", "9999999999999999999"])
async def test_what_is_not_there_is_not_found(rig: DeskRig, seq: str) -> None:
    seat, number = await rig.seat(), await a_formatted_ticket(rig)
    assert (await seat.get(f"/tickets/{number}/messages/{seq}/page")).status == 404


async def test_a_message_without_formatting_has_no_page(rig: DeskRig) -> None:
    seat, number = await rig.seat(), await a_formatted_ticket(rig, None)
    assert (await seat.get(f"/tickets/{number}/messages/1/page")).status == 404


async def test_who_sees_no_tickets_sees_no_mail(rig: DeskRig) -> None:
    number = await a_formatted_ticket(rig)
    seat = await rig.seat("editor", "2001")
    assert (await seat.get(f"/tickets/{number}/messages/1/page")).status == 403


async def test_a_ticket_tells_the_mail_address_and_no_other_channels_secrets(rig: DeskRig) -> None:
    mailed, chatted = await a_formatted_ticket(rig), await rig.ticket("我要退款")
    seat, colleague = await rig.seat(), await rig.seat(number="1002")

    async def addresses(of: Seat) -> list[str | None]:
        pages = [await (await of.get(f"/tickets/{number}")).json() for number in (mailed, chatted)]
        return [page["address"] for page in pages]

    assert await addresses(seat) == ["l***@shop.example", None]
    assert (await seat.post(f"/tickets/{mailed}/claim", {"version": 1})).status == 200
    assert await addresses(seat) == ["li@shop.example", None]
    assert await addresses(colleague) == ["l***@shop.example", None]
    assert await addresses(await rig.seat("supervisor", "2001")) == ["li@shop.example", None]
