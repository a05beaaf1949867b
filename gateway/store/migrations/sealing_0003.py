"""Schema 0003 of what is sealed: columns for cells and blind indexes, and every row there is sealed in place.

Contact after contact, so that no more than one key and some rows are held at a time; all in the one transaction of
the migration. What the tables looked like is written down here: they will change again, this will not.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from gateway.domain.masking import mask_text
from gateway.sealing.cells import Key, is_cell
from gateway.store import keys
from gateway.store.database import Tx
from gateway.store.keyring import NoRootKey, keys_of
from gateway.store.keys import Place, blind, seal, seal_bytes

PAGE = 500
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SEALED = ("contact", "contact_identity", "thread", "inbox", "outbox", "attachment", "blocked_sender")


def upgrade_sealing() -> None:
    """Change the columns, then seal what is in them."""
    tx: Tx = op.get_bind()
    op.add_column("contact_identity", sa.Column("address_index", sa.String(22)))
    op.add_column("outbox", sa.Column("recipient_index", sa.String(22)))
    blocked = tx.execute(sa.text("SELECT pattern, agent_id, reason, at FROM blocked_sender")).all()
    op.drop_table("blocked_sender")
    op.create_table(
        "blocked_sender",
        sa.Column("pattern_index", sa.String(22), nullable=False),
        sa.Column("pattern", sa.Text, nullable=False),
        sa.Column("agent_id", ID),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("pattern_index", name=op.f("pk_blocked_sender")),
    )
    with op.batch_alter_table("contact_identity") as batch:
        batch.alter_column("address", type_=sa.Text(), existing_type=sa.String(320), existing_nullable=False)
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("recipient", type_=sa.Text(), existing_type=sa.String(320))
    if blocked or any(tx.execute(sa.text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in _SEALED):  # noqa: S608 - names of ours
        if tx.get_execution_options().get("keys") is None:
            raise NoRootKey("there are rows to seal, and no keys")
        _seal_rows(tx, blocked)
    with op.batch_alter_table("contact_identity") as batch:
        batch.alter_column("address_index", nullable=False, existing_type=sa.String(22))
        batch.drop_constraint(op.f("uq_contact_identity_channel_address"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_contact_identity_channel_address_index"), ["channel", "address_index"]
        )
    op.create_index("ix_contact_identity_address_index", "contact_identity", ["address_index"])


def _seal_rows(tx: Tx, blocked: Sequence[Any]) -> None:
    for page in _pages(tx, "SELECT id, number, name FROM contact WHERE id > :after"):
        for contact in page:
            _seal_contact(tx, contact, keys.of_contact(tx, contact.id))
        keys_of(tx).undo()  # they are rows by now: nothing is lost but memory
    _seal_ownerless(tx)
    for row in blocked:
        index = blind(tx, "blocked_sender.pattern", row.pattern)
        cell = seal(keys.house(tx, "senders"), Place("blocked_sender", "pattern", index), row.pattern)
        _run(
            tx,
            "INSERT INTO blocked_sender (pattern_index, pattern, agent_id, reason, at) VALUES (:i, :p, :a, :r, :t)",
            {"i": index, "p": cell, "a": row.agent_id, "r": row.reason, "t": row.at},
        )
    _blind_ticket_keys(tx)
    _mask_history(tx)


def _seal_contact(tx: Tx, contact: Any, key: Key) -> None:
    who = {"c": contact.id}
    if contact.name is not None:
        name = seal(key, Place("contact", "name", contact.number), contact.name)
        _run(tx, "UPDATE contact SET name = :n WHERE id = :c", who | {"n": name})
    for row in _all(tx, "SELECT id, channel, address FROM contact_identity WHERE contact_id = :c", who):
        index = blind(tx, "contact_identity.address", row.address)
        place = Place("contact_identity", "address", f"{contact.id}|{row.channel}|{index}")
        _run(
            tx,
            "UPDATE contact_identity SET address = :a, address_index = :i WHERE id = :id",
            {"a": seal(key, place, row.address), "i": index, "id": row.id},
        )
    threads = _all(tx, "SELECT id, channel, key, subject FROM thread WHERE contact_id = :c", who)
    for row in threads:
        if row.subject is not None:
            place = Place("thread", "subject", f"{row.channel}|{row.key}")
            _set(tx, "thread", "subject", row.id, seal(key, place, row.subject))
        _seal_thread(tx, row.id, key)
    for row in _all(
        tx,
        "SELECT id, entities FROM conversation WHERE contact_id = :c AND entities IS NOT NULL",
        who,
    ):
        _set(
            tx,
            "conversation",
            "entities",
            row.id,
            seal(key, Place("conversation", "entities", row.id), row.entities),
        )


def _seal_thread(tx: Tx, thread_id: int, key: Key) -> None:
    for page in _pages(
        tx,
        "SELECT id, channel, external_id, body, body_hash, raw FROM inbox "
        "WHERE id > :after AND id IN (SELECT inbox_id FROM message WHERE thread_id = :t AND inbox_id IS NOT NULL)",
        {"t": thread_id},
    ):
        for row in page:
            _seal_arrival(tx, row, key)
    for page in _pages(
        tx,
        "SELECT id, key, copy, recipient, body, error FROM outbox WHERE id > :after AND thread_id = :t",
        {"t": thread_id},
    ):
        for row in page:
            _seal_outgoing(tx, row, key)


def _seal_arrival(tx: Tx, row: Any, key: Key) -> None:
    if is_cell(row.body):
        return
    place = f"{row.channel}|{row.external_id}"
    _run(
        tx,
        "UPDATE inbox SET body = :b, body_hash = :h, raw = :r WHERE id = :id",
        {
            "b": seal(key, Place("inbox", "body", place), row.body),
            "h": blind(tx, "inbox.body", row.body_hash),
            "r": None if row.raw is None else seal_bytes(key, Place("inbox", "raw", place), bytes(row.raw)),
            "id": row.id,
        },
    )


def _seal_outgoing(tx: Tx, row: Any, key: Key) -> None:
    place = f"{row.key}|{row.copy}"
    to = row.recipient
    _run(
        tx,
        "UPDATE outbox SET body = :b, recipient = :r, recipient_index = :i, error = :e WHERE id = :id",
        {
            "b": seal(key, Place("outbox", "body", place), row.body),
            "r": None if to is None else seal(key, Place("outbox", "recipient", place), to),
            "i": None if to is None else blind(tx, "outbox.recipient", to),
            "e": None if row.error is None else mask_text(row.error),
            "id": row.id,
        },
    )


def _seal_ownerless(tx: Tx) -> None:
    """What came and is no message: under the key of whose thread it came to, else each under one of its own."""
    for page in _pages(
        tx,
        "SELECT i.id, i.channel, i.external_id, i.body, i.body_hash, i.raw, h.contact_id FROM inbox i "
        "LEFT JOIN thread h ON h.id = i.thread_id WHERE i.id > :after AND i.body NOT LIKE 'v1.%'",
        id="i.id",
    ):
        for row in page:
            key = keys.for_arrival(tx) if row.contact_id is None else keys.of_contact(tx, row.contact_id)
            _seal_arrival(tx, row, key)
        keys_of(tx).undo()


def _blind_ticket_keys(tx: Tx) -> None:
    for row in _all(tx, "SELECT key, ticket_id FROM ticket_key", {}):
        kind = row.key.partition(":")[0]
        _run(
            tx,
            "UPDATE ticket_key SET key = :n WHERE key = :o AND ticket_id = :t",
            {"n": f"{kind}:{blind(tx, 'ticket_key.key', row.key)}", "o": row.key, "t": row.ticket_id},
        )


def _mask_history(tx: Tx) -> None:
    """Addresses stood in what was written down of forwards, bounces and blocked senders, and in errors."""
    kinds = "('sender', 'note', 'bounced', 'delayed')"
    for page in _pages(
        tx,
        f"SELECT id, data FROM event WHERE id > :after AND kind IN {kinds} AND data LIKE '%@%'",  # noqa: S608 - words of ours
    ):
        for row in page:
            _set(tx, "event", "data", row.id, orjson.dumps(_masked(orjson.loads(row.data))).decode())
    for page in _pages(tx, "SELECT id, error FROM inbox WHERE id > :after AND error IS NOT NULL"):
        for row in page:
            _set(tx, "inbox", "error", row.id, mask_text(row.error))


def _masked(value: Any) -> Any:
    match value:
        case str():
            return mask_text(value)
        case list():
            return [_masked(one) for one in value]
        case dict():
            return {
                name: _masked(one) if name in ("pattern", "to", "detail") else one
                for name, one in value.items()
            }
        case _:
            return value


def _pages(
    tx: Tx, query: str, values: dict[str, Any] | None = None, id: str = "id"
) -> Iterator[Sequence[Any]]:
    """Rows in the order of their ``id``, a page at a time."""
    after = 0
    while True:
        found = _all(tx, f"{query} ORDER BY {id} LIMIT {PAGE}", (values or {}) | {"after": after})
        if found:
            yield found
        if len(found) < PAGE:
            return
        after = found[-1].id


def _all(tx: Tx, query: str, values: dict[str, Any]) -> Sequence[Any]:
    return tx.execute(sa.text(query), values).all()


def _run(tx: Tx, statement: str, values: dict[str, Any]) -> None:
    tx.execute(sa.text(statement), values)


def _set(tx: Tx, table: str, column: str, id: int, value: str) -> None:
    _run(tx, f"UPDATE {table} SET {column} = :v WHERE id = :id", {"v": value, "id": id})  # noqa: S608 - names of ours
