"""The database as the checker sees it: plain rows, read by SQL of its own, not by the code that is being checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

Row = Mapping[str, Any]

_QUERIES = {
    "threads": "SELECT id, channel, key, last_seq, conversation_id FROM thread",
    "messages": "SELECT m.id, m.thread_id, m.seq, m.conversation_id, m.public_id, m.author, m.text, m.inbox_id, m.at,"
    " t.channel, t.key AS thread FROM message m JOIN thread t ON t.id = m.thread_id ORDER BY m.thread_id, m.seq, m.id",
    "inbox": "SELECT id, channel, external_id, state, attempts, error FROM inbox",
    "outbox": "SELECT o.id, o.key, o.channel, o.thread_id, o.message_id, o.state, o.attempts, o.silences, o.not_before,"
    " o.provider_id, o.error, t.key AS thread FROM outbox o JOIN thread t ON t.id = o.thread_id ORDER BY o.id",
    "conversations": "SELECT id, thread_id, state FROM conversation",
    "tickets": "SELECT id, number, conversation_id, status, department, agent_id FROM ticket",
    "turns": "SELECT id, data FROM event WHERE kind = 'message'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All that is checked, as of one snapshot."""

    threads: Sequence[Row]
    messages: Sequence[Row]
    inbox: Sequence[Row]
    outbox: Sequence[Row]
    conversations: Sequence[Row]
    tickets: Sequence[Row]
    turns: Sequence[Row]
    integrity: str = "ok"


def read_rows(tx: Connection) -> Rows:
    """Read everything the checker looks at."""
    tables = {
        name: [dict(row) for row in tx.exec_driver_sql(sql).mappings()] for name, sql in _QUERIES.items()
    }
    integrity = "ok"
    if tx.dialect.name == "sqlite":
        integrity = "; ".join(str(row[0]) for row in tx.exec_driver_sql("PRAGMA integrity_check"))
    return Rows(**tables, integrity=integrity)


def unfinished(tx: Connection) -> int:
    """Count what the gateway still has to do: stored messages without their turn, replies on their way."""
    waiting = "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
    owed = "(SELECT count(*) FROM outbox WHERE state IN ('due', 'sending', 'unknown'))"
    return int(tx.exec_driver_sql(f"{waiting} + {owed}").scalar_one())
