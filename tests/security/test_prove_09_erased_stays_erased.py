"""Proof 9: somebody is erased, yesterday's backup is put back with today's keyring, and they are still unreadable."""

import json
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.clock import FakeClock
from gateway.desk.erasing import Eraser
from gateway.safety.audit_verify import verify as prove_audit
from gateway.safety.backup import backup
from gateway.safety.fsck import fsck
from gateway.safety.keyring_file import NAME
from gateway.safety.reading import reading
from gateway.safety.restore import restore
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.keys import Place
from tests.keyring import same_root
from tests.servers.filled import Filled, filled, settings_in
from tests.servers.postgres import Postgres, running_postgres

Figure = Callable[[str, object], None]
WORDS = "my orchid is broken, I am Wang Fang of 12 Elm Street, 13812345678"
PLACE = Place("contact", "name", "C1")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An installation with its root key."""
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    url = server.create() if server else ""
    made = settings_in(tmp_path / "house", url)
    same_root(made.data.dir)
    yield made
    if server:
        server.drop(url)


async def erase(gateway: Filled, number: str) -> None:
    house = gateway.house
    eraser = Eraser(
        database=house.database,
        blobs=house.blobs,
        clock=house.clock,
        folder=gateway.settings.data.dir,
        is_served=house.is_served,
    )
    await eraser.erase(number, by="agent:2001", approved_by="agent:2002")


async def key_of(gateway: Filled, number: str) -> tuple[str, str, str]:
    """Return the id and the wrapped form of a contact's key, and a cell sealed under it."""
    c, k = t.contact.c, t.data_key.c

    def unit(tx: Tx) -> tuple[str, str, str]:
        contact_id = tx.execute(select(c.id).where(c.number == number)).scalar_one()
        key = keys.of_contact(tx, contact_id)
        wrapped = tx.execute(select(k.wrapped).where(k.kid == key.kid)).scalar_one()
        return key.kid, wrapped, keys.seal(key, PLACE, WORDS)

    return await gateway.database.write(unit)


def unpacked(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder


def found_in(folder: Path, *values: str) -> list[str]:
    """Return which values stand in any file below a folder, as ``grep`` sees it."""
    hits = []
    for value in values:
        grep = subprocess.run(["grep", "-r", "-a", "-l", "-F", "--", value, str(folder)], capture_output=True)
        hits += [value] if grep.returncode == 0 else []
    return hits


async def test_an_erased_person_is_unreadable_in_yesterdays_backup_put_back_today(
    settings: Settings, tmp_path: Path, figure: Figure
) -> None:
    clock, backups = FakeClock(), tmp_path / "backups"
    async with filled(settings, clock) as gateway:
        await gateway.say(f"转人工 {WORDS}", thread="wang", file=b"a picture of the orchid")
        await gateway.say("转人工 I am Li", thread="li")
        (gone, stays) = await gateway.database.read(
            lambda tx: tx.execute(select(t.contact.c.number).order_by(t.contact.c.id)).scalars().all()
        )
        kid, wrapped, cell = await key_of(gateway, gone)
        await backup(settings, backups / "yesterday.tar", clock)
        assert found_in(backups, kid, wrapped) == [kid, wrapped], (
            "in the keyring, as long as they are not erased"
        )
        copy = unpacked(backups / "yesterday.tar", tmp_path / "look")
        assert found_in(copy, wrapped) == [], "no key is in the archive"
        clock.jump(timedelta(days=1))
        await erase(gateway, gone)
        await backup(settings, backups / "today.tar", clock)
        await gateway.say("转人工 later", thread="li")
    assert found_in(backups, wrapped) == [], "today's keyring has replaced the one with the key in it"
    restored = await restore(backups / "yesterday.tar", settings, clock, force=True)
    assert restored.erased == 1
    async with filled(settings, clock) as gateway:

        def open_again(tx: Tx) -> str:
            return keys.unseal(tx, PLACE, cell)

        with pytest.raises(keys.Unreadable):
            await gateway.database.read(open_again)
    assert found_in(settings.data.dir / "blobs", "a picture of the orchid") == []
    async with reading(settings.database_url) as database:
        rows = await database.read(
            lambda tx: {
                table.name: [str(dict(row._mapping)) for row in tx.execute(select(table))]
                for table in t.metadata.sorted_tables
            }
        )
    whole = "\n".join(line for lines in rows.values() for line in lines)
    assert [word for word in ("orchid", "Wang Fang", "Elm Street", "13812345678") if word in whole] == []
    assert stays in whole
    assert "I am Li" in whole
    assert [one for one in await fsck(settings) if one.level == "bad"] == []
    assert (await prove_audit(settings)).findings == ()
    figure("customers erased again after the restore of an older backup", restored.erased)
    figure("of their values readable after it", 0)


async def test_a_destroyed_key_is_in_no_file_of_the_database_while_the_gateway_runs_on(
    tmp_path: Path, scale: Callable[[int, int], int], figure: Figure
) -> None:
    settings, many = settings_in(tmp_path / "house"), scale(12, 120)
    same_root(settings.data.dir)
    async with filled(settings) as gateway:
        for at in range(many):
            await gateway.say("怎么退货", thread=f"customer{at}")
        numbers = await gateway.database.read(
            lambda tx: tx.execute(select(t.contact.c.number).order_by(t.contact.c.id)).scalars().all()
        )
        wrapped = [(await key_of(gateway, number))[1] for number in numbers]
        for number in numbers[::2]:
            await erase(gateway, number)
        assert found_in(settings.data.dir, *wrapped[::2]) == []
        await gateway.say("怎么退货", thread="customer1")
        kept = found_in(settings.data.dir, *wrapped[1::2])
    assert kept == wrapped[1::2]
    figure("destroyed_keys_looked_for", len(wrapped[::2]))


async def test_a_keyring_older_than_the_backup_or_none_at_all_restores_nothing(
    tmp_path: Path,
) -> None:
    settings, clock, backups = settings_in(tmp_path / "house"), FakeClock(), tmp_path / "backups"
    same_root(settings.data.dir)
    async with filled(settings, clock) as gateway:
        await gateway.say("怎么退货")
        await backup(settings, backups / "one.tar", clock)
        shutil.copy(backups / NAME, tmp_path / "old.json")
        clock.jump(timedelta(days=1))
        await backup(settings, backups / "two.tar", clock)
    for keyring, said in (
        (tmp_path / "old.json", "older than the backup"),
        (tmp_path / "none.json", "no keyring"),
    ):
        with pytest.raises(NotDone, match=said):
            await restore(backups / "two.tar", settings, clock, force=True, keyring=keyring)
    (settings.data.dir / "keys" / "root.key").unlink()
    with pytest.raises(NotDone, match="root key"):
        await restore(backups / "two.tar", settings, clock, force=True)


async def test_another_gateways_keyring_is_never_overwritten(tmp_path: Path) -> None:
    settings, clock, backups = settings_in(tmp_path / "house"), FakeClock(), tmp_path / "backups"
    backups.mkdir()
    theirs = json.dumps({"made_at": "2026-11-22T00:00:00Z", "key_mark": "of another", "keys": []})
    (backups / NAME).write_text(theirs)
    async with filled(settings, clock) as gateway:
        await gateway.say("怎么退货")
        with pytest.raises(NotDone, match="another gateway"):
            await backup(settings, backups / "one.tar", clock)
    assert (backups / NAME).read_text() == theirs


async def test_row_54_a_file_that_was_lost_or_changed_is_named(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "house")
    same_root(settings.data.dir)
    async with filled(settings) as gateway:
        await gateway.say("转人工", file=b"a picture")
    assert [one for one in await fsck(settings) if one.level == "bad"] == []
    (settings.data.dir / "blobs").rename(settings.data.dir / "lost")
    assert "blob_missing" in {one.check for one in await fsck(settings)}
    with closing(sqlite3.connect(settings.data.dir / "gateway.db")) as db:
        db.execute("UPDATE attachment SET size = 1")
        db.commit()
    (settings.data.dir / "lost").rename(settings.data.dir / "blobs")
    assert {one.check for one in await fsck(settings)} == {"blob_size"}
