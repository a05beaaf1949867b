"""What could not be read can be seen, opened, downloaded and tried again; by nobody but staff."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gateway.store import tables as t
from gateway.web.api import quarantine as q
from gateway.web.api.quarantine import readable
from tests.sealed_rows import sealed_row
from tests.servers.desk import DeskRig, running_desk

RAW = "Subject: 坏了\r\n\r\n<script>alert(1)</script>".encode("gb18030")


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


async def kept(rig: DeskRig, **more: Any) -> int:
    now = rig.clock.now()
    row = {
        "channel": "mail",
        "external_id": f"x{sorted(more)}",
        "body": "{}",
        "body_hash": "h",
        "raw": RAW,
        "state": "failed",
        "not_before": now,
        "received_at": now,
        "attempts": 5,
        "error": "it took longer than 5 s",
    }
    added = insert(t.inbox).returning(t.inbox.c.id)
    return int(
        await rig.database.write(
            lambda tx: tx.execute(added.values(sealed_row(tx, t.inbox, row | more))).scalar_one()
        )
    )


async def test_only_what_failed_is_listed_with_its_reason(rig: DeskRig) -> None:
    seat = await rig.seat()
    await kept(rig, state="done")
    wanted = await kept(rig)
    answer = await seat.get("/quarantine")
    (one,) = q.Quarantine.model_validate(await answer.json()).messages
    assert (one.id, one.channel, one.error) == (wanted, "mail", "it took longer than 5 s")


async def test_it_opens_as_text_and_downloads_as_it_came(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await kept(rig)
    text = q.KeptText.model_validate(await (await seat.get(f"/quarantine/{number}")).json())
    assert text.text.startswith("Subject: 坏了")
    assert text.is_whole
    raw = await seat.get(f"/quarantine/{number}/raw")
    assert await raw.read() == RAW
    assert raw.headers["Content-Type"].startswith("message/rfc822")
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in raw.headers["Content-Security-Policy"]


async def test_a_large_one_lies_in_a_file_and_is_shown_in_part(rig: DeskRig) -> None:
    seat = await rig.seat()
    name = await rig.blobs.put(b"x" * 100_000)
    digest, _, secret = name.partition(".")
    number = await kept(rig, raw=None, raw_blob=digest, body=f'{{"raw_secret": "{secret}"}}')
    text = q.KeptText.model_validate(await (await seat.get(f"/quarantine/{number}")).json())
    assert (len(text.text), text.is_whole) == (64 * 1024, False)
    assert len(await (await seat.get(f"/quarantine/{number}/raw")).read()) == 100_000


async def test_released_it_is_new_again_and_it_is_written_down_who_did_it(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await kept(rig)
    answer = await seat.post(f"/quarantine/{number}/release", {})
    assert answer.status == 202, await answer.text()
    row = await rig.database.read(lambda tx: tx.execute(select(t.inbox).where(t.inbox.c.id == number)).one())
    assert (row.state, row.attempts, row.error) == ("new", 0, None)
    event = await rig.database.read(
        lambda tx: tx.execute(select(t.event).where(t.event.c.kind == "quarantine")).one()
    )
    assert event.data == {"inbox": number}
    assert event.actor.startswith("agent:")
    assert (await seat.post(f"/quarantine/{number}/release", {})).status == 404
    assert (await seat.get(f"/quarantine/{number}")).status == 404
    assert (await seat.get("/quarantine/abc")).status == 404


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("你好".encode(), "你好"),
        ("你好".encode("gbk"), "你好"),
        (b"a\x00b", "a\ufffdb"),
        (b"\xff\xff\xff", "\ufffd\ufffd\ufffd"),
    ],
)
def test_bytes_of_unknown_charset_stay_legible(raw: bytes, text: str) -> None:
    assert readable(raw) == text
