"""A database from before has its words covered when the schema is brought up to date, and their originals sealed."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from gateway.store import tables as t
from gateway.store.database import Tx, open_database
from gateway.store.file_cells import opened
from gateway.store.migrate import FOLDER, migrate
from gateway.store.originals import message_row, read_originals
from tests.keyring import a_ring
from tests.servers.postgres import Postgres

PHONE, CARD = "13800000123", "4242424242424242"
OLD = (
    "INSERT INTO contact (id, number, created_at) VALUES (1, 'C1', 0)",
    "INSERT INTO thread (id, channel, key, contact_id, created_at) VALUES (1, 'web', 'k', 1, 0)",
    "INSERT INTO conversation (id, thread_id, contact_id, channel, state, lang, started_at, last_at) VALUES (1, 1, 1, 'web', 'queued', 'zh-CN', 0, 0)",
    f"INSERT INTO message (id, thread_id, seq, conversation_id, public_id, author, text, html, attachments, at) VALUES "
    f"(1, 1, 1, 1, 'm1', 'customer', '电话{PHONE}', '<p>电话{PHONE}</p>', '[{{\"id\":\"a1\",\"name\":\"发票王样本.pdf\"}}]', 0)",
    "INSERT INTO message (id, thread_id, seq, conversation_id, public_id, author, text, at) VALUES (2, 1, 2, 1, 'm2', 'bot', '您好', 0)",
    "INSERT INTO ticket (id, number, conversation_id, thread_id, contact_id, channel, status, type, urgency, urgency_rank, anomaly, department, subject, summary, because, lang, last_at, opened_at) "
    f"VALUES (1, 'T1', 1, 1, 1, 'web', 'open', 'aftersale', 'normal', 1, 'none', 'service', '电话{PHONE}', '卡号{CARD}', 'x', 'zh-CN', 0, 0)",
    "INSERT INTO agent (id, login, number, name, role, created_at) VALUES (1, 'a', '1001', 'A', 'agent', 0)",
    f"INSERT INTO note (id, ticket_id, agent_id, text, at) VALUES (1, 1, 1, '打 {PHONE}', 0)",
    f"INSERT INTO complaint (ticket_id, contact, because, made_at) VALUES (1, '王样本 {PHONE}', 'x', 0)",
    "INSERT INTO attachment (id, thread_id, channel, thread_key, blob, name, media_type, size, at) VALUES ('a1', 1, 'web', 'k', 'b', '发票王样本.pdf', 'application/pdf', 1, 0)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/old.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create()


def _before(tx: Tx) -> None:
    """Schema 0002 with rows in it."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = tx
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("BEGIN IMMEDIATE")
    command.upgrade(config, "0002")
    for statement in OLD:
        tx.execute(text(statement.replace(":", "\\:")))
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("COMMIT")


async def test_words_from_before_are_covered_and_their_originals_sealed(url: str) -> None:
    database = open_database(url, a_ring())
    database.migrate(_before)
    migrate(database)

    def found(tx: Tx) -> dict[str, Any]:
        clear = [
            [dict(row) for row in tx.execute(table.select()).mappings()]
            for table in (t.message, t.ticket, t.note, t.complaint, t.attachment)
        ]
        message = tx.execute(t.message.select().order_by(t.message.c.id)).first()
        note = tx.execute(t.note.select()).one()
        complaint = tx.execute(t.complaint.select()).one()
        assert message is not None
        return {
            "clear": str(clear),
            "message": read_originals(tx, t.message, message_row(1, 1), message.sealed),
            "note": read_originals(tx, t.note, note.id, note.sealed),
            "complaint": read_originals(tx, t.complaint, complaint.ticket_id, complaint.sealed),
            "file": opened(tx, tx.execute(t.attachment.select()).one()),
        }

    now = await database.read(found)
    assert not {one for one in (PHONE, CARD, "发票王样本") if one in now["clear"]}
    assert "138****0123" in now["clear"]
    assert now["message"] == {"text": f"电话{PHONE}", "html": f"<p>电话{PHONE}</p>"}
    assert now["note"] == {"text": f"打 {PHONE}"}
    assert now["complaint"] == {"contact": f"王样本 {PHONE}"}
    assert now["file"] == ("发票王样本.pdf", "b")
    await database.close()
