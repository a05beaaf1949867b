"""Numbers people quote: tickets ``T20261121-0001``, contacts ``C20261121001``, counted by the house's day."""

from datetime import datetime, tzinfo

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.prepared import Prepared

_insert = insert(t.counter).values(name=bindparam("name"), value=1)
_NEXT = Prepared(
    _insert.on_conflict_do_update(index_elements=["name"], set_={"value": t.counter.c.value + 1}).returning(
        t.counter.c.value
    )
)


def next_number(tx: Tx, name: str) -> int:
    """Return the next value of a counter, from 1; rolled back with the transaction, so none is skipped."""
    row = _NEXT.row(tx, name=name)
    assert row is not None
    return int(row[0])


def ticket_number(tx: Tx, now: datetime, zone: tzinfo) -> str:
    """Return a new ticket number of the house's present day."""
    day = now.astimezone(zone).strftime("%Y%m%d")
    return f"T{day}-{next_number(tx, 'T' + day):04d}"


def contact_number(tx: Tx, now: datetime, zone: tzinfo) -> str:
    """Return a new contact number of the house's present day."""
    day = now.astimezone(zone).strftime("%Y%m%d")
    return f"C{day}{next_number(tx, 'C' + day):03d}"
