"""Blocked senders, and addresses to which nothing is mailed any more: plain rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gateway.domain.masking import mask_text
from gateway.domain.senders import patterns_for
from gateway.pipeline.plan import StopMailing
from gateway.store import keys, personal
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.database import Tx
from gateway.store.keys import ERASED
from gateway.store.personal import SENDERS, pattern_place

_b, _i = t.blocked_sender.c, t.contact_identity.c


def blocked_by(tx: Tx, address: str) -> str | None:
    """Return the pattern that blocks an address, the narrowest if there are several; None if nothing does."""
    wanted = patterns_for(address)
    if not wanted:
        return None
    indexes = {_index(tx, one): one for one in wanted}
    found = set(tx.execute(select(_b.pattern_index).where(_b.pattern_index.in_(indexes))).scalars())
    return next((one for index, one in indexes.items() if index in found), None)


def add_blocked(tx: Tx, pattern: str, agent_id: int | None, reason: str, now: datetime) -> bool:
    """Block a sender; False if it was blocked already, which stays as it is."""
    index = _index(tx, pattern)
    cell = keys.seal(keys.house(tx, SENDERS), pattern_place(index), pattern)
    values = {"pattern_index": index, "pattern": cell, "agent_id": agent_id, "reason": reason, "at": now}
    row = upsert(t.blocked_sender).values(values)
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)


def drop_blocked(tx: Tx, pattern: str) -> bool:
    """Unblock a sender; False if it was not blocked."""
    return bool(tx.execute(delete(t.blocked_sender).where(_b.pattern_index == _index(tx, pattern))).rowcount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A blocked sender, and who blocked it."""

    pattern: str
    reason: str
    at: datetime
    number: str | None
    name: str | None


def list_blocked(tx: Tx) -> Sequence[Blocked]:
    """Return all blocked senders, the latest first, each with who blocked it."""
    query = select(_b.pattern_index, _b.pattern, _b.reason, _b.at, t.agent.c.number, t.agent.c.name)
    rows = tx.execute(query.outerjoin(t.agent, t.agent.c.id == _b.agent_id)).all()
    found = [
        Blocked(
            pattern=keys.shown(tx, pattern_place(row.pattern_index), row.pattern) or "",
            reason=row.reason,
            at=row.at,
            number=row.number,
            name=row.name,
        )
        for row in rows
    ]
    return sorted(sorted(found, key=lambda one: one.pattern), key=lambda one: one.at, reverse=True)


def address_of(tx: Tx, number: str) -> str | None:
    """Return the address from which a ticket's contact writes; None if there is no such ticket."""
    k = t.ticket.c
    query = (
        select(_i.contact_id, _i.channel, _i.address_index, _i.address)
        .join(t.ticket, (k.contact_id == _i.contact_id) & (k.channel == _i.channel))
        .where(k.number == number)
        .order_by(_i.id)
    )
    row = tx.execute(query.limit(1)).first()
    return None if row is None else personal.address_of(tx, *row) or ERASED


def record_sender(tx: Tx, what: str, pattern: str, actor: str, reason: str, now: datetime) -> None:
    """Write into the audit trail who blocked or unblocked whom, and why."""
    values = {"at": now, "kind": "sender", "actor": actor, "because": reason}
    tx.execute(insert(t.event).values(values | {"data": {"what": what, "pattern": mask_text(pattern)}}))


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


def _index(tx: Tx, pattern: str) -> str:
    return keys.blind(tx, "blocked_sender.pattern", pattern)
