"""Transaction (a) of a message: raw form, dedup key, cursor, and its place in a thread that is known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

import orjson
from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.contract import Inbound, Shown, ShownAttachment
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.arrived import Arrived, arrived_as, key_for
from gateway.store.columns import cover_strings, covered, rules_of, to_micros
from gateway.store.database import Tx
from gateway.store.files import StoredFile, keep_files, problems_of
from gateway.store.keys import Key
from gateway.store.lease import add_ref
from gateway.store.newcomers import open_thread
from gateway.store.originals import message_row, originals_in
from gateway.store.personal import arrival_place
from gateway.store.prepared import Prepared
from gateway.store.snapshot import Snapshot, read_snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An Inbound made ready to be stored: nothing in it but what fits a row."""

    inbound: Inbound
    body: str
    body_hash: str
    raw: bytes | None = None
    raw_blob: str | None = None
    cursor: str | None = None
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What transaction (a) did; ``snapshot`` is there when the message has its place already."""

    inbox_id: int
    seq: int | None = None
    duplicate: bool = False
    id_taken: bool = False
    """The id was used before for other content; nothing was stored."""
    snapshot: Snapshot | None = None
    shown: Shown | None = None
    message_id: int | None = None


_CURSOR = Prepared(
    (
        _new := upsert(t.cursor).values(
            channel=bindparam("channel"), value=bindparam("value"), at=bindparam("at")
        )
    ).on_conflict_do_update(
        index_elements=["channel"], set_={"value": _new.excluded.value, "at": _new.excluded.at}
    )
)
_INBOX = Prepared(
    upsert(t.inbox)
    .values(
        channel=bindparam("channel"),
        external_id=bindparam("external_id"),
        body=bindparam("body"),
        body_hash=bindparam("body_hash"),
        raw=bindparam("raw"),
        raw_blob=bindparam("raw_blob"),
        state="new",
        not_before=bindparam("now"),
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        received_at=bindparam("now"),
    )
    .on_conflict_do_nothing()
    .returning(t.inbox.c.id)
)
_KNOWN = Prepared(
    select(t.inbox.c.id, t.inbox.c.body_hash).where(
        t.inbox.c.channel == bindparam("channel"), t.inbox.c.external_id == bindparam("external_id")
    )
)
_KNOWN_SEQ = Prepared(
    select(t.message.c.seq)
    .join(t.thread, t.thread.c.id == t.message.c.thread_id)
    .where(
        t.thread.c.channel == bindparam("channel"),
        t.thread.c.key == bindparam("key"),
        t.message.c.public_id == bindparam("public_id"),
    )
)
_STEP = Prepared(
    update(t.thread)
    .where(t.thread.c.channel == bindparam("b_channel"), t.thread.c.key == bindparam("b_key"))
    .values(last_seq=t.thread.c.last_seq + 1, customer_seq=t.thread.c.last_seq + 1)
    .returning(t.thread.c.id, t.thread.c.last_seq, t.thread.c.conversation_id, t.thread.c.contact_id)
)
_MESSAGE = Prepared(
    insert(t.message)
    .values(
        thread_id=bindparam("thread_id"),
        seq=bindparam("seq"),
        conversation_id=bindparam("conversation_id"),
        public_id=bindparam("public_id"),
        author="customer",
        text=bindparam("text"),
        full_text=bindparam("full_text"),
        html=bindparam("html"),
        sealed=bindparam("sealed"),
        attachments=bindparam("attachments"),
        problems=bindparam("problems"),
        labels=bindparam("labels"),
        inbox_id=bindparam("inbox_id"),
        sent_at=bindparam("sent_at"),
        at=bindparam("now"),
    )
    .returning(t.message.c.id)
)


_CONSENT = Prepared(
    update(t.contact)
    .where(
        t.contact.c.id
        == select(t.thread.c.contact_id).where(t.thread.c.id == bindparam("b_thread")).scalar_subquery(),
        or_(t.contact.c.consent.is_(None), t.contact.c.consent != bindparam("b_consent")),
    )
    .values(consent=bindparam("b_consent"), consent_at=bindparam("now"))
)


def receive(
    tx: Tx,
    arrival: Arrival,
    *,
    now: datetime,
    zone: tzinfo,
    owner: str | None,
    until: datetime,
    keep_ref: bool = True,
) -> Received:
    """Store an arrival once. With ``owner`` its row is leased at birth, for a worker in this process.

    Nothing is raised for an id that is taken: that would undo the whole batch it is committed with.
    """
    inbound, micros = arrival.inbound, to_micros(now)
    if arrival.cursor is not None:
        save_cursor(tx, inbound.channel, arrival.cursor, now)
    key, arrived = key_for(tx, inbound.channel, None if inbound.kind == "raw" else inbound.thread)
    row = _INBOX.row(
        tx,
        channel=inbound.channel,
        external_id=inbound.external_id,
        body=keys.seal(key, arrival_place(inbound.channel, inbound.external_id), arrival.body),
        body_hash=_hash(tx, arrival),
        raw=_sealed_raw(key, arrival),
        raw_blob=arrival.raw_blob,
        now=micros,
        owner=owner,
        until=to_micros(until) if owner else None,
    )
    if row is None:
        return _again(tx, arrival)
    if inbound.thread is None or inbound.kind == "raw":
        keys.save(tx, key)
        return Received(inbox_id=row[0])
    return _place(
        tx, row[0], inbound, inbound.thread, arrival.files, arrived, now=now, zone=zone, keep_ref=keep_ref
    )


def place(
    tx: Tx,
    inbox_id: int,
    inbound: Inbound,
    thread_key: str,
    files: tuple[StoredFile, ...] = (),
    *,
    now: datetime,
    zone: tzinfo,
    keep_ref: bool = True,
) -> Received:
    """Give a stored inbound its contact, thread, next ``seq`` and message row."""
    arrived = arrived_as(tx, inbox_id)
    return _place(tx, inbox_id, inbound, thread_key, files, arrived, now=now, zone=zone, keep_ref=keep_ref)


def _place(
    tx: Tx,
    inbox_id: int,
    inbound: Inbound,
    thread_key: str,
    files: tuple[StoredFile, ...],
    arrived: Arrived | None,
    *,
    now: datetime,
    zone: tzinfo,
    keep_ref: bool,
) -> Received:
    step = _STEP.row(tx, b_channel=inbound.channel, b_key=thread_key)
    if step is None and tx.dialect.name == "postgresql":
        # Two first messages at once must not both make the thread, nor its contact.
        for name in (
            f"thread {inbound.channel} {thread_key}",
            f"contact {inbound.channel} {inbound.address}",
        ):
            tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        step = _STEP.row(tx, b_channel=inbound.channel, b_key=thread_key)
    if step is None:
        arrived = arrived or Arrived(keys.new_key(), is_stored=False)
        open_thread(tx, inbound, thread_key, arrived.key, now, zone)
        step = _STEP.row(tx, b_channel=inbound.channel, b_key=thread_key)
        assert step is not None
    thread_id, seq, conversation_id, contact_id = step
    if arrived is not None:
        arrived.belongs_to(tx, contact_id)
    problems = problems_of(inbound, files) if files or inbound.defects else None
    if problems:
        problems = cover_strings(problems, rules_of(tx.dialect))
    public_id = public_id_of(inbound)
    if inbound.thread is None and _KNOWN_SEQ.row(
        tx, channel=inbound.channel, key=thread_key, public_id=public_id
    ):
        public_id = inbound.external_id  # broken devices give two mails one Message-ID
    words = {"text": inbound.text, "full_text": inbound.full_text, "html": inbound.html}
    row = _MESSAGE.row(
        tx,
        thread_id=thread_id,
        seq=seq,
        conversation_id=conversation_id,
        public_id=public_id,
        text=inbound.text,
        full_text=inbound.full_text,
        html=inbound.html,
        sealed=originals_in(tx, t.message, message_row(thread_id, seq), contact_id, words),
        attachments=orjson.dumps([one.listed() for one in files]).decode() if files else None,
        problems=orjson.dumps(problems).decode() if problems else None,
        labels=orjson.dumps(inbound.labels).decode() if inbound.labels else None,
        inbox_id=inbox_id,
        sent_at=to_micros(inbound.sent_at) if inbound.sent_at else None,
        now=to_micros(now),
    )
    assert row is not None
    if inbound.thread is None:
        save_place(tx, inbox_id, thread_id, seq)
    if inbound.edits is not None:
        _mark_edit(tx, inbound, row[0])
    if files:
        keep_files(tx, thread_id, inbound.channel, thread_key, files, now)
    if inbound.consent is not None:
        _CONSENT.run(tx, b_thread=thread_id, b_consent=inbound.consent, now=to_micros(now))
    if keep_ref and inbound.own_id:
        add_ref(tx, inbound.channel, inbound.own_id, thread_id, row[0], own=False)
    shown = Shown(
        seq=seq,
        id=public_id,
        author="customer",
        text=covered(tx, inbound.text),
        at=now,
        attachments=tuple(
            ShownAttachment(id=one.id, name=one.name, media_type=one.media_type, size=one.size)
            for one in files
            if one.id
        ),
    )
    return Received(
        inbox_id=inbox_id, seq=seq, snapshot=read_snapshot(tx, thread_id), shown=shown, message_id=row[0]
    )


_SAVE_PLACE = Prepared(
    update(t.inbox)
    .where(t.inbox.c.id == bindparam("b_id"))
    .values(thread_id=bindparam("b_thread"), seq=bindparam("b_seq"))
)
_HOME = Prepared(select(t.inbox.c.thread_id, t.inbox.c.seq).where(t.inbox.c.id == bindparam("b_id")))


def save_place(tx: Tx, inbox_id: int, thread_id: int, seq: int) -> None:
    """Note at an inbox row which message was made of it, or was there already."""
    _SAVE_PLACE.run(tx, b_id=inbox_id, b_thread=thread_id, b_seq=seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a stored inbound already has its place."""

    snapshot: Snapshot
    message_id: int


def find_placed(tx: Tx, inbox_id: int, inbound: Inbound) -> Placed | None:
    """Return the message row made from an inbox row before, if there is one."""
    m, th = t.message.c, t.thread.c
    found = select(m.id, m.thread_id).join(t.thread, th.id == m.thread_id).where(m.inbox_id == inbox_id)
    if inbound.thread is not None:
        found = found.where(th.channel == inbound.channel, th.key == inbound.thread)
        found = found.where(m.public_id == public_id_of(inbound))
    else:
        home = _HOME.row(tx, b_id=inbox_id)
        if home is None or home[0] is None:
            return None
        found = found.where(m.thread_id == home[0], m.seq == home[1])
    row = tx.execute(found).first()
    return Placed(snapshot=read_snapshot(tx, row.thread_id), message_id=row.id) if row else None


def _mark_edit(tx: Tx, inbound: Inbound, message_id: int) -> None:
    """Say which message this one replaces; the history keeps both."""
    r = t.message_ref.c
    found = select(r.message_id).where(r.channel == inbound.channel, r.ref == inbound.edits)
    original = tx.execute(found).scalar()
    if original is not None:
        tx.execute(update(t.message).where(t.message.c.id == message_id).values(edits=original))


def public_id_of(inbound: Inbound) -> str:
    """Return the id under which the message is known in its thread: the sender's own, where it has one."""
    return (inbound.own_id or inbound.external_id)[:200] if inbound.kind != "edit" else inbound.external_id


def save_cursor(tx: Tx, channel: str, value: str, now: datetime) -> None:
    """Keep how far a channel has been read."""
    _CURSOR.run(tx, channel=channel, value=value, at=to_micros(now))


def read_cursor(tx: Tx, channel: str) -> str | None:
    """Return how far a channel has been read, or None."""
    return tx.execute(select(t.cursor.c.value).where(t.cursor.c.channel == channel)).scalar()


def read_known(tx: Tx, channel: str, ids: Collection[str]) -> frozenset[str]:
    """Return those of these ids of messages that came in on a channel and have their place."""
    r = t.message_ref.c
    short = {one[:255]: one for one in ids}
    rows = tx.execute(select(r.ref).where(r.channel == channel, r.ref.in_(short)))
    return frozenset(short[row.ref] for row in rows)


def _again(tx: Tx, arrival: Arrival) -> Received:
    inbound = arrival.inbound
    row = _KNOWN.row(tx, channel=inbound.channel, external_id=inbound.external_id)
    assert row is not None
    if row[1] != _hash(tx, arrival):
        return Received(inbox_id=row[0], id_taken=True)
    seq = None
    if inbound.thread is not None:
        found = _KNOWN_SEQ.row(
            tx, channel=inbound.channel, key=inbound.thread, public_id=public_id_of(inbound)
        )
        seq = found[0] if found else None
    return Received(inbox_id=row[0], seq=seq, duplicate=True)


def _hash(tx: Tx, arrival: Arrival) -> str:
    """What tells two contents of one id apart; in clear it would betray short ones to whoever tries them all."""
    return keys.blind(tx, "inbox.body", arrival.body_hash)


def _sealed_raw(key: Key, arrival: Arrival) -> bytes | None:
    if arrival.raw is None:
        return None
    where = arrival_place(arrival.inbound.channel, arrival.inbound.external_id, "raw")
    return keys.seal_bytes(key, where, arrival.raw)
