"""Blocked senders, and addresses to which nothing is mailed any more: plain rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gateway.domain.senders import patterns_for
from gateway.pipeline.plan import StopMailing
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.database import Tx

_b, _i = t.blocked_sender.c, t.contact_identity.c


def blocked_by(tx: Tx, address: str) -> str | None:
    """Return the pattern that blocks an address, the narrowest if there are several; None if nothing does."""
    wanted = patterns_for(address)
    if not wanted:
        return None
    found = set(tx.execute(select(_b.pattern).where(_b.pattern.in_(wanted))).scalars())
    return next((one for one in wanted if one in found), None)


def add_blocked(tx: Tx, pattern: str, agent_id: int | None, reason: str, now: datetime) -> bool:
    """Block a sender; False if it was blocked already, which stays as it is."""
    row = upsert(t.blocked_sender).values(pattern=pattern, agent_id=agent_id, reason=reason, at=now)
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)


def drop_blocked(tx: Tx, pattern: str) -> bool:
    """Unblock a sender; False if it was not blocked."""
    return bool(tx.execute(delete(t.blocked_sender).where(_b.pattern == pattern)).rowcount)


def list_blocked(tx: Tx) -> Sequence[Any]:
    """Return all blocked senders, the latest first, each with who blocked it."""
    query = select(_b.pattern, _b.reason, _b.at, t.agent.c.number, t.agent.c.name)
    joined = query.outerjoin(t.agent, t.agent.c.id == _b.agent_id)
    return tx.execute(joined.order_by(_b.at.desc(), _b.pattern)).all()


def address_of(tx: Tx, number: str) -> str | None:
    """Return the address from which a ticket's contact writes; None if there is no such ticket."""
    k = t.ticket.c
    query = (
        select(_i.address)
        .join(t.ticket, (k.contact_id == _i.contact_id) & (k.channel == _i.channel))
        .where(k.number == number)
        .order_by(_i.id)
    )
    return tx.execute(query.limit(1)).scalar()


def record_sender(tx: Tx, what: str, pattern: str, actor: str, reason: str, now: datetime) -> None:
    """Write into the audit trail who blocked or unblocked whom, and why."""
    values = {"at": now, "kind": "sender", "actor": actor, "because": reason}
    tx.execute(insert(t.event).values(values | {"data": {"what": what, "pattern": pattern}}))


def stop_mailing(work: Applying, effect: StopMailing) -> None:
    """Mail nothing to the thread's contact any more; a complaint that names no message of ours there is nobody's."""
    r, tx, thread = t.message_ref.c, work.tx, work.snapshot
    ours = select(r.ref).where(r.thread_id == thread.thread_id, r.own.is_(True))
    if tx.execute(ours.where(r.ref.in_([ref[:255] for ref in effect.refs[:60]])).limit(1)).scalar() is None:
        return
    mine = (_i.contact_id == thread.contact.id) & (_i.channel == thread.channel) & _i.no_mail.is_(None)
    if tx.execute(update(t.contact_identity).where(mine).values(no_mail=effect.because)).rowcount:
        work.record("no_mail", effect.because)


def refuses_mail(tx: Tx, contact_id: int, channel: str) -> str | None:
    """Return why nothing is mailed to this contact on this channel; None if that is not so."""
    query = select(_i.no_mail).where(_i.contact_id == contact_id, _i.channel == channel)
    return tx.execute(query.where(_i.no_mail.is_not(None)).limit(1)).scalar()
