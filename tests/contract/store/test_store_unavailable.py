"""When the disk is full or the database gone nothing is stored, nothing acknowledged, and it works again after."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.contract import InboundAttachment, NotStored
from gateway.store import tables as t
from gateway.store.blobs import Blobs
from gateway.store.database import AlreadyRunning, StoreUnavailable, open_database
from gateway.store.migrate import NewerSchema, migrate
from tests.building import a_house
from tests.servers.postgres import Postgres
from tests.writing import Street


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Leave no byte free."""
    filler = place / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    return filler


async def test_on_a_full_disk_nothing_is_stored_and_everybody_is_told_so(small_disk: Path) -> None:
    async with a_house(small_disk) as house:
        street = Street(house=house)
        first = await street.deliver(street.inbound("vorher"))
        filler = fill(small_disk)
        long = [street.inbound("长" * 3000, who=f"w{n}") for n in range(400)]
        done = await asyncio.gather(*(street.deliver(one) for one in long), return_exceptions=True)
        refused = [one for one in done if isinstance(one, BaseException)]
        assert refused
        assert all(isinstance(one, NotStored) for one in refused)
        stored = len(done) - len(refused)
        assert len(await street.rows(t.message)) == 1 + stored
        filler.unlink()
        assert (await street.deliver(street.inbound("nachher"))).seq == (first.seq or 0) + 1
        repeated = await asyncio.gather(*(street.deliver(one) for one in long[:12]))
        assert len({accepted.id for accepted in repeated}) == 12


async def test_a_file_for_which_there_is_no_room_leaves_nothing_behind(small_disk: Path) -> None:
    blobs = Blobs(small_disk / "blobs")
    kept = await blobs.put(b"kept")
    with pytest.raises(StoreUnavailable):
        await blobs.put(b"x" * 3_000_000)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"y" * 100_000

    with pytest.raises(StoreUnavailable):
        await blobs.put_chunks(chunks())
    assert list((small_disk / "blobs" / "tmp").iterdir()) == []
    assert await blobs.read(kept) == b"kept"
    async with a_house(small_disk) as house:
        street = Street(house=house)
        big = InboundAttachment(name="big", content=b"x" * 3_000_000)
        with pytest.raises(NotStored):
            await street.deliver(street.inbound("", attachments=(big,)))
        assert await street.rows(t.inbox) == []


async def test_a_database_that_hangs_up_is_unavailable_and_then_works_again(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.create()
    async with a_house(tmp_path, url) as house:
        street = Street(house=house)
        await street.deliver(street.inbound("vorher"))
        await asyncio.gather(*(street.rows(t.inbox) for _ in range(8)))  # eight connections, all idle now
        killer = open_database(postgres.url("postgres"))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        name = {"name": url.rpartition("/")[2]}
        await killer.read(lambda tx: tx.execute(text(others), name).all())
        await killer.close()
        outcomes: list[object] = []
        for n in range(12):
            try:
                outcomes.append(await street.deliver(street.inbound(f"{n}")))
            except NotStored as error:
                outcomes.append(error)
        assert not isinstance(outcomes[-1], NotStored)
        stored = sum(not isinstance(one, NotStored) for one in outcomes)
        assert len(await street.rows(t.message)) == 1 + stored


async def test_a_database_that_is_not_there_is_unavailable(postgres: Postgres) -> None:
    for url in ("postgresql://gateway@127.0.0.1:1/none", postgres.url("no_such_database")):
        database = open_database(url)
        with pytest.raises(StoreUnavailable):
            await database.write(lambda tx: None)
        with pytest.raises(StoreUnavailable):
            await database.read(lambda tx: None)
        await database.close()


async def test_too_many_writes_for_the_pool_wait_their_turn(postgres: Postgres, tmp_path: Path) -> None:
    async with a_house(tmp_path, postgres.create()) as house:
        street = Street(house=house)
        done = await asyncio.gather(*(street.deliver(street.inbound("x", who=f"w{n}")) for n in range(100)))
        assert len({accepted.id for accepted in done}) == 100


async def test_a_second_gateway_on_the_same_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    async with a_house(tmp_path):
        with pytest.raises(AlreadyRunning, match=r"stop that one first, or set database\.url"):
            open_database(f"sqlite:///{tmp_path / 'gateway.db'}")
    again = open_database(f"sqlite:///{tmp_path / 'gateway.db'}")
    await again.close()


async def test_a_closed_database_takes_nothing_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        database = house.database
    with pytest.raises(StoreUnavailable):
        await asyncio.wait_for(database.write(lambda tx: None), 5)


async def test_a_file_that_is_no_database_is_unavailable_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(StoreUnavailable):
        async with a_house(tmp_path):
            pass  # pragma: no cover - it does not open


async def test_a_long_row_of_failing_writes_fails_and_the_next_one_does_not(tmp_path: Path) -> None:
    def bad(tx: object) -> None:
        raise ValueError("mine alone")

    async with a_house(tmp_path) as house:
        done = await asyncio.gather(*(house.database.write(bad) for _ in range(1500)), return_exceptions=True)
        assert {type(one) for one in done} == {ValueError}
        assert await house.database.write(lambda tx: 42) == 42


async def test_writes_of_somebody_who_has_gone_are_written_all_the_same(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        street = Street(house=house)
        hurried = asyncio.ensure_future(street.deliver(street.inbound("weg")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        hurried.cancel()
        await asyncio.gather(hurried, return_exceptions=True)
        assert (await street.deliver(street.inbound("da"))).seq in (1, 2)


async def test_migrating_twice_changes_nothing_and_a_newer_schema_is_refused(url: str) -> None:
    database = open_database(url)
    try:
        migrate(database)
        migrate(database)
        schema = "SELECT version_num FROM alembic_version"
        before = await database.read(lambda tx: tx.execute(text(schema)).scalar_one())
        newer = "UPDATE alembic_version SET version_num = :to"
        await database.write(lambda tx: tx.execute(text(newer), {"to": "9999"}) and None)
        with pytest.raises(NewerSchema, match=r"9999.*run a newer gateway"):
            migrate(database)
        await database.write(lambda tx: tx.execute(text(newer), {"to": before}) and None)
        migrate(database)
    finally:
        await database.close()


async def test_equal_files_are_files_of_their_own_each_under_the_hash_of_what_lies_there(
    tmp_path: Path,
) -> None:
    blobs = Blobs(tmp_path)
    done = await asyncio.gather(*(blobs.put(b"same") for _ in range(10)))
    assert len(set(done)) == 10  # sealed under keys of their own: that two are equal shows nowhere
    path = blobs.path(done[0])
    assert path.parent.name == done[0][:2]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one async for one in blobs.chunks(done[0])] == list(blobs.read_now(done[0])) == [b"same"]
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_a_file_whose_sender_breaks_off_is_not_kept(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await Blobs(tmp_path).put_chunks(broken())
    assert files_in(tmp_path) == []


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "g" * 64])
def test_nothing_but_a_hash_is_a_files_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        Blobs(tmp_path).path(name)
