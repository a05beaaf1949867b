"""A database of the schema before sealing: the first start seals every row, and reads it as before."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from gateway.store import keys, personal
from gateway.store import tables as t
from gateway.store.database import Tx, open_database
from gateway.store.keyring import NoRootKey
from gateway.store.migrate import FOLDER, migrate
from gateway.store.newcomers import find_contact
from gateway.store.senders import blocked_by
from tests.keyring import a_ring
from tests.sealed_rows import read_row
from tests.servers.postgres import Postgres

PLANTED = (
    "王芳芳",
    "anna@cust.example",
    "13812345678",
    "boss@else.example",
    "mallory@bad.example",
    "DD2026112300",
    "退款啊",
)
ROWS = f"""
INSERT INTO contact (id, number, name, lang, vip, created_at) VALUES (1, 'C1', '王芳芳', 'zh-CN', :no, 1);
INSERT INTO contact_identity (id, contact_id, channel, address, level, created_at)
  VALUES (1, 1, 'mail', 'anna@cust.example', 0, 1);
INSERT INTO thread (id, channel, key, contact_id, last_seq, customer_seq, version, subject, created_at)
  VALUES (1, 'mail', 'k', 1, 1, 1, 0, '关于 13812345678', 1);
INSERT INTO conversation (id, thread_id, contact_id, channel, state, lang, entities, misses, started_at, last_at, queue_rank)
  VALUES (1, 1, 1, 'mail', 'bot', 'zh-CN', '[{{"kind":"order","value":"DD2026112300"}}]', 0, 1, 1, 9);
INSERT INTO inbox (id, channel, external_id, body, body_hash, raw, state, attempts, not_before, received_at)
  VALUES (1, 'mail', 'x1', '{{"text":"{PLANTED[6]}"}}', 'h', :raw, 'done', 0, 1, 1);
INSERT INTO inbox (id, channel, external_id, body, body_hash, state, attempts, not_before, received_at)
  VALUES (2, 'mail', 'x2', '{{"text":"{PLANTED[6]}"}}', 'h', 'failed', 0, 1, 1);
INSERT INTO message (id, thread_id, seq, conversation_id, public_id, author, text, inbox_id, at)
  VALUES (1, 1, 1, 1, 'p1', 'customer', '您好', 1, 1);
INSERT INTO outbox (id, key, copy, channel, thread_id, recipient, role, body, state, attempts, silences, not_before, error, created_at)
  VALUES (1, 'o1', 0, 'mail', 1, 'boss@else.example', 'cc', '{{"text":"{PLANTED[6]}"}}', 'held', 0, 0, 1, 'no anna@cust.example', 1);
INSERT INTO blocked_sender (pattern, reason, at) VALUES ('mallory@bad.example', 'spam', 1);
"""


def old(tx: Tx) -> None:
    """Bring an empty database to schema 0002 and fill it."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = tx
    command.upgrade(config, "0002")
    for statement in ROWS.split(";\n"):
        if statement.strip():
            wanted = {
                name: value
                for name, value in {"no": False, "raw": b"raw mail of anna@cust.example"}.items()
                if f":{name}" in statement
            }
            tx.execute(text(statement.strip().rstrip(";")), wanted)


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gateway.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.create()


def found_in_clear(folder: Path) -> list[str]:
    """What of all that was planted can be read in the files of a database."""
    left = b"".join(path.read_bytes() for path in folder.glob("gateway.db*"))
    return [one for one in PLANTED if one.encode() in left]


async def test_rows_of_before_are_sealed_and_read_as_before(fresh: str, tmp_path: Path) -> None:
    database = open_database(fresh, a_ring())
    database.migrate(old)
    migrate(database)

    def look(tx: Tx) -> None:
        rows = {
            table.name: [
                read_row(tx, table, row._mapping)
                for row in tx.execute(
                    select(table).order_by(table.c[next(iter(table.primary_key.columns)).name])
                )
            ]
            for table in (
                t.contact,
                t.contact_identity,
                t.thread,
                t.conversation,
                t.inbox,
                t.outbox,
                t.blocked_sender,
            )
        }
        assert rows["contact"][0]["name"] == "王芳芳"
        assert rows["contact_identity"][0]["address"] == "anna@cust.example"
        assert rows["thread"][0]["subject"] == "关于 13812345678"
        assert rows["conversation"][0]["entities"] == [{"kind": "order", "value": "DD2026112300"}]
        assert [row["body"] for row in rows["inbox"]] == ['{"text":"退款啊"}'] * 2
        assert rows["inbox"][0]["raw"] == b"raw mail of anna@cust.example"
        assert rows["outbox"][0]["body"] == {"text": "退款啊"}
        assert rows["outbox"][0]["recipient"] == "boss@else.example"
        assert rows["blocked_sender"][0]["pattern"] == "mallory@bad.example"
        assert find_contact(tx, "mail", "anna@cust.example") == 1
        assert blocked_by(tx, "mallory@bad.example") == "mallory@bad.example"
        assert personal.name_of(tx, "C1", rows["contact"][0]["name"]) == keys.ERASED  # in clear it is no cell

    await database.read(look)
    await database.close()
    if fresh.startswith("sqlite"):
        assert found_in_clear(tmp_path) == []


async def test_without_keys_nothing_is_migrated(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'gateway.db'}")
    database.migrate(old)
    with pytest.raises(NoRootKey):
        migrate(database)
    assert await database.read(lambda tx: tx.execute(text("SELECT name FROM contact")).scalar()) == "王芳芳"
    await database.close()
