"""Messages that could not be read: kept as they came, listed, opened, and given another try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, insert, select, true, update

from gateway.errors import NotFound
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.personal import arrival_place
from gateway.store.visible_sight import Sight

LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A message in quarantine; ``ticket`` is the one that tells agents of it."""

    id: int
    channel: str
    error: str
    received_at: datetime
    ticket: str | None
    raw_blob: str | None


_i = t.inbox.c
_TICKET = t.ticket.alias("quarantine_ticket")


def _kept(sight: Sight) -> Select[Any]:
    told = (
        select(_TICKET.c.number)
        .where(_TICKET.c.thread_id == _i.thread_id, sight.covers(_TICKET.c))
        .order_by(_TICKET.c.id.desc())
        .limit(1)
    )
    error = func.coalesce(_i.error, "").label("error")
    return (
        select(_i.id, _i.channel, error, _i.received_at, _i.raw_blob, told.scalar_subquery().label("ticket"))
        .where(_i.state == "failed", _seen(sight))
        .order_by(_i.received_at.desc(), _i.id.desc())
    )


def read_quarantine(tx: Tx, sight: Sight) -> Sequence[Kept]:
    """Return the latest messages that could not be read, the newest first, as far as they are seen."""
    return [Kept(**row._mapping) for row in tx.execute(_kept(sight).limit(LISTED))]


def read_kept(tx: Tx, sight: Sight, id: int) -> tuple[Kept, bytes | None]:
    """Return one of them, and its bytes where they lie in its row.

    Raises:
        NotFound: there is none with this number, it was released, or it is not seen.
    """
    row = tx.execute(_kept(sight).where(_i.id == id)).first()
    if row is None:
        raise NotFound(f"nothing with the number {id} is in quarantine")
    stored = tx.execute(select(_i.channel, _i.external_id, _i.raw).where(_i.id == id)).one()
    return Kept(**row._mapping), _bytes(tx, stored)


def _bytes(tx: Tx, stored: Any) -> bytes | None:
    if stored.raw is None:
        return None
    try:
        return keys.unseal_bytes(tx, arrival_place(stored.channel, stored.external_id, "raw"), stored.raw)
    except keys.Unreadable:
        return None


def _seen(sight: Sight) -> ColumnElement[bool]:
    """By a ticket on its thread; one that belongs to no thread, by whoever sees everything."""
    if not sight.is_limited:
        return true()
    return exists().where(_TICKET.c.thread_id == _i.thread_id, sight.covers(_TICKET.c))


def release(tx: Tx, sight: Sight, id: int, *, actor: str, now: datetime) -> None:
    """Have a message read again as if it had just come in; the ticket that told of it stays.

    Raises:
        NotFound: it is not in quarantine (any more), or not seen.
    """
    again = {"state": "new", "attempts": 0, "not_before": now, "thread_id": None, "seq": None, "error": None}
    here = (_i.id == id) & (_i.state == "failed") & _seen(sight)
    changed = tx.execute(update(t.inbox).where(here).values(again))
    if not changed.rowcount:
        raise NotFound(f"nothing with the number {id} is in quarantine")
    line = {"at": now, "kind": "quarantine", "actor": actor, "because": "an agent had it read again"}
    tx.execute(insert(t.event).values(line | {"data": {"inbox": id}}))


def read_body(tx: Tx, id: int) -> str:
    """Return the stored Inbound of one of them as JSON: with its raw form in a file, it holds what opens that."""
    row = tx.execute(select(_i.channel, _i.external_id, _i.body).where(_i.id == id)).one()
    return keys.shown(tx, arrival_place(row.channel, row.external_id), row.body) or ""
