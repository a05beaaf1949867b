"""Proof that the database takes a write just now."""

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.prepared import Prepared

_BEAT = Prepared(
    insert(t.counter)
    .values(name=bindparam("name"), value=1)
    .on_conflict_do_update(index_elements=["name"], set_={"value": t.counter.c.value + 1})
)


def prove_writable(tx: Tx) -> None:
    """Write something small and useless; the commit is the proof."""
    _BEAT.run(tx, name="ready")
