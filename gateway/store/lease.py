"""Take the next rows of inbox and outbox, so that a crash gives them back.

Taking is one statement: on SQLite the single writer makes it safe, on PostgreSQL ``FOR UPDATE SKIP LOCKED``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from gateway.domain.masking import mask_text
from gateway.store import file_cells, keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.personal import (
    address_of,
    arrival_place,
    body_of,
    name_of,
    recipient_of,
    subject_of,
)
from gateway.store.prepared import Prepared

GONE = "it cannot be read any more"
SILENCES = 2
"""After so many tries of unknown fate a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedInbound:
    """An inbox row in hand: ``body`` is the stored Inbound as JSON."""

    id: int
    channel: str
    body: str
    raw: bytes | None
    raw_blob: str | None
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedOutbound:
    """An outbox row in hand, with where it goes; ``attempts`` already counts the try about to be made."""

    id: int
    key: str
    channel: str
    thread_id: int
    thread_key: str
    address: str
    name: str | None
    subject: str | None
    body: dict[str, Any]
    attempts: int
    silences: int
    message_id: int | None
    created_at: datetime
    replies_to: tuple[str, ...] = ()
    copy: int = 0
    note_id: int | None = None
    contact_address: str = ""
    """The contact's own; ``address`` is another where somebody else gets a copy."""


def take_inbound(
    tx: Tx, *, owner: str, now: datetime, until: datetime, limit: int
) -> Sequence[LeasedInbound]:
    """Lease the oldest inbound rows that are due and nobody's."""
    i = t.inbox.c
    free = or_(i.lease_until.is_(None), i.lease_until < now)
    ids = _lock(
        tx, select(i.id).where(i.state == "new", i.not_before <= now, free).order_by(i.id).limit(limit)
    )
    if not ids:
        return ()
    rows = tx.execute(
        update(t.inbox)
        .where(i.id.in_(ids))
        .values(lease_owner=owner, lease_until=until)
        .returning(i.id, i.channel, i.external_id, i.body, i.raw, i.raw_blob, i.attempts, i.received_at)
    ).all()
    found = [opened for row in rows if (opened := _opened(tx, row)) is not None]
    return sorted(found, key=lambda row: row.id)


def _opened(tx: Tx, row: Any) -> LeasedInbound | None:
    """What was stored; a row whose writer was erased meanwhile has no turn any more."""
    try:
        body = keys.unseal(tx, arrival_place(row.channel, row.external_id), row.body)
        raw = row.raw and keys.unseal_bytes(tx, arrival_place(row.channel, row.external_id, "raw"), row.raw)
    except keys.Unreadable as error:
        if error.because == "destroyed":
            finish_inbound(tx, row.id)
        elif error.is_suspect:
            fail_inbound(tx, row.id, str(error))
        return None  # without its root key: another process may have it, or this one after a restart
    return LeasedInbound(
        id=row.id,
        channel=row.channel,
        body=body,
        raw=raw,
        raw_blob=row.raw_blob,
        attempts=row.attempts,
        received_at=row.received_at,
    )


_DONE = Prepared(
    update(t.inbox)
    .where(t.inbox.c.id == bindparam("b_id"), t.inbox.c.state == "new")
    .values(state="done", lease_owner=None, lease_until=None)
)


def finish_inbound(tx: Tx, id: int) -> None:
    """The turn is applied: the row has done its work (it stays, to know its id again)."""
    _DONE.run(tx, b_id=id)


def postpone_inbound(tx: Tx, id: int, not_before: datetime, error: str) -> None:
    """Try again later."""
    tx.execute(
        update(t.inbox)
        .where(t.inbox.c.id == id)
        .values(
            attempts=t.inbox.c.attempts + 1,
            not_before=not_before,
            lease_owner=None,
            lease_until=None,
            error=mask_text(error)[:500],
        )
    )


def fail_inbound(tx: Tx, id: int, error: str) -> None:
    """It could not be processed; a person has been shown it raw."""
    tx.execute(
        update(t.inbox)
        .where(t.inbox.c.id == id)
        .values(state="failed", lease_owner=None, lease_until=None, error=mask_text(error)[:500])
    )


def take_outbound(
    tx: Tx, *, owner: str, now: datetime, until: datetime, channel: str, limit: int, busy: Sequence[int] = ()
) -> Sequence[LeasedOutbound]:
    """Lease the oldest due rows of a channel, at most one a thread and recipient, so that order holds.

    The attempt is counted here, before anything is sent: repeated crashes cannot add copies.
    """
    o = t.outbox.c
    due = and_(o.state.in_(("due", "unknown")), o.channel == channel, o.not_before <= now)
    older = t.outbox.alias("older")
    blocked = (
        select(older.c.id)
        .where(
            older.c.thread_id == o.thread_id,
            older.c.recipient_index.is_not_distinct_from(o.recipient_index),
            older.c.id < o.id,
            older.c.state.in_(("due", "sending", "unknown")),
        )
        .exists()
    )
    wanted = select(o.id).where(due, ~blocked).order_by(o.not_before, o.id).limit(limit)
    if busy:
        wanted = wanted.where(o.thread_id.not_in(busy))
    ids = _lock(tx, wanted)
    if not ids:
        return ()
    tx.execute(
        update(t.outbox)
        .where(o.id.in_(ids))
        .values(state="sending", lease_owner=owner, lease_until=until, attempts=o.attempts + 1)
    )
    rows = tx.execute(
        select(
            o.id,
            o.key,
            o.channel,
            o.thread_id,
            t.thread.c.key.label("thread_key"),
            t.thread.c.channel.label("thread_channel"),
            t.thread.c.subject,
            t.contact.c.name,
            t.thread.c.contact_id,
            t.contact.c.number,
            o.recipient,
            t.contact_identity.c.address,
            t.contact_identity.c.address_index,
            o.copy,
            o.note_id,
            o.body,
            o.attempts,
            o.silences,
            o.message_id,
            o.created_at,
        )
        .join(t.thread, t.thread.c.id == o.thread_id)
        .join(t.contact, t.contact.c.id == t.thread.c.contact_id)
        .join(
            t.contact_identity,
            and_(
                t.contact_identity.c.contact_id == t.contact.c.id,
                t.contact_identity.c.channel == o.channel,
            ),
        )
        .where(o.id.in_(ids))
        .order_by(o.id)
    )
    taken = {row.id: row for row in rows}
    return [ready for row in taken.values() if (ready := _ready(tx, row, now)) is not None]


def _ready(tx: Tx, row: Any, now: datetime) -> LeasedOutbound | None:
    """What is to be sent and where to; what cannot be read any more goes nowhere."""
    body = body_of(tx, row.key, row.copy, row.body)
    own = address_of(tx, row.contact_id, row.channel, row.address_index, row.address)
    other = recipient_of(tx, row.key, row.copy, row.recipient)
    address = own if row.recipient is None else other
    if body is None or address is None:
        gone = {
            "state": "refused",
            "error": GONE,
            "settled_at": now,
            "lease_owner": None,
            "lease_until": None,
        }
        tx.execute(update(t.outbox).where(t.outbox.c.id == row.id).values(gone))
        return None
    return LeasedOutbound(
        id=row.id,
        key=row.key,
        channel=row.channel,
        thread_id=row.thread_id,
        thread_key=row.thread_key,
        address=address,
        name=name_of(tx, row.number, row.name),
        subject=subject_of(tx, row.thread_channel, row.thread_key, row.subject),
        body=body,
        attempts=row.attempts,
        silences=row.silences,
        message_id=row.message_id,
        created_at=row.created_at,
        replies_to=_replies_to(tx, row.thread_id),
        copy=row.copy,
        note_id=row.note_id,
        contact_address=own or "",
    )


def _replies_to(tx: Tx, thread_id: int) -> tuple[str, ...]:
    """The contact's own message ids on the thread, oldest first; twenty are more than References needs."""
    r = t.message_ref.c
    rows = tx.execute(
        select(r.ref)
        .where(r.thread_id == thread_id, r.own.is_(False))
        .order_by(r.message_id.desc())
        .limit(20)
    )
    return tuple(reversed([row.ref for row in rows]))


def settle_outbound(
    tx: Tx,
    leased: LeasedOutbound,
    *,
    owner: str,
    state: str,
    now: datetime,
    not_before: datetime | None = None,
    error: str | None = None,
    code: str = "",
    provider_ids: Sequence[str] = (),
) -> bool:
    """Write what became of a try; False if the lease was lost meanwhile (somebody else decides)."""
    o = t.outbox.c
    ended = state in ("delivered", "bounced", "refused", "cancelled", "held")
    changed = tx.execute(
        update(t.outbox)
        .where(o.id == leased.id, o.state == "sending", o.lease_owner == owner)
        .values(
            state=state,
            silences=leased.silences + (1 if state in ("unknown", "held") else 0),
            not_before=not_before or now,
            lease_owner=None,
            lease_until=None,
            error=mask_text(error)[:500] if error else None,
            code=code[:24] or None,
            provider_id=provider_ids[0] if provider_ids else None,
            settled_at=now if ended else None,
        )
    )
    if not changed.rowcount:
        return False
    for ref in provider_ids:
        if ref != leased.key:
            add_ref(tx, leased.channel, ref, leased.thread_id, leased.message_id, own=True)
    return True


def add_ref(tx: Tx, channel: str, ref: str, thread_id: int, message_id: int | None, *, own: bool) -> None:
    """Remember a provider's id of a message, for later replies and edits; a known one stays as it was."""
    tx.execute(
        insert(t.message_ref)
        .values(channel=channel, ref=ref[:255], thread_id=thread_id, message_id=message_id, own=own)
        .on_conflict_do_nothing()
    )


def next_due(tx: Tx, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return when the next inbox row and the next outbox row fall due, for the loops to sleep until."""
    i, o = t.inbox.c, t.outbox.c
    inbox = tx.execute(
        select(i.not_before).where(i.state == "new", i.lease_until.is_(None)).order_by(i.not_before).limit(1)
    ).scalar()
    outbox = tx.execute(
        select(o.not_before).where(o.state.in_(("due", "unknown"))).order_by(o.not_before).limit(1)
    ).scalar()
    return inbox, outbox


def _lock(tx: Tx, wanted: Select[tuple[int]]) -> list[int]:
    if tx.dialect.name == "postgresql":
        wanted = wanted.with_for_update(skip_locked=True)
    return [row.id for row in tx.execute(wanted)]


def blob_of(tx: Tx, id: str) -> str:
    """Return where an attachment's bytes are and how to open them."""
    a = t.attachment.c
    row = tx.execute(select(a.id, a.name, a.blob, a.sealed).where(a.id == id)).one()
    return file_cells.opened(tx, row)[1]
