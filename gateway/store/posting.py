"""Outbox rows: what somebody must carry, one row for each recipient, all under one key and so one Message-ID."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from gateway.domain.masking import mask_email
from gateway.domain.recipients import Recipient, Role
from gateway.errors import NotFound
from gateway.pipeline import plan as p
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.columns import to_micros
from gateway.store.elsewhere import Elsewhere
from gateway.store.file_cells import with_names
from gateway.store.originals import keep_originals, message_row, read_originals
from gateway.store.personal import address_of, seal_outgoing
from gateway.store.prepared import Prepared
from gateway.store.senders import refuses_mail

_OUTBOX = Prepared(
    insert(t.outbox).values(
        key=bindparam("key"),
        copy=bindparam("copy"),
        channel=bindparam("channel"),
        thread_id=bindparam("thread_id"),
        message_id=bindparam("message_id"),
        note_id=bindparam("note_id"),
        recipient=bindparam("recipient"),
        recipient_index=bindparam("recipient_index"),
        role=bindparam("role"),
        body=bindparam("body"),
        state="due",
        not_before=bindparam("now"),
        created_at=bindparam("now"),
    )
)
_REF = Prepared(
    insert(t.message_ref).values(
        channel=bindparam("channel"),
        ref=bindparam("ref"),
        thread_id=bindparam("thread_id"),
        message_id=bindparam("message_id"),
        own=bindparam("own"),
    )
)

Body = dict[str, Any]


def post(
    work: Applying,
    key: str,
    message_id: int,
    author: str,
    text: str,
    listed: list[dict[str, str]],
    attached: list[dict[str, Any]],
    also: Sequence[Recipient] = (),
) -> None:
    """Owe a message of the thread to its contact, and to everybody else an agent named."""
    body = _body(work, author, text, attached) | {"choices": listed}
    if also:
        own = _address(work).casefold()
        also = [one for one in also if one.address.casefold() != own]
        body |= {
            "to": [one.address for one in also if one.role is Role.TO],
            "cc": [one.address for one in also if one.role is Role.CC],
        }
    _owe(work, key, body, [None, *also], message_id=message_id)
    because = refuses_mail(work.tx, work.snapshot.contact.id, work.snapshot.channel)
    if because is not None:
        _hold(work, key, because)


def post_elsewhere(work: Applying, to: Elsewhere, key: str, message_id: int, text: str) -> None:
    """Owe an outcome to the contact over another thread of theirs; who asks is told over which (L4)."""
    body = _body(work, "system", text, []) | {"choices": []}
    values = {
        "key": key,
        "copy": 0,
        "channel": to.channel,
        "thread_id": to.thread_id,
        "message_id": message_id,
    }
    sealing = keys.of_contact(work.tx, work.snapshot.contact.id)
    _OUTBOX.run(
        work.tx,
        **values,
        note_id=None,
        recipient=None,
        recipient_index=None,
        role=Role.TO.value,
        body=seal_outgoing(sealing, key, 0, body, None)[0],
        now=to_micros(work.now),
    )
    _REF.run(
        work.tx,
        channel=to.channel,
        ref=key,
        thread_id=to.thread_id,
        message_id=message_id,
        own=True,
    )
    work.has_outgoing = True
    work.record("ticket", "told over the channel the contact prefers", what="told_over", channel=to.channel)


def _hold(work: Applying, key: str, because: str) -> None:
    """Send the contact's copy only if an agent insists: by sending it again."""
    o = t.outbox.c
    held = {"state": "held", "error": because, "settled_at": work.now}
    work.tx.execute(update(t.outbox).where(o.key == key, o.recipient.is_(None)).values(held))


def forward(work: Applying, effect: p.Forward) -> None:
    """Owe a message of the thread to somebody outside, and write down for colleagues that and to whom it went."""
    m = t.message.c
    row = work.tx.execute(
        select(m.id, m.seq, m.author, m.text, m.full_text, m.sealed, m.attachments, m.at, m.sent_at).where(
            m.thread_id == work.snapshot.thread_id, m.public_id == effect.message
        )
    ).first()
    if row is None:
        raise NotFound(f"no message {effect.message} on this thread")
    files = [one for one in row.attachments or [] if one.get("id")]
    with_names(work.tx, [files])
    # Whole is what the agent means to pass on; to whom is in the note and the audit trail.
    row_of = message_row(work.snapshot.thread_id, row.seq)
    was = read_originals(work.tx, t.message, row_of, row.sealed)
    is_theirs = row.author == "customer"
    shown: Body = {
        "address": _address(work) if is_theirs else "",
        "name": work.snapshot.contact.name if is_theirs else None,
        "subject": work.snapshot.subject,
        "text": was.get("full_text", row.full_text) or was.get("text", row.text),
        "at": (row.sent_at or row.at).isoformat(),
    }
    listed = {"id": effect.id, "message": effect.message, "to": [mask_email(one) for one in effect.to]}
    values = {"ticket_id": work.ticket_id, "agent_id": effect.agent_id, "text": effect.text, "at": work.now}
    note_id = work.tx.execute(
        insert(t.note).values(values | {"forward": listed}).returning(t.note.c.id)
    ).scalar_one()
    keep_originals(work.tx, t.note, note_id, work.snapshot.contact.id, {"text": effect.text})
    body = _body(work, "agent", effect.text, files) | {"to": list(effect.to), "cc": [], "forwarded": shown}
    copies = [Recipient(address=one, role=Role.TO) for one in effect.to]
    _owe(work, work.key(), body, copies, note_id=note_id)
    work.record("note", effect.because, note=note_id, forwarded=effect.message, copies=len(effect.to))


def _body(work: Applying, author: str, text: str, attached: list[dict[str, Any]]) -> Body:
    agent = author == "agent"
    return {
        "text": text,
        "lang": work.lang,
        "author": author,
        "automatic": not agent,
        "agent_name": work.actor.name if agent else None,
        "agent_number": work.actor.number if agent else None,
        "choices": [],
        "attachments": attached,
        "ticket": work.ticket_number,
    }


def _owe(
    work: Applying,
    key: str,
    body: Body,
    copies: Sequence[Recipient | None],
    *,
    message_id: int | None = None,
    note_id: int | None = None,
) -> None:
    """One row a recipient; None is the contact, whose address is looked up when it is sent."""
    sealing, now = keys.of_contact(work.tx, work.snapshot.contact.id), to_micros(work.now)
    for copy, one in enumerate(copies):
        written, recipient = seal_outgoing(sealing, key, copy, body, one.address if one else None)
        _OUTBOX.run(
            work.tx,
            key=key,
            copy=copy,
            channel=work.snapshot.channel,
            thread_id=work.snapshot.thread_id,
            message_id=message_id,
            note_id=note_id,
            recipient=recipient,
            recipient_index=keys.blind(work.tx, "outbox.recipient", one.address) if one else None,
            role=one.role.value if one else Role.TO.value,
            body=written,
            now=now,
        )
    _REF.run(
        work.tx,
        channel=work.snapshot.channel,
        ref=key,
        thread_id=work.snapshot.thread_id,
        message_id=message_id,
        own=True,
    )
    work.has_outgoing = True


def _address(work: Applying) -> str:
    i = t.contact_identity.c
    mine = (i.contact_id == work.snapshot.contact.id) & (i.channel == work.snapshot.channel)
    query = select(i.contact_id, i.channel, i.address_index, i.address).where(mine).order_by(i.id).limit(1)
    row = work.tx.execute(query).first()
    return (address_of(work.tx, *row) or "") if row is not None else ""
