"""What covered words were before: sealed under the contact's key in the same row, only where covering changed them.

A row has one such cell, ``sealed``: the original values by column, as JSON. It is bound to the row, so that it opens
nowhere else. With ``protection.originals = "dropped"`` there is none.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Table, select, update

from gateway.store import keys
from gateway.store.columns import CoveredHtml, covered, covered_html, rules_of
from gateway.store.database import Tx
from gateway.store.keys import Place, Unreadable

Words = dict[str, str]


def message_row(thread_id: int, seq: int) -> str:
    """Return what a message's cell is bound to: known before its row is written."""
    return f"{thread_id}.{seq}"


def originals_in(
    tx: Tx, table: Table, row: str | int, contact_id: int, values: Mapping[str, Any]
) -> str | None:
    """Return the cell of those values that covering changes; None where nothing is, or nothing is to be kept."""
    changed = {
        name: value
        for name, value in values.items()
        if isinstance(value, str) and value and _kept(tx, table, name, value) != value
    }
    if not changed or not rules_of(tx.dialect).keeps_originals:
        return None
    return _seal(tx, table, row, contact_id, changed)


def keep_originals(tx: Tx, table: Table, row: int, contact_id: int, values: Mapping[str, Any]) -> None:
    """Seal the originals of a row that was just written, and whose id was not known before; others of it stay."""
    column = table.primary_key.columns[0]
    words = {name: value for name, value in values.items() if isinstance(value, str) and value}
    changed = {name: value for name, value in words.items() if _kept(tx, table, name, value) != value}
    before = tx.execute(select(table.c.sealed).where(column == row)).scalar()
    if not changed and before is None:
        return
    kept = {
        name: value for name, value in read_originals(tx, table, row, before).items() if name not in values
    }
    if not rules_of(tx.dialect).keeps_originals:
        kept, changed = {}, {}
    cell = _seal(tx, table, row, contact_id, kept | changed) if kept | changed else None
    tx.execute(update(table).where(column == row).values(sealed=cell))


def read_originals(tx: Tx, table: Table, row: str | int, cell: str | None) -> Words:
    """Return the original values by column; nothing where there are none, or their key is gone."""
    if cell is None:
        return {}
    try:
        found: Words = orjson.loads(keys.unseal(tx, Place(table.name, "sealed", row), cell))
    except Unreadable:
        return {}
    return found


def _seal(tx: Tx, table: Table, row: str | int, contact_id: int, words: Words) -> str:
    place = Place(table.name, "sealed", row)
    return keys.seal(keys.of_contact(tx, contact_id), place, orjson.dumps(words).decode())


def _kept(tx: Tx, table: Table, column: str, value: str) -> str | None:
    is_html = isinstance(table.c[column].type, CoveredHtml)
    return covered_html(tx, value) if is_html else covered(tx, value)
