"""A backup put back: the same rows and files, never under a running gateway, never by halves. On both databases."""

import asyncio
import os
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway import control
from gateway.clock import FakeClock
from gateway.safety.backup import backup
from gateway.safety.fsck import fsck
from gateway.safety.reading import reading
from gateway.safety.restore import restore
from gateway.safety.trouble import NotDone
from gateway.safety.verify import verify
from gateway.settings import Settings
from gateway.store import tables as t
from tests.keyring import same_root
from tests.servers.filled import filled
from tests.servers.filled import settings_in as settings_of
from tests.servers.postgres import Postgres, running_postgres

CLOCK = FakeClock()


def settings_in(folder: Path, url: str = "") -> Settings:
    """An installation with the root key in its place: nothing is restored without."""
    settings = settings_of(folder, url)
    same_root(settings.data.dir)
    return settings


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Settings, Settings]]:
    """Two installations of the same kind, both empty."""
    if request.param == "sqlite":
        yield settings_in(tmp_path / "old"), settings_in(tmp_path / "new")
        return
    server: Postgres = request.getfixturevalue("postgres")
    made = [server.create(), server.create()]
    yield settings_in(tmp_path / "old", made[0]), settings_in(tmp_path / "new", made[1])
    for url in made:
        server.drop(url)


async def texts(settings: Settings) -> list[str]:
    async with reading(settings.database_url) as database:
        rows = select(t.message.c.text).where(t.message.c.author == "customer").order_by(t.message.c.id)
        return await database.read(lambda tx: list(tx.execute(rows).scalars()))


async def a_backup(settings: Settings, path: Path, *said: str) -> Path:
    async with filled(settings) as gateway:
        for text in said:
            await gateway.say(text, file=f"file of {text}".encode())
        await backup(settings, path, CLOCK)
    return path


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
async def test_a_restored_gateway_has_every_message_and_file_and_goes_on_counting(
    places: tuple[Settings, Settings], tmp_path: Path, name: str
) -> None:
    old, new = places
    copy = await a_backup(old, tmp_path / name, "你好", "转人工")
    await restore(copy, new, CLOCK)
    assert await texts(new) == ["你好", "转人工"]
    assert await fsck(new) == []
    async with filled(new) as gateway:
        gateway.count = 100
        await gateway.say("还在吗")
        await gateway.say("转人工", thread="li")
    assert await texts(new) == ["你好", "转人工", "还在吗", "转人工"]
    assert await fsck(new) == []


async def test_data_that_are_here_are_not_overwritten_unless_forced(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    old, new = places
    copy = await a_backup(old, tmp_path / "copy.tar", "旧")
    async with filled(new) as gateway:
        await gateway.say("新")
    with pytest.raises(NotDone, match="--force"):
        await restore(copy, new, CLOCK)
    assert await texts(new) == ["新"]
    await restore(copy, new, CLOCK, force=True)
    assert await texts(new) == ["旧"]
    assert await fsck(new) == []


async def test_a_running_gateway_is_never_restored_under(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    old, new = places
    copy = await a_backup(old, tmp_path / "copy.tar", "旧")
    async with filled(new) as gateway:
        await gateway.say("新")
        with pytest.raises(NotDone, match="stop"):
            await restore(copy, new, CLOCK, force=True)
    assert await texts(new) == ["新"]


async def test_a_gateway_that_answers_on_its_socket_is_running_wherever_its_database_is(
    tmp_path: Path,
) -> None:
    copy = await a_backup(settings_in(tmp_path / "old"), tmp_path / "copy.tar", "旧")
    new = settings_in(tmp_path / "new")
    new.data.dir.mkdir(exist_ok=True)

    async def answer(values: Mapping[str, Any]) -> bool:
        return True

    serving = asyncio.create_task(control.serve(new.data.dir, {"ping": answer}))
    async with asyncio.timeout(10):
        while await control.ask(new.data.dir, "ping", {}) is None:  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0)
    with pytest.raises(NotDone, match="stop"):
        await restore(copy, new, CLOCK)
    serving.cancel()


async def test_the_earlier_database_is_set_aside_whole_with_what_was_only_in_its_log(tmp_path: Path) -> None:
    copy = await a_backup(settings_in(tmp_path / "old"), tmp_path / "copy.tar", "旧")
    new = settings_in(tmp_path / "new")
    live = tmp_path / "live"
    async with filled(new) as gateway:
        await gateway.say("新")
        live.mkdir()  # as kill -9 leaves it: the log not yet in the file
        for suffix in ("", "-wal"):
            os.link(f"{new.data.dir}/gateway.db{suffix}", live / f"gateway.db{suffix}")
        left = (live / "gateway.db-wal").read_bytes()
    (new.data.dir / "gateway.db-wal").write_bytes(left)
    restored = await restore(copy, new, CLOCK, force=True)
    assert restored.aside is not None
    assert (restored.aside / "gateway.db-wal").read_bytes() == left
    assert await texts(new) == ["旧"], "the old log was replayed into the restored file"


@pytest.mark.parametrize("part", ["manifest.json", "database", "blobs"])
async def test_a_backup_with_a_changed_byte_is_refused_and_nothing_is_replaced(
    places: tuple[Settings, Settings], tmp_path: Path, part: str
) -> None:
    old, new = places
    copy = await a_backup(old, tmp_path / "copy", "旧")
    path = next(
        each for each in sorted(copy.rglob("*")) if each.is_file() and part in str(each.relative_to(copy))
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.unlink()  # it may be a hard link to the living file
    path.write_bytes(content)
    with pytest.raises(NotDone):
        await restore(copy, new, CLOCK)
    async with filled(new) as gateway:
        await gateway.say("新")
    assert await texts(new) == ["新"]


async def test_files_that_a_backup_lacks_may_be_left_out_on_purpose(tmp_path: Path) -> None:
    old, new = settings_in(tmp_path / "old"), settings_in(tmp_path / "new")
    copy = await a_backup(old, tmp_path / "copy", "一", "二")
    lost = next(path for path in sorted((copy / "blobs").rglob("*")) if path.is_file())
    lost.unlink()
    with pytest.raises(NotDone, match="--despite-damage"):
        await restore(copy, new, CLOCK)
    restored = await restore(copy, new, CLOCK, despite_damage=True)
    assert restored.lost == (lost.name,)
    assert await texts(new) == ["一", "二"]
    assert {finding.check for finding in await fsck(new)} == {"blob_missing"}


async def test_verify_proves_without_touching_anything(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    copy = await a_backup(places[0], tmp_path / "copy.tar", "你好")
    proof = await verify(copy)
    assert proof.lost == ()
    assert proof.manifest.rows["message"] == 2
    assert os.listdir(tmp_path / "new" / "data") == ["keys"]


async def test_the_key_of_another_gateway_is_noticed(tmp_path: Path) -> None:
    old = settings_in(tmp_path / "old")
    old.data.dir.mkdir(exist_ok=True)
    (old.data.dir / "secret.key").write_bytes(b"a" * 32)
    copy = await a_backup(old, tmp_path / "copy", "旧")
    for key, expected in ((b"a" * 32, True), (b"b" * 32, False)):
        new = settings_in(tmp_path / f"new-{expected}")
        new.data.dir.mkdir(exist_ok=True)
        (new.data.dir / "secret.key").write_bytes(key)
        assert (await restore(copy, new, CLOCK)).has_its_key is expected


async def test_a_backup_of_the_other_kind_of_database_is_refused(tmp_path: Path) -> None:
    copy = await a_backup(settings_in(tmp_path / "old"), tmp_path / "copy", "旧")
    new = settings_in(tmp_path / "new", "postgresql://gateway@127.0.0.1:1/none")
    with pytest.raises(NotDone, match=r"database\.url"):
        await restore(copy, new, CLOCK)


async def test_a_backup_by_a_newer_gateway_is_refused(tmp_path: Path) -> None:
    copy = await a_backup(settings_in(tmp_path / "old"), tmp_path / "copy", "旧")
    manifest = (copy / "manifest.json").read_text("utf-8")
    (copy / "manifest.json").write_text(
        manifest.replace('"schema_revision": "0', '"schema_revision": "9'), "utf-8"
    )
    with pytest.raises(NotDone, match="upgrade"):
        await restore(copy, settings_in(tmp_path / "new"), CLOCK)


@pytest.mark.parametrize("content", [b"", b"not a tar at all", b"\x1f\x8b\x08"])
async def test_something_else_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(NotDone, match=r"gateway backup"):
        await restore(tmp_path / "x.tar", settings_in(tmp_path / "new"), CLOCK)


async def test_an_archive_cannot_write_outside_the_data_folder(tmp_path: Path) -> None:
    copy = await a_backup(settings_in(tmp_path / "old"), tmp_path / "copy.tar", "旧")
    with tarfile.open(copy, "a") as archive:
        evil = tarfile.TarInfo("../../evil")
        archive.addfile(evil)
        link = tarfile.TarInfo("blobs/aa")
        link.type, link.linkname = tarfile.SYMTYPE, "/"
        archive.addfile(link)
    new = settings_in(tmp_path / "new")
    await restore(copy, new, CLOCK)
    assert await texts(new) == ["旧"]
    assert not (tmp_path.parent / "evil").exists()
    assert not [path for path in new.data.dir.rglob("*") if path.is_symlink()]
