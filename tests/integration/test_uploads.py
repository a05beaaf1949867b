"""Uploads on their way to the store: drawn anew in a process of their own, counted by the day, scanned."""

import asyncio
import io
import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image
from sqlalchemy import select

from adapters.contract import NotTaken
from gateway.store import tables as t
from gateway.uploads import Scanner, Uploads
from gateway.uploads.apart import Apart, Broken
from tests.servers.desk import Seat, running_desk

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def a_photo() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "camera of 13800138000"
    sink = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(sink, "JPEG", exif=exif)
    return sink.getvalue()


async def passed(uploads: Uploads, *chunks: bytes, media_type: str = "text/plain", used: int = 0) -> bytes:
    return b"".join([chunk async for chunk in uploads.passing(stream(*chunks), media_type, used).run()])


# --- pictures --------------------------------------------------------------------------------------


async def test_a_picture_is_drawn_anew_elsewhere_while_we_go_on() -> None:
    new = await passed(Uploads(), a_photo(), media_type="image/jpeg")
    assert new.startswith(b"\xff\xd8\xff")
    assert b"13800138000" not in new


async def test_a_picture_that_kills_its_process_is_refused_and_the_next_one_is_not() -> None:
    with pytest.raises(NotTaken) as raised:
        await passed(Uploads(), b"\xff\xd8\xff" + b"\0" * 100, media_type="image/jpeg")
    assert raised.value.code == "picture"
    assert await passed(Uploads(), a_photo(), media_type="image/jpeg")


async def test_a_picture_that_takes_too_long_is_killed() -> None:
    with pytest.raises(Broken, match="took longer"):
        await Apart(deadline=0.001).redrawn(a_photo(), "image/jpeg")


# --- the day's budget ------------------------------------------------------------------------------


async def test_more_than_a_day_allows_is_refused_before_it_is_kept() -> None:
    uploads = Uploads(per_day=100)
    assert await passed(uploads, b"x" * 40, used=60) == b"x" * 40
    with pytest.raises(NotTaken) as raised:
        await passed(uploads, b"x" * 40, b"y", used=60)
    assert raised.value.code == "budget"


# --- the scanner -----------------------------------------------------------------------------------


class FakeClamd:
    """Speaks clamd's INSTREAM; finds the harmless EICAR test file."""

    def __init__(self, *, hangs_up: bool = False, silent: bool = False) -> None:
        self.hangs_up, self.silent = hangs_up, silent
        self.scanned: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            assert await reader.readexactly(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack(">I", await reader.readexactly(4))[0]:
                content += await reader.readexactly(size)
                if self.hangs_up:
                    return
            self.scanned.append(content)
            if self.silent:
                await reader.read()
            writer.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
            await writer.drain()
        finally:
            writer.close()


async def scanned(clamd: FakeClamd, *chunks: bytes) -> tuple[bytes, bool]:
    server = await asyncio.start_server(clamd.serve, "127.0.0.1", 0)
    where = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    passing = Uploads(scanner=Scanner(where, deadline=0.5)).passing(stream(*chunks), "text/plain", 0)
    try:
        kept = b"".join([chunk async for chunk in passing.run()])
    finally:
        server.close()
    return kept, passing.is_scanned


async def test_a_clean_file_passes_as_it_is_and_is_marked_scanned() -> None:
    clamd = FakeClamd()
    assert await scanned(clamd, b"hello ", b"world") == (b"hello world", True)
    assert clamd.scanned == [b"hello world"]


async def test_what_the_scanner_finds_is_refused() -> None:
    with pytest.raises(NotTaken) as raised:
        await scanned(FakeClamd(), EICAR[:30], EICAR[30:])
    assert raised.value.code == "infected"


@pytest.mark.parametrize("clamd", [FakeClamd(hangs_up=True), FakeClamd(silent=True)], ids=["gone", "silent"])
async def test_a_scanner_that_fails_half_way_leaves_the_file_unscanned(clamd: FakeClamd) -> None:
    assert await scanned(clamd, b"hello", b"x" * 200_000, b"world") == (
        b"hello" + b"x" * 200_000 + b"world",
        False,
    )


async def test_without_a_scanner_or_with_one_that_is_down_a_file_is_unscanned(tmp_path: Path) -> None:
    for scanner in (None, Scanner("127.0.0.1:1"), Scanner(str(tmp_path / "none.sock"))):
        passing = Uploads(scanner=scanner).passing(stream(b"hello"), "text/plain", 0)
        assert b"".join([chunk async for chunk in passing.run()]) == b"hello"
        assert not passing.is_scanned


# --- at the desk -----------------------------------------------------------------------------------


async def upload(seat: Seat, name: str, content: bytes) -> tuple[int, dict[str, Any]]:
    form = FormData()
    form.add_field("file", content, filename=name)
    answer = await seat.client.post("/api/v1/attachments", data=form, headers={"X-CSRF-Token": seat.csrf})
    return answer.status, await answer.json()


async def test_an_agents_picture_is_drawn_anew_and_said_to_be_unscanned(tmp_path: Path) -> None:
    async with running_desk(tmp_path) as rig:
        seat = await rig.seat("agent")
        status, file = await upload(seat, "photo.jpg", a_photo())
        assert (status, file["media_type"], file["scanned"]) == (201, "image/jpeg", False)
        got = await (await seat.get(f"/attachments/{file['id']}")).read()
        assert got.startswith(b"\xff\xd8\xff")
        assert b"13800138000" not in got
        status, said = await upload(seat, "photo.jpg", b"\xff\xd8\xff" + b"x" * 600)
        assert (status, said["code"]) == (415, "bad_picture")


async def test_a_days_uploads_of_one_agent_end_and_the_next_day_begins_anew(tmp_path: Path) -> None:
    async with running_desk(tmp_path, uploads=Uploads(per_day=1000)) as rig:
        seat, other = await rig.seat("agent"), await rig.seat("agent", "1002")
        assert (await upload(seat, "a.txt", b"x" * 700))[0] == 201
        status, said = await upload(seat, "b.txt", b"y" * 700)
        assert (status, said["code"]) == (429, "upload_budget")
        assert (await upload(other, "b.txt", b"y" * 700))[0] == 201
        await rig.clock.advance(timedelta(hours=25))
        later = await rig.seat("agent", "1003")
        seat.csrf, seat.client = later.csrf, later.client
        assert (await upload(seat, "b.txt", b"y" * 700))[0] == 201
        kept = await rig.database.read(lambda tx: tx.execute(select(t.attachment.c.size)).all())
        assert [row.size for row in kept] == [700, 700, 700]
