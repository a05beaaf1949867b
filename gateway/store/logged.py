"""Contacts, threads and messages of what agents write down: the same rows as of what comes in by itself."""

import hashlib
from datetime import datetime, tzinfo

import orjson
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.contract import Inbound
from gateway.errors import NotFound, Said
from gateway.pipeline.effects_life import LogWords
from gateway.store import keys, lease
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.customers import sight_of_contact
from gateway.store.database import Tx
from gateway.store.originals import message_row, originals_in
from gateway.store.personal import address_place, index_of
from gateway.store.receiving import Arrival, Received, receive
from gateway.store.visible_sight import Sight

_c, _i, _k, _th = t.contact.c, t.contact_identity.c, t.ticket.c, t.thread.c


def known_contact(tx: Tx, sight: Sight, number: str | None, phone: str | None) -> int | None:
    """Return the contact with this number, else whoever has this phone on any channel; None for somebody new.

    Whoever calls from a phone is known by it to every agent; a number has to be a customer's whom they see.

    Raises:
        NotFound: a number was given that nobody has, or somebody who is not seen.
    """
    if number:
        found = tx.execute(select(_c.id).where(_c.number == number)).scalar()
        if found is None or not sight_of_contact(tx, sight, found):
            said = Said("没有这位客户。", "There is no such customer.")
            raise NotFound(f"no contact {number}", public=said, code="no_contact")
        return int(found)
    if not phone:
        return None
    forms = [index_of(tx, one) for one in (phone, f"+86{phone}", f"+{phone}")]
    same = select(_i.contact_id).where(_i.address_index.in_(forms))
    return tx.execute(same.order_by(_i.id).limit(1)).scalar()


def take_down(tx: Tx, inbound: Inbound, contact_id: int | None, *, now: datetime, zone: tzinfo) -> Received:
    """Store what was said, once for each id; the inbox row is done at once, for no worker need look at it."""
    if contact_id is not None:
        index = index_of(tx, inbound.address)
        where = address_place(contact_id, inbound.channel, index)
        row = {
            "contact_id": contact_id,
            "channel": inbound.channel,
            "address": keys.seal(keys.of_contact(tx, contact_id), where, inbound.address),
            "address_index": index,
            "created_at": now,
        }
        tx.execute(upsert(t.contact_identity).values(row).on_conflict_do_nothing())
    set_ones = (
        "channel",
        "external_id",
        "address",
        "thread",
        "text",
        "name",
        "lang",
        "sent_at",
        "may_autorespond",
    )
    values = {name: value for name in set_ones if (value := getattr(inbound, name)) is not None}
    arrival = Arrival(
        inbound=inbound,
        body=orjson.dumps(values).decode(),
        body_hash=hashlib.sha256(inbound.text.encode()).hexdigest()[:32],
    )
    received = receive(tx, arrival, now=now, zone=zone, owner=None, until=now, keep_ref=False)
    if not received.duplicate and not received.id_taken:
        lease.finish_inbound(tx, received.inbox_id)
    return received


def ticket_on(tx: Tx, channel: str, key: str) -> tuple[str, int, int] | None:
    """Return number, id and thread of the latest ticket on a thread."""
    query = (
        select(_k.number, _k.id, _k.thread_id)
        .join(t.thread, _th.id == _k.thread_id)
        .where(_th.channel == channel, _th.key == key)
        .order_by(_k.id.desc())
    )
    row = tx.execute(query.limit(1)).first()
    return None if row is None else (row.number, row.id, row.thread_id)


def log_words(work: Applying, effect: LogWords) -> None:
    """Put into the thread what the contact said elsewhere and an agent wrote down."""
    m = t.message.c
    known = select(m.id).where(m.thread_id == work.snapshot.thread_id, m.public_id == effect.id)
    if work.tx.execute(known).scalar() is not None:
        return
    work.seq += 1
    values = {
        "thread_id": work.snapshot.thread_id,
        "seq": work.seq,
        "conversation_id": work.conversation_id,
        "public_id": effect.id,
        "author": "customer",
        "text": effect.text,
        "sealed": originals_in(
            work.tx,
            t.message,
            message_row(work.snapshot.thread_id, work.seq),
            work.snapshot.contact.id,
            {"text": effect.text},
        ),
        "because": effect.because,
        "labels": ["logged"],
        "at": work.now,
    }
    row = work.tx.execute(insert(t.message).values(values).returning(m.id)).scalar_one()
    work.message_ids.append(row)
