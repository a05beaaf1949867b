"""Proof that the database takes a write just now, and when this house last gave a sign of life."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from gateway.store import tables as t
from gateway.store.columns import from_micros, to_micros
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


_ALIVE = Prepared(
    insert(t.counter)
    .values(name="alive_at", value=bindparam("at"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": bindparam("at")})
)


def show_alive(tx: Tx, now: datetime) -> None:
    """Keep that some process of the house works now."""
    _ALIVE.run(tx, at=to_micros(now))


def last_alive(tx: Tx) -> datetime | None:
    """Return when one last did; None in a new house."""
    micros = tx.execute(select(t.counter.c.value).where(t.counter.c.name == "alive_at")).scalar()
    return None if micros is None else from_micros(micros)
