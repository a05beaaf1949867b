"""Copies made while somebody writes: whole, checked, or not there at all. On both databases."""

import asyncio
import json
import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.clock import FakeClock
from gateway.safety import postgres as tools
from gateway.safety.backup import backup
from gateway.safety.trouble import NotDone
from gateway.safety.verify import verify
from gateway.sealing.files import sealed_size
from gateway.store import tables as t
from tests.servers.filled import filled, settings_in
from tests.servers.postgres import Postgres, running_postgres

CLOCK = FakeClock()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database's address; SQLite's is the default one in the data folder."""
    if request.param == "sqlite":
        yield ""
        return
    server: Postgres = request.getfixturevalue("postgres")
    made = server.create()
    yield made
    server.drop(made)


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
async def test_a_backup_of_an_open_database_proves_itself(tmp_path: Path, url: str, name: str) -> None:
    settings = settings_in(tmp_path, url)
    async with filled(settings) as gateway:
        await gateway.say("怎么退货", file=b"a picture")
        await gateway.say("转人工", thread="li")
        made = await backup(settings, tmp_path / name, CLOCK)
    proof = await verify(tmp_path / name)
    assert proof.lost == ()
    assert proof.manifest == made.manifest
    assert made.manifest.rows["ticket"] == 1
    assert made.manifest.rows["inbox"] == 2
    assert list(made.manifest.blobs.values()) == [sealed_size(9)]


async def test_what_is_written_during_a_backup_is_in_it_whole_or_not_at_all(tmp_path: Path, url: str) -> None:
    settings = settings_in(tmp_path, url)
    async with filled(settings) as gateway:
        await gateway.say("第一条")
        stop = asyncio.Event()

        async def talk() -> None:
            while not stop.is_set():
                await gateway.say("还有一条", file=f"file {gateway.count}".encode())

        talking = asyncio.create_task(talk())
        backups = [await backup(settings, tmp_path / f"copy{n}.tar", CLOCK) for n in range(3)]
        stop.set()
        await talking
    proofs = [await verify(made.path) for made in backups]
    assert [proof.lost for proof in proofs] == [(), (), ()]
    counts = [proof.manifest.rows["message"] for proof in proofs]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0] > 0, "the writer came to a stop"


async def test_the_root_secret_is_not_in_a_backup(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    secret = bytes(range(32))
    async with filled(settings) as gateway:
        (settings.data.dir / "secret.key").write_bytes(secret)
        await gateway.say("您好")
        made = await backup(settings, tmp_path / "copy.tar", CLOCK)
    content = (tmp_path / "copy.tar").read_bytes()
    assert secret not in content
    assert secret.hex().encode() not in content
    assert made.manifest.key_mark is not None


async def test_nobody_else_may_read_a_backup(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        await gateway.say("您好", file=b"private")
        await backup(settings, tmp_path / "folder", CLOCK)
        await backup(settings, tmp_path / "one.tar", CLOCK)
    for path in (tmp_path / "one.tar", tmp_path / "folder", *(tmp_path / "folder").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_an_existing_backup_is_never_overwritten(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        await gateway.say("您好")
    (tmp_path / "copy.tar").write_text("yesterday's")
    with pytest.raises(NotDone, match="there already"):
        await backup(settings, tmp_path / "copy.tar", CLOCK)
    assert (tmp_path / "copy.tar").read_text() == "yesterday's"


async def test_a_lost_file_is_named_and_does_not_cost_the_backup(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        await gateway.say("一", file=b"kept")
        await gateway.say("二", file=b"lost")
        await gateway.say("三", file=b"changed")
        a = t.attachment.c
        rows = await gateway.database.read(
            lambda tx: tx.execute(select(a.blob).order_by(a.thread_id, a.at, a.size)).all()
        )
        _, lost, changed = (row.blob for row in rows)
        gateway.house.blobs.path(lost).unlink()
        gateway.house.blobs.path(changed).write_bytes(b"CHANGED")
        made = await backup(settings, tmp_path / "copy", CLOCK)
    assert set(made.manifest.damaged) == {lost, changed}
    assert len(made.manifest.blobs) == 1
    assert set((await verify(tmp_path / "copy")).lost) == {lost, changed}


async def test_a_damaged_database_is_not_copied_as_if_it_were_whole(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        for n in range(200):
            await gateway.only_store("x" * 500, thread=f"t{n}")
    file = settings.data.dir / "gateway.db"
    content = bytearray(file.read_bytes())
    for place in range(8192, len(content), 4096):
        content[place : place + 200] = b"\xff" * 200
    file.write_bytes(content)
    with pytest.raises(NotDone, match=r"backup|integrity"):
        await backup(settings, tmp_path / "copy.tar", CLOCK)
    assert not (tmp_path / "copy.tar").exists()
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".copy")]


async def test_a_missing_database_is_told_with_the_keys_to_check(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match=r"data\.dir"):
        await backup(settings_in(tmp_path), tmp_path / "copy", CLOCK)


async def test_a_missing_pg_dump_is_told_with_the_package_that_has_it(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = postgres.create()
    settings = settings_in(tmp_path, made)
    async with filled(settings) as gateway:
        await gateway.say("您好")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "PROGRAMS", tmp_path)
    with pytest.raises(NotDone, match="postgresql-client"):
        await backup(settings, tmp_path / "copy", CLOCK)
    assert not (tmp_path / "copy").exists()


async def test_a_database_that_does_not_answer_is_told_as_such(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, "postgresql://gateway@127.0.0.1:1/none")
    with pytest.raises(NotDone, match=r"database\.url"):
        await backup(settings, tmp_path / "copy", CLOCK)


async def test_the_archive_can_be_read_by_anybodys_tar(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        await gateway.say("您好", file=b"abc")
        await backup(settings, tmp_path / "copy.tar", CLOCK)
    with tarfile.open(tmp_path / "copy.tar") as archive:
        names = archive.getnames()
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type] # a plain file
    assert names[0] == "database.sqlite"
    assert names[-1] == "manifest.json"
    assert manifest["rows"]["message"] == 2
