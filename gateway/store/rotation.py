"""New data keys for old: what is sealed is sealed anew, page by page, while the house goes on working.

From the first moment on everything new is sealed under new keys (``begin``). Then each table is gone through and
what lies under a replaced key is rewritten (``rewrite``), however often that is broken off. A replaced key under
which nothing lies any more is retired (``retire``): it stays, because backups of before still need it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, func, select, update

from gateway.sealing.cells import Key, Unreadable, is_cell, kid_of
from gateway.sealing.roots import wrap
from gateway.store import keys
from gateway.store.database import Tx
from gateway.store.keyring import STALE, keys_of
from gateway.store.keys import AUDIT, INDEX
from gateway.store.personal import place_of
from gateway.store.schema import metadata
from gateway.store.tables_keys import CUSTOMER, data_key

KEPT = (INDEX, AUDIT)
"""Look-ups need the one index key, and the audit's chain names the key of each row: these stay as they are."""
PAGE = 100
_c = data_key.c
_LIVE = (_c.replaced_at.is_(None), _c.wrapped.is_not(None))
_OLD = (_c.replaced_at.is_not(None), _c.retired_at.is_(None), _c.wrapped.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page rewritten: after which row the next begins; None at a table's end."""

    rewritten: int
    last: Any | None


def sealed_columns() -> dict[str, tuple[str, ...]]:
    """Return every table that holds cells, with the columns that do."""
    found = {
        table.name: tuple(column.name for column in table.c if "sealed" in column.info)
        for table in metadata.sorted_tables
    }
    return {name: columns for name, columns in found.items() if columns}


def begin(tx: Tx, now: datetime) -> int:
    """Let no key that is there seal anything new; return how many there are. A rotation under way goes on instead."""
    under_way = tx.execute(select(func.count()).select_from(data_key).where(*_OLD)).scalar_one()
    if under_way:
        return int(under_way)
    changed = tx.execute(update(data_key).where(*_LIVE, _c.purpose.not_in(KEPT)).values(replaced_at=now))
    keys_of(tx).ring.forget_choices()
    return int(changed.rowcount)


def rewrite(tx: Tx, name: str, after: Any | None, limit: int = PAGE) -> Page:
    """Seal anew what lies under replaced keys in the next rows of a table."""
    table, columns = metadata.tables[name], sealed_columns()[name]
    (primary,) = table.primary_key.columns
    query = select(table).order_by(primary).limit(limit)
    rows = tx.execute(query if after is None else query.where(primary > after)).mappings().all()
    replaced = _replaced(tx, rows, columns)
    heirs: dict[str, Key] = {}
    rewritten = 0
    for row in rows:
        for column in columns:
            cell = row[column]
            if not cell or not is_cell(cell) or (owner := replaced.get(kid_of(cell))) is None:
                continue
            rewritten += _anew(tx, table, primary, row, column, owner, heirs)
    return Page(rewritten=rewritten, last=rows[-1][primary.name] if len(rows) == limit else None)


def retire(tx: Tx, used: frozenset[str], *, began_at: datetime, now: datetime) -> tuple[int, int]:
    """Retire replaced keys under which nothing was found in a search that began then; return how many, and how many are left.

    Where several gateways share a database, one may go on sealing under a key for a minute after it was replaced.
    """
    lately = began_at - (timedelta(seconds=2 * STALE) if tx.dialect.name == "postgresql" else timedelta())
    found = tx.execute(select(_c.kid).where(*_OLD, _c.replaced_at <= lately)).scalars().all()
    gone = [kid for kid in found if kid not in used]
    for at in range(0, len(gone), 500):
        tx.execute(update(data_key).where(_c.kid.in_(gone[at : at + 500])).values(retired_at=now))
    left = tx.execute(select(func.count()).select_from(data_key).where(*_OLD)).scalar_one()
    return len(gone), int(left)


def kids_in(tx: Tx, name: str, after: Any | None, limit: int = 2000) -> tuple[frozenset[str], Any | None]:
    """Return the keys that the next rows of a table lie under, and after which row to go on."""
    table, columns = metadata.tables[name], sealed_columns()[name]
    (primary,) = table.primary_key.columns
    heads = [func.substr(table.c[column], 1, 20).label(column) for column in columns]
    query = select(primary, *heads).order_by(primary).limit(limit)
    rows = tx.execute(query if after is None else query.where(primary > after)).all()
    cells = (cell for row in rows for cell in row[1:] if cell)
    found = frozenset(kid_of(bytes(cell) if isinstance(cell, memoryview) else cell) for cell in _only(cells))
    return found, rows[-1][0] if len(rows) == limit else None


def rewrap(tx: Tx, limit: int = 500) -> int:
    """Wrap data keys anew by the newest root key; return how many of a page were: 0 when all are."""
    ring = keys_of(tx).ring
    root = ring.newest_root()
    rows = tx.execute(
        select(_c.kid, _c.purpose, _c.root, _c.wrapped)
        .where(_c.wrapped.is_not(None), _c.root != root.kid)
        .limit(limit)
    ).all()
    for row in rows:
        key = ring.unwrap(row.kid, row.purpose, row.root, row.wrapped)
        same = (_c.kid == row.kid) & (_c.wrapped == row.wrapped)  # it may be destroyed in this moment
        tx.execute(update(data_key).where(same).values(root=root.kid, wrapped=wrap(root, key, row.purpose)))
    return len(rows)


def counts(tx: Tx) -> dict[str, Any]:
    """Return how many data keys there are of each purpose and standing, and by which root key they are wrapped."""
    standing: dict[str, dict[str, int]] = {}
    rows = tx.execute(select(_c.purpose, _c.replaced_at, _c.retired_at, _c.wrapped.is_(None).label("gone")))
    for row in rows:
        word = (
            "destroyed"
            if row.gone
            else "retired"
            if row.retired_at
            else "replaced"
            if row.replaced_at
            else "live"
        )
        of = standing.setdefault(row.purpose, {})
        of[word] = of.get(word, 0) + 1
    wrapped = select(_c.root, func.count()).where(_c.wrapped.is_not(None)).group_by(_c.root)
    return {"purposes": standing, "roots": {row[0]: row[1] for row in tx.execute(wrapped)}}


def _only(cells: Any) -> Iterator[Any]:
    for cell in cells:
        value = bytes(cell) if isinstance(cell, memoryview) else cell
        try:
            kid_of(value)
        except Unreadable:
            continue
        yield value


def _replaced(tx: Tx, rows: Sequence[Any], columns: Sequence[str]) -> dict[str, tuple[str, int | None]]:
    """Of the keys these rows lie under the replaced ones, each with its purpose and whose it is."""
    cells = [row[column] for row in rows for column in columns if row[column]]
    kids = {kid_of(cell) for cell in cells if is_cell(cell)}
    query = select(_c.kid, _c.purpose, _c.contact_id).where(_c.kid.in_(kids), _c.replaced_at.is_not(None))
    return {
        row.kid: (row.purpose, row.contact_id) for row in tx.execute(query.where(_c.wrapped.is_not(None)))
    }


def _anew(
    tx: Tx,
    table: Table,
    primary: Column[Any],
    row: Any,
    column: str,
    owner: tuple[str, int | None],
    heirs: dict[str, Key],
) -> int:
    """Rewrite one cell, unless somebody else wrote it meanwhile; one that cannot be read stays as it is."""
    cell, place = row[column], place_of(table, column, row)
    purpose, contact_id = owner
    kid = kid_of(cell)
    if kid not in heirs:
        if contact_id is not None:
            heirs[kid] = keys.of_contact(tx, contact_id)
        else:
            heirs[kid] = keys.for_arrival(tx) if purpose == CUSTOMER else keys.house(tx, purpose)
    value: str | bytes
    try:
        if isinstance(cell, bytes):
            value = keys.seal_bytes(heirs[kid], place, keys.unseal_bytes(tx, place, cell))
        else:
            value = keys.seal(heirs[kid], place, keys.unseal(tx, place, cell))
    except Unreadable:
        return 0
    same = (primary == row[primary.name]) & (table.c[column] == cell)
    return tx.execute(update(table).where(same).values({column: value})).rowcount
