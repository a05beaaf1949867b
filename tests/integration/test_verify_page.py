"""The secure page: without JavaScript, for one conversation, changed by a button and never by opening it."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import aiohttp

from gateway.domain.verification import Outcome
from tests.acceptance.shop import Shop, Visitor
from tests.verifying import ORDER, open_verifying_shop


async def page_of(visitor: Visitor) -> str:
    """Ask something that needs proof; return the path of the page that is offered."""
    said = await visitor.ask("我的订单到哪里了？")
    found = re.search(r"/verify/[0-9a-f]{64}", said)
    assert found, said
    return found.group()


async def sent(shop: Shop, path: str, **form: str) -> tuple[int, str]:
    """Send the form off and let the deadline pass."""

    async def post() -> tuple[int, str]:
        async with shop.http.post(path, data=form) as answer:
            return answer.status, await answer.text()

    before = len(await shop.rows("attempt"))
    posting = asyncio.create_task(post())

    async def reserved() -> bool:
        rows = await shop.rows("attempt")
        return posting.done() or (len(rows) > before and rows[-1]["state"] == "taken")

    await shop.until(reserved)
    await shop.later(timedelta(milliseconds=800))
    return await posting


async def test_opening_it_changes_nothing_and_sending_it_answers_in_the_conversation(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, records):
        visitor = await shop.visitor()
        path = await page_of(visitor)
        for _ in range(3):
            async with shop.http.get(path, headers={"Accept-Language": "en"}) as answer:
                text = await answer.text()
                assert answer.status == 200
                assert "script" not in answer.headers["Content-Security-Policy"]
                assert answer.headers["Cache-Control"] == "no-store"
                assert "<script" not in text
                assert "Order number" in text
        assert records.compares == 0
        seq = max(one["seq"] for one in await visitor.messages())
        status, text = await sent(shop, path, order=ORDER, tail="5678")
        assert status == 200
        assert "核对完成" in text
        said = await visitor.heard(after=seq)
        assert "物流进度" in said[-1]["text"]
        assert not any("5678" in one["text"] for one in await visitor.messages())
        async with shop.http.get(path) as answer:
            assert answer.status == 404, "it has done its work"


async def test_a_miss_is_the_same_page_for_every_reason(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        pages = []
        for order, tail in ((ORDER, "0000"), ("209912310009", "5678")):
            path = await page_of(await shop.visitor())
            pages.append(await sent(shop, path, order=order, tail=tail))
        assert pages[0] == pages[1]
        assert "未能核对一致" in pages[0][1]


async def test_it_ends_with_its_time_and_is_nobody_elses(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        path = await page_of(await shop.visitor())
        async with shop.http.get(f"/verify/{'0' * 64}") as answer:
            assert answer.status == 404
        async with shop.http.post(
            path, data={"order": ORDER}, headers={"Origin": "https://evil.example"}
        ) as answer:
            assert answer.status == 403
        await shop.later(timedelta(minutes=16))
        async with shop.http.get(path) as answer:
            assert answer.status == 404


async def test_hostile_bodies_change_nothing(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, records):
        path = await page_of(await shop.visitor())
        bodies: list[tuple[bytes, str]] = [
            (b"order=" + b"9" * 100_000, "application/x-www-form-urlencoded"),
            (b"&".join(b"a=1" for _ in range(50)), "application/x-www-form-urlencoded"),
            (b"\xff\xfe=1", "application/x-www-form-urlencoded"),
            (b"{}", "application/json"),
        ]
        for body, kind in bodies:
            async with shop.http.post(path, data=body, headers={"Content-Type": kind}) as answer:
                assert answer.status in (200, 404)
        assert records.compares == 0


async def test_markup_in_what_is_typed_is_never_shown(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        path = await page_of(await shop.visitor())
        _, text = await sent(shop, path, order="<script>alert(1)</script>1234", name="<b>x</b>")
        assert "alert(1)" not in text
        assert [row["outcome"] for row in await shop.rows("attempt")] == [Outcome.MISS.value]


async def test_a_closed_session_does_not_keep_the_house_waiting(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        path = await page_of(await shop.visitor())

        async def taken() -> bool:
            return [row["state"] for row in await shop.rows("attempt")] == ["taken"]

        async with aiohttp.ClientSession(base_url=shop.application.address) as other:
            gone = asyncio.create_task(other.post(path, data={"order": ORDER, "tail": "0000"}))
            await shop.until(taken)
            gone.cancel()
        await shop.later(timedelta(milliseconds=900))

        async def over() -> bool:
            return [row["state"] for row in await shop.rows("attempt")] == ["settled"]

        await shop.until(over)
