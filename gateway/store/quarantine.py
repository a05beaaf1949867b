"""Messages that could not be read: kept as they came, listed, opened, and given another try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from gateway.errors import NotFound
from gateway.store import tables as t
from gateway.store.database import Tx

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
_KEPT = (
    select(
        _i.id,
        _i.channel,
        func.coalesce(_i.error, "").label("error"),
        _i.received_at,
        _i.raw_blob,
        select(t.ticket.c.number)
        .where(t.ticket.c.thread_id == _i.thread_id)
        .order_by(t.ticket.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("ticket"),
    )
    .where(_i.state == "failed")
    .order_by(_i.received_at.desc(), _i.id.desc())
)


def read_quarantine(tx: Tx) -> Sequence[Kept]:
    """Return the latest messages that could not be read, the newest first."""
    return [Kept(**row._mapping) for row in tx.execute(_KEPT.limit(LISTED))]


def read_kept(tx: Tx, id: int) -> tuple[Kept, bytes | None]:
    """Return one of them, and its bytes where they lie in its row.

    Raises:
        NotFound: there is none with this number, or it was released.
    """
    row = tx.execute(_KEPT.where(_i.id == id)).first()
    if row is None:
        raise NotFound(f"nothing with the number {id} is in quarantine")
    raw = tx.execute(select(_i.raw).where(_i.id == id)).scalar()
    return Kept(**row._mapping), raw


def release(tx: Tx, id: int, *, actor: str, now: datetime) -> None:
    """Have a message read again as if it had just come in; the ticket that told of it stays.

    Raises:
        NotFound: it is not in quarantine (any more).
    """
    again = {"state": "new", "attempts": 0, "not_before": now, "thread_id": None, "seq": None, "error": None}
    changed = tx.execute(update(t.inbox).where(_i.id == id, _i.state == "failed").values(again))
    if not changed.rowcount:
        raise NotFound(f"nothing with the number {id} is in quarantine")
    line = {"at": now, "kind": "quarantine", "actor": actor, "because": "an agent had it read again"}
    tx.execute(insert(t.event).values(line | {"data": {"inbox": id}}))
