"""Who waits for a person, in order, and the message by which a messenger's contact is told their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select

from gateway.domain.conversation import State
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Committed
from gateway.store.load import read_load
from gateway.store.personal import seal_outgoing
from gateway.store.prepared import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One contact in the queue."""

    conversation_id: int
    thread_id: int
    thread_key: str
    channel: str
    lang: str
    told_at: datetime | None
    """By when they were told that a person answers."""
    online: int
    staff: int
    handling: timedelta


_ORDER = Prepared(
    select(t.conversation.c.id)
    .where(t.conversation.c.state == bindparam("queued"))
    .order_by(t.conversation.c.queue_rank, t.conversation.c.queued_at)
    .limit(1000)
)


def read_places(tx: Tx, told: Mapping[int, int], default: timedelta) -> tuple[dict[int, int], list[Waiting]]:
    """Return everybody's place by conversation, and those in full whose place is another than ``told``.

    Most who wait keep their place while others join behind them: only their ids are read.
    """
    order = _ORDER.rows(tx, queued=State.QUEUED.value)
    places = {row[0]: place for place, row in enumerate(order, start=1)}
    changed = [one for one, place in places.items() if told.get(one) != place]
    return places, _in_full(tx, changed, default) if changed else []


def _in_full(tx: Tx, ids: Sequence[int], default: timedelta) -> list[Waiting]:
    load = read_load(tx, default)
    c = t.conversation.c
    rows = tx.execute(
        select(c.id, c.thread_id, t.thread.c.key, c.channel, c.lang, c.told_at)
        .join(t.thread, t.thread.c.id == c.thread_id)
        .where(c.id.in_(ids))
        .order_by(c.queue_rank, c.queued_at)
    )
    return [
        Waiting(
            conversation_id=row.id,
            thread_id=row.thread_id,
            thread_key=row.key,
            channel=row.channel,
            lang=row.lang,
            told_at=row.told_at,
            online=load.online,
            staff=load.staff,
            handling=load.handling,
        )
        for row in rows
    ]


def edit_place(tx: Tx, waiting: Waiting, text: str, key: str, now: datetime) -> Committed | None:
    """Owe an edit of the hand-over message; None while that message is not delivered, or once nobody waits."""
    o, m = t.outbox.c, t.message.c
    row = tx.execute(
        select(o.provider_id, t.conversation.c.contact_id)
        .join(t.message, m.id == o.message_id)
        .join(t.conversation, t.conversation.c.id == m.conversation_id)
        .where(
            m.thread_id == waiting.thread_id,
            m.conversation_id == waiting.conversation_id,
            m.author == "bot",
            o.provider_id.is_not(None),
            m.because.contains("handover"),
            t.conversation.c.state == State.QUEUED,
        )
        .order_by(o.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    body = {
        "text": text,
        "lang": waiting.lang,
        "author": "bot",
        "automatic": True,
        "choices": [],
        "attachments": [],
        "edits": row.provider_id,
    }
    tx.execute(
        insert(t.outbox).values(
            key=key,
            channel=waiting.channel,
            thread_id=waiting.thread_id,
            body=seal_outgoing(keys.of_contact(tx, row.contact_id), key, 0, body, None)[0],
            state="due",
            not_before=now,
            created_at=now,
        )
    )
    return Committed(
        channel=waiting.channel,
        thread_id=waiting.thread_id,
        thread_key=waiting.thread_key,
        conversation_id=waiting.conversation_id,
        has_outgoing=True,
    )
