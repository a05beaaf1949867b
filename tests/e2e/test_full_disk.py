"""A full disk: nothing is acknowledged that is not stored, and all goes on as soon as there is room."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.gateway import WEB, Gateway, prepared, running
from tests.servers.people import Answer, until, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway whose data lie on a disk of 24 MB."""
    gateway = prepared(tmp_path, channels=WEB + "flood = { frames = 1000 }\n")
    gateway.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs", str(gateway.data)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"needs the right to mount a small disk: {done.stderr.strip()}")
    try:
        with running(gateway) as gateway:
            yield gateway
    finally:
        subprocess.run(["umount", "-l", str(gateway.data)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room there is, and return what takes it."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            try:
                while True:
                    file.write(os.urandom(size))
            except OSError:
                continue
    return path


async def test_a_full_disk_acknowledges_nothing_and_loses_nothing(gateway: Gateway) -> None:
    async with visiting(gateway.url) as visitor:
        await visitor.say("怎么退货")
        await visitor.heard("bot", "申请退货")
        filler = fill(gateway.data)
        taken: list[str] = []
        for _ in range(300):  # its journal may have room left for a few
            own_id, text = uuid.uuid4().hex, f"第 {uuid.uuid4().hex} 句" + "。" * 500
            answer = await visitor.say(text, id=own_id)
            if answer.status != 202:
                break
            taken.append(text)
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert "title" in answer.body
        assert gateway.get("/readyz")[0] == 503
        assert gateway.status("/healthz") == 200
        stored = [one["text"] for one in await visitor.messages() if one["author"] == "customer"]
        assert stored == ["怎么退货", *taken]

        filler.unlink()

        async def again() -> Answer | None:
            answer = await visitor.say(text, id=own_id)
            return answer if answer.status == 202 else None

        await until(again, what="the same message taken after there is room")
        assert (await visitor.say(text, id=own_id)).status == 202
        stored = [one["text"] for one in await visitor.messages() if one["author"] == "customer"]
        assert stored == ["怎么退货", *taken, text]
        await visitor.say("转人工")
        await visitor.heard("bot", "工单")

        async def ready() -> bool:
            return gateway.get("/readyz")[0] == 200

        await until(ready, what="ready again")
    assert gateway.rows("PRAGMA integrity_check") == [("ok",)]
