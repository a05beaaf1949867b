"""Rows with sealed columns, opened for a test to look at, and made by a test without the house."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Table

from gateway.store import keys
from gateway.store.database import Tx
from gateway.store.personal import opened, place_of

_JSON = {"outbox": ("body",), "conversation": ("entities",)}


def read_row(tx: Tx, table: Table, row: Any) -> dict[str, Any]:
    """A row with what is sealed in it opened, and JSON as values."""
    found = opened(tx, table, row)
    for name in _JSON.get(table.name, ()):
        found[name] = found[name] and orjson.loads(found[name])
    return found


def sealed_row(tx: Tx, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for an insert, sealed under the contact's key where they name one, else under an arrival's."""
    row = dict(values)
    key = keys.of_contact(tx, row["contact_id"]) if "contact_id" in row else keys.for_arrival(tx)
    if table.name == "contact_identity":
        row["address_index"] = keys.blind(tx, "contact_identity.address", row["address"])
    for column in table.c:
        value = row.get(column.name)
        if "sealed" in column.info and value is not None:
            place = place_of(table, column.name, row)
            seal: Any = keys.seal_bytes if isinstance(value, bytes) else keys.seal
            row[column.name] = seal(key, place, value)
    return row
