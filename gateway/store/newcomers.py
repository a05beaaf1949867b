"""Somebody who writes for the first time: their thread, and the contact they become."""

from datetime import datetime, tzinfo

from sqlalchemy import bindparam, insert, select

from adapters.contract import Inbound
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.arrived import remember_owner
from gateway.store.columns import to_micros
from gateway.store.database import Tx
from gateway.store.keys import Key
from gateway.store.numbers import contact_number
from gateway.store.personal import address_place, index_of, name_place, subject_place
from gateway.store.prepared import Prepared

_THREAD = Prepared(
    insert(t.thread).values(
        channel=bindparam("channel"),
        key=bindparam("key"),
        contact_id=bindparam("contact_id"),
        subject=bindparam("subject"),
        created_at=bindparam("now"),
    )
)
_FIND_CONTACT = Prepared(
    select(t.contact_identity.c.contact_id).where(
        t.contact_identity.c.channel == bindparam("channel"),
        t.contact_identity.c.address_index == bindparam("index"),
    )
)
_CONTACT = Prepared(
    insert(t.contact)
    .values(
        number=bindparam("number"),
        name=bindparam("name"),
        lang=bindparam("lang"),
        created_at=bindparam("now"),
    )
    .returning(t.contact.c.id)
)
_IDENTITY = Prepared(
    insert(t.contact_identity).values(
        contact_id=bindparam("contact_id"),
        channel=bindparam("channel"),
        address=bindparam("address"),
        address_index=bindparam("index"),
        created_at=bindparam("now"),
    )
)


def open_thread(tx: Tx, inbound: Inbound, thread: str, key: Key, now: datetime, zone: tzinfo) -> None:
    """Make a thread, and its contact where nobody has this address on this channel; ``key`` seals a newcomer."""
    contact_id = find_contact(tx, inbound.channel, inbound.address)
    if contact_id is None:
        contact_id = _add_contact(tx, inbound, key, now, zone)
    else:
        key = keys.of_contact(tx, contact_id)
    subject = inbound.subject
    _THREAD.run(
        tx,
        channel=inbound.channel,
        key=thread,
        contact_id=contact_id,
        subject=keys.seal(key, subject_place(inbound.channel, thread), subject) if subject else subject,
        now=to_micros(now),
    )
    remember_owner(tx, inbound.channel, thread, contact_id)


def find_contact(tx: Tx, channel: str, address: str) -> int | None:
    """Return the contact with this address on this channel."""
    row = _FIND_CONTACT.row(tx, channel=channel, index=index_of(tx, address))
    return row[0] if row else None


def _add_contact(tx: Tx, inbound: Inbound, key: Key, now: datetime, zone: tzinfo) -> int:
    number = contact_number(tx, now, zone)
    row = _CONTACT.row(
        tx,
        number=number,
        name=keys.seal(key, name_place(number), inbound.name) if inbound.name else inbound.name,
        lang=inbound.lang or "zh-CN",
        now=to_micros(now),
    )
    assert row is not None
    contact_id, index = int(row[0]), index_of(tx, inbound.address)
    _IDENTITY.run(
        tx,
        contact_id=contact_id,
        channel=inbound.channel,
        address=keys.seal(key, address_place(contact_id, inbound.channel, index), inbound.address),
        index=index,
        now=to_micros(now),
    )
    return contact_id
