"""Give back what dead processes held: what they had received is decided anew, what they were sending is of unknown fate."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select, update

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Committed
from gateway.store.lease import SILENCES, LeasedOutbound
from gateway.store.outcomes import record_outcome

BECAUSE = "the gateway stopped while it was being sent"


def give_back(tx: Tx, *, owner: str, place: str, now: datetime) -> Sequence[Committed]:
    """Free the leases of every earlier process of ``place``, and of any other that ran out.

    An empty ``place`` stands for everybody but ``owner``: only for a database that nobody else can use (SQLite).
    A reply that falls silent so for the second time is held for a person: another try could be a third copy.
    """
    i = t.inbox.c
    dead = and_(i.lease_owner != owner, i.lease_owner.startswith(place))
    freed = {"lease_owner": None, "lease_until": None}
    tx.execute(update(t.inbox).where(i.state == "new", dead).values(freed))
    o = t.outbox.c
    lost = and_(o.lease_owner != owner, or_(o.lease_owner.startswith(place), o.lease_until < now))
    wanted = (
        select(t.outbox, t.thread.c.key.label("thread_key"))
        .join(t.thread, t.thread.c.id == o.thread_id)
        .where(o.state == "sending", lost)
        .order_by(o.id)
    )
    if tx.dialect.name == "postgresql":
        wanted = wanted.with_for_update(of=t.outbox, skip_locked=True)
    told: list[Committed] = []
    for row in tx.execute(wanted).all():
        leased = LeasedOutbound(
            id=row.id,
            key=row.key,
            channel=row.channel,
            thread_id=row.thread_id,
            thread_key=row.thread_key,
            address="",
            name=None,
            subject=None,
            body={},
            attempts=row.attempts,
            silences=row.silences,
            message_id=row.message_id,
            created_at=row.created_at,
            copy=row.copy,
            note_id=row.note_id,
        )
        is_last = row.silences + 1 >= SILENCES
        committed = record_outcome(
            tx,
            leased=leased,
            owner=row.lease_owner,
            state="held" if is_last else "unknown",
            now=now,
            wait=None,
            error=f"of unknown fate twice, please check: {BECAUSE}" if is_last else BECAUSE,
            provider_ids=(),
        )
        told += [committed] if committed is not None else []
    return told
