"""What is let go when its time is over, kind by kind: which rows are due, and how a batch of them goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, and_, delete, exists, func, literal, or_, select

from gateway.domain.ticket import Status
from gateway.store import audit as traces
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.holds import free
from gateway.store.scrubbing import blank, clear_inbox, remove_files, scrub_conversations

SETTLED = ("done", "failed")
GRACE = timedelta(days=1)
LET_GO = "a file was let go: its time was over"

_m, _k, _v, _i, _o, _a, _c = (
    table.c for table in (t.message, t.ticket, t.conversation, t.inbox, t.outbox, t.attachment, t.contact)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of data: ``due`` selects the ids of what is older than an instant, ``let_go`` takes some of them."""

    due: Callable[[datetime], Select[Any]]
    let_go: Callable[[Tx, Sequence[Any], datetime], None]
    batch: int = 200


def count_due(tx: Tx, name: str, before: datetime) -> int:
    """Return how many of a kind are due."""
    return tx.execute(select(func.count()).select_from(KINDS[name].due(before).subquery())).scalar_one()


def let_go(tx: Tx, name: str, before: datetime, now: datetime) -> int:
    """Let a batch of a kind go; return how many, 0 when none is left."""
    kind = KINDS[name]
    if name == "audit":
        return traces.cut(tx, before, now, limit=kind.batch)
    ids = tx.execute(kind.due(before).limit(kind.batch)).scalars().all()
    if ids:
        kind.let_go(tx, ids, now)
    return len(ids)


def due_contacts(tx: Tx, before: datetime) -> list[str]:
    """Return numbers of contacts that are due: they are erased one by one, as one who asks for it."""
    kind = KINDS["contacts"]
    return list(tx.execute(kind.due(before).limit(kind.batch)).scalars())


def _of_message(contact: Any = t.thread.c.contact_id) -> Any:
    """Of an inbox row: neither its contact nor its ticket is held; what has no place yet is nobody's."""
    placed = (
        select(_m.id)
        .join(t.thread, t.thread.c.id == _m.thread_id)
        .outerjoin(t.ticket, _k.conversation_id == _m.conversation_id)
        .where(_m.inbox_id == _i.id)
    )
    return ~placed.where(~free(contact, _k.id)).exists()


def _raw(before: datetime) -> Select[Any]:
    has_raw = or_(_i.raw.is_not(None), _i.raw_blob.is_not(None))
    return (
        select(_i.id)
        .where(_i.received_at < before, _i.state.in_(SETTLED), has_raw, _of_message())
        .order_by(_i.id)
    )


def _inbox(before: datetime) -> Select[Any]:
    late = and_(_i.received_at < before, _i.state.in_(SETTLED), _i.body != "")
    return select(_i.id).where(late, _of_message()).order_by(_i.id)


def _outbox(before: datetime) -> Select[Any]:
    owner = t.thread.c
    ticket = select(_k.id).where(_k.conversation_id == _m.conversation_id).scalar_subquery()
    return (
        select(_o.id)
        .join(t.thread, owner.id == _o.thread_id)
        .outerjoin(t.message, _m.id == _o.message_id)
        .where(_o.settled_at < before, _o.recipient.is_not(None) | (_o.error.is_not(None)) | _full(_o))
        .where(free(owner.contact_id, ticket))
        .order_by(_o.id)
    )


def _full(columns: Any) -> Any:
    return columns.body != blank(t.outbox, ("body",))["body"]


def _files(before: datetime) -> Select[Any]:
    th = t.thread.c
    held = exists().where(_k.thread_id == _a.thread_id, ~free(_k.contact_id, _k.id))
    return (
        select(_a.id)
        .outerjoin(t.thread, th.id == _a.thread_id)
        .where(_a.at < before, ~held, or_(th.id.is_(None), free(th.contact_id)))
        .order_by(_a.id)
    )


def _identity_files(before: datetime) -> Select[Any]:
    """Pictures and PDFs sent in a conversation that needed to know who writes."""
    shown = or_(_a.media_type.startswith("image/"), _a.media_type == "application/pdf")
    within = and_(
        _a.at >= _v.started_at,
        _a.at
        <= func.coalesce(_v.closed_at, _v.last_at + literal(GRACE // timedelta(microseconds=1), BigInteger)),
    )
    needed = exists().where(
        _k.thread_id == _a.thread_id,
        _k.conversation_id == _v.id,
        within,
        or_(_k.needs_identity, _k.type == "change"),
    )
    return _files(before).where(shown, needed)


def _conversations(before: datetime) -> Select[Any]:
    over = or_(_k.id.is_(None), _k.status == Status.CLOSED)
    return (
        select(_v.id)
        .outerjoin(t.ticket, _k.conversation_id == _v.id)
        .where(_v.scrubbed_at.is_(None), _v.last_at < before, over, free(_v.contact_id, _k.id))
        .order_by(_v.id)
    )


def _spam(before: datetime) -> Select[Any]:
    return _conversations(before).where(_k.spam.is_not(None))


def _contacts(before: datetime) -> Select[Any]:
    """Whoever has written nothing for so long, and has nothing left to be kept for."""
    late = exists().where(_v.contact_id == _c.id, or_(_v.last_at >= before, _v.scrubbed_at.is_(None)))
    known = or_(_c.erased_at.is_(None), exists().where(t.contact_identity.c.contact_id == _c.id))
    return select(_c.number).where(_c.created_at < before, known, ~late, free(_c.id)).order_by(_c.id)


def _scrub(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    scrub_conversations(tx, ids, now)


def _clear_raw(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    clear_inbox(tx, ids, now, ("raw", "raw_blob"))


def _clear(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    clear_inbox(tx, ids, now)


def _blank_outbox(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    values = blank(t.outbox, ("body", "recipient", "error"))
    tx.execute(t.outbox.update().where(_o.id.in_(ids)).values(values))


def _remove_files(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    remove_files(tx, ids, now, LET_GO)


def _delete_alarms(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    tx.execute(delete(t.alarm_delivery).where(t.alarm_delivery.c.alarm_id.in_(ids)))
    tx.execute(delete(t.alarm).where(t.alarm.c.id.in_(ids)))


def _delete_events(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    tx.execute(delete(t.event).where(t.event.c.id.in_(ids)))


def _delete_use(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    tx.execute(delete(t.knowledge_use).where(t.knowledge_use.c.at.in_(ids)))


def _delete_corrections(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    tx.execute(delete(t.correction).where(t.correction.c.id.in_(ids)))


def _nothing(tx: Tx, ids: Sequence[Any], now: datetime) -> None:
    """Contacts are erased by the same way as one who asks for it; the audit is cut (``let_go``)."""


def _events(before: datetime) -> Select[Any]:
    e = t.event.c
    of = select(_k.contact_id).where(_k.id == e.ticket_id).scalar_subquery()
    return select(e.id).where(e.at < before, or_(e.ticket_id.is_(None), free(of, e.ticket_id))).order_by(e.id)


def _alarms(before: datetime) -> Select[Any]:
    al = t.alarm.c
    of = select(_k.contact_id).where(_k.id == al.ticket_id).scalar_subquery()
    return (
        select(al.id)
        .where(al.at < before, or_(al.ticket_id.is_(None), free(of, al.ticket_id)))
        .order_by(al.id)
    )


KINDS: Mapping[str, Kind] = {
    "raw": Kind(due=_raw, let_go=_clear_raw),
    "inbox": Kind(due=_inbox, let_go=_clear),
    "outbox": Kind(due=_outbox, let_go=_blank_outbox),
    "identity_files": Kind(due=_identity_files, let_go=_remove_files, batch=50),
    "attachments": Kind(due=_files, let_go=_remove_files, batch=50),
    "spam": Kind(due=_spam, let_go=_scrub, batch=20),
    "conversations": Kind(due=_conversations, let_go=_scrub, batch=20),
    "contacts": Kind(due=_contacts, let_go=_nothing, batch=20),
    "events": Kind(due=_events, let_go=_delete_events, batch=1000),
    "knowledge_use": Kind(
        due=lambda before: select(t.knowledge_use.c.at).where(t.knowledge_use.c.at < before).distinct(),
        let_go=_delete_use,
        batch=1000,
    ),
    "corrections": Kind(
        due=lambda before: (
            select(t.correction.c.id).where(t.correction.c.at < before).order_by(t.correction.c.id)
        ),
        let_go=_delete_corrections,
    ),
    "alarms": Kind(due=_alarms, let_go=_delete_alarms),
    "audit": Kind(
        due=lambda before: select(t.audit.c.seq).where(t.audit.c.at < before), let_go=_nothing, batch=1000
    ),
}
"""In the order in which they are let go: files before the words that name them, words before the person."""
