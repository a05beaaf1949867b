"""What fsck finds when rows or files are tampered with, and that it finds nothing otherwise. On both databases."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.safety.fsck import fsck
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.store import tables as t
from gateway.store.database import Tx
from tests.servers.filled import Filled, filled, settings_in
from tests.servers.postgres import Postgres, running_postgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An installation with an empty database."""
    if request.param == "sqlite":
        yield settings_in(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    made = server.create()
    yield settings_in(tmp_path, made)
    server.drop(made)


async def busy(gateway: Filled) -> None:
    """A few conversations, one handed over, one on a channel with an outbox, one with a file."""
    for thread in ("wang", "li"):
        await gateway.say("怎么退货", thread=thread)
        await gateway.say("转人工", thread=thread)
    await gateway.say("您好", channel="mirror", thread="m")
    await gateway.say("发票", file=b"a picture", thread="zhang")


async def checks(settings: Settings, *, quick: bool = False) -> set[str]:
    return {finding.check for finding in await fsck(settings, quick=quick)}


async def test_nothing_is_found_after_ordinary_work_nor_while_it_goes_on(settings: Settings) -> None:
    async with filled(settings) as gateway:
        await busy(gateway)
        await gateway.only_store("还没处理", thread="wang")
        assert await fsck(settings) == []
    assert await fsck(settings) == []


TAMPERED = {
    "seq": update(t.thread).where(t.thread.c.key == "wang").values(last_seq=t.thread.c.last_seq + 1),
    "inbox_state": update(t.inbox).where(t.inbox.c.id == 1).values(state="odd"),
    "outbox_state": update(t.outbox).values(state="odd"),
    "outbox_stuck": update(t.outbox).values(state="sending"),
    "outbox_unsettled": update(t.outbox).values(state="delivered"),
    "ticket_astray": update(t.ticket).where(t.ticket.c.id == 1).values(thread_id=2),
    "queued_without_ticket": update(t.conversation)
    .where(t.conversation.c.channel == "mirror")
    .values(state="queued"),
    "link": update(t.thread).where(t.thread.c.key == "m").values(conversation_id=999),
    "counter": update(t.counter).where(t.counter.c.name.like("T%")).values(value=1),
}


@pytest.mark.parametrize("check", TAMPERED)
async def test_each_broken_promise_is_found_and_told_in_both_languages(
    settings: Settings, check: str
) -> None:
    async with filled(settings) as gateway:
        await busy(gateway)
        await gateway.database.write(lambda tx: tx.execute(TAMPERED[check]) and None)
    findings = [finding for finding in await fsck(settings) if finding.check == check]
    assert findings, f"{check} was not found"
    assert findings[0].where
    assert findings[0].found.zh != findings[0].found.en


async def test_a_message_that_vanished_is_missed_in_its_thread_and_in_the_inbox(settings: Settings) -> None:
    async with filled(settings) as gateway:
        await busy(gateway)
        gone = (t.message.c.thread_id == 1) & (t.message.c.seq == 1)
        await gateway.database.write(lambda tx: tx.execute(delete(t.message).where(gone)) and None)
    findings = {finding.check: finding for finding in await fsck(settings)}
    assert findings["seq"].where["missing"] == [1]
    assert findings["inbox_lost"].where == {"inbox": 1}


async def test_lost_and_changed_files_are_found(settings: Settings) -> None:
    async with filled(settings) as gateway:
        await gateway.say("一", file=b"lost")
        await gateway.say("二", file=b"changed")
        blobs = gateway.house.blobs
        rows = await gateway.database.read(
            lambda tx: tx.execute(select(t.attachment).order_by(t.attachment.c.size)).all()
        )
        lost, changed = (row.blob for row in rows)
    blobs.path(lost).unlink()
    blobs.path(changed).write_bytes(b"X" * blobs.path(changed).stat().st_size)  # a quick look sees sizes
    assert await checks(settings) == {"blob_missing", "blob_changed"}
    assert await checks(settings, quick=True) == {"blob_missing"}


async def test_a_file_of_another_size_than_its_row_says_is_found(settings: Settings) -> None:
    async with filled(settings) as gateway:
        await gateway.say("一", file=b"four")
        await gateway.database.write(lambda tx: tx.execute(update(t.attachment).values(size=5)) and None)
    assert await checks(settings) == {"blob_size"}


async def test_a_row_that_names_a_path_instead_of_a_hash_opens_nothing(settings: Settings) -> None:
    async with filled(settings) as gateway:
        await gateway.say("一", file=b"four")
        evil = update(t.attachment).values(blob="../../../etc/passwd")
        await gateway.database.write(lambda tx: tx.execute(evil) and None)
    assert await checks(settings) == {"blob_name"}


async def test_a_damaged_file_is_told_and_its_rows_are_not_believed(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        for n in range(100):
            await gateway.only_store("x" * 500, thread=f"t{n}")
        await gateway.database.write(_misplace_an_index_entry)
    findings = await fsck(settings)
    assert {finding.check for finding in findings} == {"integrity"}
    assert "restore" in str(findings[0].remedy)


def _misplace_an_index_entry(tx: Tx) -> None:
    tx.execute(text("PRAGMA writable_schema=ON"))
    swap = "UPDATE sqlite_master SET sql = replace(sql, '(not_before)', '(external_id)') WHERE name = 'ix_inbox_new'"
    assert tx.execute(text(swap)).rowcount == 1


async def test_a_row_whose_parent_is_gone_is_found(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        await busy(gateway)
    raw = sqlite3.connect(settings.data.dir / "gateway.db")
    raw.execute("DELETE FROM contact WHERE id = 1")  # sqlite3's own connection does not mind foreign keys
    raw.commit()
    raw.close()
    assert "foreign_keys" in await checks(settings)


async def test_two_tickets_of_one_conversation_are_found(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        await busy(gateway)
        await gateway.database.write(_second_ticket)
    assert "ticket_doubled" in await checks(settings)


def _second_ticket(tx: Tx) -> None:
    """A table without the constraint that forbids it, as a careless hand might leave it."""
    tx.execute(text("CREATE TABLE other AS SELECT * FROM ticket"))
    tx.execute(text("PRAGMA defer_foreign_keys=ON"))
    tx.execute(text("INSERT INTO other SELECT * FROM ticket WHERE id = 1"))
    loose = {t.ticket}
    for table in t.metadata.sorted_tables:  # each after those it names
        if any(key.column.table in loose for key in table.foreign_keys):
            loose.add(table)
            tx.execute(text(f"CREATE TABLE kept AS SELECT * FROM {table.name}"))
            tx.execute(text(f"DROP TABLE {table.name}"))
            tx.execute(text(f"ALTER TABLE kept RENAME TO {table.name}"))
    tx.execute(text("DROP TABLE ticket"))
    tx.execute(text("ALTER TABLE other RENAME TO ticket"))


async def test_an_older_schema_is_not_judged_by_todays_rules(settings: Settings) -> None:
    async with filled(settings) as gateway:
        await gateway.database.write(
            lambda tx: tx.execute(text("UPDATE alembic_version SET version_num='0000'")) and None
        )
    with pytest.raises(NotDone, match="gateway migrate"):
        await fsck(settings)


def test_a_finding_is_one_line_of_json_in_the_readers_language() -> None:
    finding = Finding(check="x", found=Said("坏了", "broken"), remedy=Said("修", "mend"), where={"inbox": 1})
    assert finding.as_json("zh-CN") == {
        "check": "x",
        "level": "bad",
        "found": "坏了",
        "where": {"inbox": 1},
        "remedy": "修",
    }
    assert finding.as_text("en") == "✗ x: broken\n    → mend"
