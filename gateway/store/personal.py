"""What is personal in which cell: its place, and how it is sealed and read.

Every function takes the key or ``tx`` first. What cannot be read any more (the person was erased) is ``ERASED`` to
whoever looks at it, and None to whoever would act upon it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Table

from gateway.store import keys
from gateway.store.database import Tx
from gateway.store.keys import Key, Place, Unreadable

ADDRESS = "contact_identity.address"
"""The blind index of an address is the same on every channel, so that a caller's telephone is found again."""
SENDERS = "senders"
"""The purpose of the key under which the list of blocked senders is sealed: it is the house's, no customer's."""


def place_of(table: Table, column: str, row: Any) -> Place:
    """Return the place of a column's cell in a row (a mapping), by what the table says of the column."""
    named: Sequence[str] = table.c[column].info["sealed"]
    return Place(table.name, column, table.c[column].info["joined"].join(str(row[name]) for name in named))


def opened(tx: Tx, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole row of a table with every sealed column read; ``ERASED`` (bytes: None) where it cannot be."""
    found = dict(row)
    for column in table.c:
        value = found.get(column.name)
        if "sealed" not in column.info or value is None:
            continue
        place = place_of(table, column.name, row)
        if isinstance(value, bytes):
            try:
                found[column.name] = keys.unseal_bytes(tx, place, value)
            except Unreadable:
                found[column.name] = None
        else:
            found[column.name] = keys.shown(tx, place, value)
    return found


def name_place(number: str) -> Place:
    """Where a contact's name lies."""
    return Place("contact", "name", number)


def address_place(contact_id: int, channel: str, index: str) -> Place:
    """Where an address lies: with this contact, under this index."""
    return Place("contact_identity", "address", f"{contact_id}|{channel}|{index}")


def subject_place(channel: str, key: str) -> Place:
    """Where a thread's subject lies."""
    return Place("thread", "subject", f"{channel}|{key}")


def entities_place(conversation_id: int) -> Place:
    """Where lies what a conversation named."""
    return Place("conversation", "entities", conversation_id)


def arrival_place(channel: str, external_id: str, column: str = "body") -> Place:
    """Where an inbox row's ``body`` or ``raw`` lies."""
    return Place("inbox", column, f"{channel}|{external_id}")


def outgoing_place(key: str, copy: int, column: str = "body") -> Place:
    """Where an outbox row's ``body`` or ``recipient`` lies."""
    return Place("outbox", column, f"{key}|{copy}")


def pattern_place(index: str) -> Place:
    """Where a blocked sender's address or domain lies."""
    return Place("blocked_sender", "pattern", index)


def index_of(tx: Tx, address: str) -> str:
    """Return the blind index of an address, as it is written on its channel."""
    return keys.blind(tx, ADDRESS, address)


def name_of(tx: Tx, number: str, cell: str | None) -> str | None:
    """Return a contact's name."""
    return keys.shown(tx, name_place(number), cell)


def address_of(tx: Tx, contact_id: int, channel: str, index: str, cell: str | None) -> str | None:
    """Return an address, None where there is none any more: nothing may be sent to a placeholder."""
    if cell is None:
        return None
    try:
        return keys.unseal(tx, address_place(contact_id, channel, index), cell)
    except Unreadable:
        return None


def subject_of(tx: Tx, channel: str, key: str, cell: str | None) -> str | None:
    """Return a thread's subject."""
    return keys.shown(tx, subject_place(channel, key), cell)


def entities_of(tx: Tx, conversation_id: int, cell: str | None) -> list[dict[str, str]]:
    """Return what a conversation named; nothing where it cannot be read any more."""
    found: list[dict[str, str]] = orjson.loads(
        keys.shown(tx, entities_place(conversation_id), cell, "[]") or "[]"
    )
    return found


def body_of(tx: Tx, key: str, copy: int, cell: str) -> dict[str, Any] | None:
    """Return what is to be sent, None where it cannot be read any more."""
    try:
        found: dict[str, Any] = orjson.loads(keys.unseal(tx, outgoing_place(key, copy), cell))
    except Unreadable:
        return None
    return found


def recipient_of(tx: Tx, key: str, copy: int, cell: str | None) -> str | None:
    """Return to whom else a copy goes."""
    return keys.shown(tx, outgoing_place(key, copy, "recipient"), cell, "") or None


def seal_outgoing(
    sealing: Key, key: str, copy: int, body: dict[str, Any], recipient: str | None
) -> tuple[str, str | None]:
    """Return body and recipient of an outbox row."""
    written = keys.seal(sealing, outgoing_place(key, copy), orjson.dumps(body).decode())
    if recipient is None:
        return written, None
    return written, keys.seal(sealing, outgoing_place(key, copy, "recipient"), recipient)


def known_indexes(tx: Tx, words: Iterable[str]) -> list[str]:
    """Return the indexes under which any of these would be found as an address."""
    return [index_of(tx, one) for one in dict.fromkeys(words)]
