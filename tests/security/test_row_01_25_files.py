"""Rows 1 and 25 of what broke the peers: a sender's file name never touches a path, and a link opens nothing elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest

from gateway.desk.files import shown_name
from gateway.store.blobs import Blobs
from gateway.store.file_cells import plain_name
from tests.acceptance.shop import Shop, Visitor, open_shop

SIGNS = [
    "\u200b",
    "\u202e",
    "\x00",
    "..",
    "/",
    "\\",
    ".htaccess",
    "CON",
    "a" * 4000,
    "%2e%2e",
    "\n",
    "'",
    '"',
    "；",
    "发票",
    ".php",
    ".",
    " ",
]
PDF = b"%PDF-1.4\nsample\n"


def hostile(count: int) -> list[str]:
    """Return names made of what was used against others, always the same ones."""
    dice = Random(1)
    return ["".join(dice.choice(SIGNS) for _ in range(dice.randint(1, 5))) for _ in range(count)]


async def test_row_01_no_name_of_a_senders_is_ever_part_of_a_path(
    tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    blobs = Blobs(tmp_path / "blobs")
    for name in hostile(scale(10_000, 10_000)):
        shown, plain = shown_name(name), plain_name(name)
        assert not set("/\\\x00\u200b\u202e\n") & set(shown + plain)
        assert len(shown) <= 120
        assert re.fullmatch(r"file(\.[a-z0-9]{1,8})?", plain)
    for name in hostile(scale(20, 200)):
        await blobs.put(name.encode("utf-8", "replace"))
    kept = [str(one.relative_to(blobs.folder)) for one in blobs.folder.rglob("*") if one.is_file()]
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{64}", one) for one in kept)
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in blobs.folder.rglob("*") if one.is_file())


async def sent(shop: Shop, visitor: Visitor, name: str = "身份证正面.pdf") -> str:
    """Upload a file and send it."""
    form = aiohttp.FormData()
    form.add_field("file", PDF, filename=name, content_type="application/pdf")
    headers = {"Authorization": f"Bearer {visitor.token}"}
    async with shop.http.post("/chat/v1/attachments", data=form, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        file_id = str((await answer.json())["id"])
    await visitor.write("请看附件，转人工", attachments=[file_id])
    await shop.until(lambda: shop.rows("ticket"))
    return file_id


async def fetched(shop: Shop, visitor: Visitor, file_id: str) -> tuple[int, bytes, dict[str, str]]:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    async with shop.http.get(f"/chat/v1/attachments/{file_id}", headers=headers) as answer:
        return answer.status, await answer.read(), dict(answer.headers)


async def test_row_01_a_file_lies_sealed_under_a_name_of_ours_and_is_only_ever_a_download(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        visitor, agent = await shop.visitor(), await shop.agent()
        file_id = await sent(shop, visitor)
        (row,) = await shop.rows("attachment")
        assert row["name"] == "file.pdf"
        files = [one for one in (tmp_path / "data" / "blobs").rglob("*") if one.is_file()]
        assert [one.name for one in files] == [row["blob"]]
        assert PDF not in files[0].read_bytes()
        status, content, headers = await fetched(shop, visitor, file_id)
        assert (status, content) == (200, PDF)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in headers["Content-Security-Policy"]
        async with agent.http.get(f"/api/v1/attachments/{file_id}") as answer:
            assert await answer.read() == PDF
            assert answer.headers["Content-Disposition"].startswith("attachment")
        rows = [row for name in ("message", "attachment", "event", "ticket") for row in await shop.rows(name)]
        everything = str([{name: value for name, value in row.items() if name != "sealed"} for row in rows])
        assert "身份证正面" not in everything


async def test_row_25_a_link_opens_nothing_for_another_session_nor_without_one(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        visitor, stranger = await shop.visitor(), await shop.visitor()
        file_id = await sent(shop, visitor)
        assert (await fetched(shop, stranger, file_id))[0] == 404
        assert (await fetched(shop, visitor, file_id[::-1]))[0] == 404
        async with shop.http.get(f"/chat/v1/attachments/{file_id}") as answer:
            assert answer.status in (401, 404)
        async with shop.http.get(f"/api/v1/attachments/{file_id}") as answer:
            assert answer.status == 401


async def test_row_25_at_the_desk_a_file_is_fetched_by_who_is_signed_in_and_one_that_is_not_there_is_not(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        visitor, agent = await shop.visitor(), await shop.agent()
        file_id = await sent(shop, visitor)

        async def opened(id: str) -> tuple[int, Any]:
            async with agent.http.get(f"/api/v1/attachments/{id}") as answer:
                body = {} if answer.status == 200 else await answer.json()
                return answer.status, body.get("code")

        assert (await opened(file_id))[0] == 200
        assert (await opened("0" * 32)) == (404, "not_found")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "0" * 63, "G" * 64])
def test_row_25_a_name_that_is_no_hash_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        Blobs(tmp_path).path(name)
