"""Which thread a message belongs to where only its content can tell (mail): token, then refs, then a new one."""

from dataclasses import dataclass

from sqlalchemy import select

from adapters.contract import AutomaticKind, Inbound
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.receiving import find_contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The thread to join; None begins a new one. ``because`` says which evidence counted."""

    key: str | None
    because: str
    duplicate: bool = False
    """The very message is there already, come by another way."""
    mentions: str | None = None
    """What the message refers to without the right to join it: a ticket's number, or ``a conversation``."""


def find_thread(tx: Tx, inbound: Inbound) -> Found:
    """Return where ``inbound`` belongs; a header alone never lets a stranger into a thread.

    Joining needs a reference to a message of ours, or a valid token, and a sender who is the thread's
    contact and whom the receiving server did not find forged. A bounce comes from a mail server, never from the
    contact: it joins if it gives back the id of a message we sent, which only those can know who had the message.
    """
    if inbound.own_id and _is_duplicate(tx, inbound):
        return Found(key=None, because=f"{inbound.own_id} is stored already", duplicate=True)
    named = _named(tx, inbound)
    if named is None:
        return Found(key=None, because="it refers to no message of ours")
    thread_id, key, contact_id, because, is_ours = named
    if inbound.automatic is AutomaticKind.BOUNCE and is_ours:
        return Found(key=key, because=f"a bounce: {because}")
    if find_contact(tx, inbound.channel, inbound.address) != contact_id:
        return Found(
            key=None,
            because=f"{because}, but the sender is not its contact",
            mentions=_name_of(tx, thread_id),
        )
    if inbound.sender.aligned == "fail":
        return Found(
            key=None, because=f"{because}, but the sender looks forged", mentions=_name_of(tx, thread_id)
        )
    return Found(key=key, because=because)


def _named(tx: Tx, inbound: Inbound) -> tuple[int, str, int, str, bool] | None:
    th = t.thread.c
    if inbound.token:
        row = tx.execute(
            select(th.id, th.key, th.contact_id).where(th.channel == inbound.channel, th.key == inbound.token)
        ).first()
        if row is not None:
            return row.id, row.key, row.contact_id, "a valid reply token", False
    for ref in inbound.refs:
        found = tx.execute(
            select(th.id, th.key, th.contact_id, t.message_ref.c.own)
            .join(t.message_ref, t.message_ref.c.thread_id == th.id)
            .where(t.message_ref.c.channel == inbound.channel, t.message_ref.c.ref == ref[:255])
        ).first()
        if found is not None:
            return found.id, found.key, found.contact_id, f"it refers to {ref}", found.own
    return None


def _name_of(tx: Tx, thread_id: int) -> str:
    latest = select(t.ticket.c.number).where(t.ticket.c.thread_id == thread_id).order_by(t.ticket.c.id.desc())
    return tx.execute(latest.limit(1)).scalar() or "a conversation"


def _is_duplicate(tx: Tx, inbound: Inbound) -> bool:
    """The same id with the same words; the same id with other words is kept (broken devices reuse ids)."""
    assert inbound.own_id is not None
    row = tx.execute(
        select(t.message.c.text, t.message.c.full_text)
        .join(t.message_ref, t.message_ref.c.message_id == t.message.c.id)
        .where(
            t.message_ref.c.channel == inbound.channel,
            t.message_ref.c.ref == inbound.own_id[:255],
            t.message_ref.c.own.is_(False),
        )
    ).first()
    return row is not None and (row.text, row.full_text) == (inbound.text, inbound.full_text)
