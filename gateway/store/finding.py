"""Which thread a message belongs to where only its content can tell (mail): token, refs, subject, else a new one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from adapters.contract import AutomaticKind, Inbound
from gateway.store import tables as t
from gateway.store.columns import covered
from gateway.store.database import Tx
from gateway.store.newcomers import find_contact
from gateway.store.prepared import Prepared

_th = t.thread.c
_BY_KEY = Prepared(
    select(_th.id, _th.key, _th.contact_id).where(
        _th.channel == bindparam("channel"), _th.key == bindparam("key")
    )
)
_BY_REF = Prepared(
    select(_th.id, _th.key, _th.contact_id, t.message_ref.c.own)
    .join(t.message_ref, t.message_ref.c.thread_id == _th.id)
    .where(t.message_ref.c.channel == bindparam("channel"), t.message_ref.c.ref == bindparam("ref"))
)
_BY_TICKET = Prepared(
    select(_th.id, _th.key, _th.contact_id)
    .join(t.ticket, t.ticket.c.thread_id == _th.id)
    .where(_th.channel == bindparam("channel"), t.ticket.c.number == bindparam("number"))
)
_TAG = re.compile(r"\[#?(T\d{8}-\d{4,6})\]")
_REPORTS = (AutomaticKind.BOUNCE, AutomaticKind.COMPLAINT, AutomaticKind.RECEIPT)
"""What servers and programs say about a message of ours; they are never its contact."""
_TWIN = Prepared(
    select(t.message.c.text, t.message.c.full_text, t.message.c.thread_id, t.message.c.seq)
    .join(t.message_ref, t.message_ref.c.message_id == t.message.c.id)
    .where(
        t.message_ref.c.channel == bindparam("channel"),
        t.message_ref.c.ref == bindparam("ref"),
        t.message_ref.c.own.is_(False),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The thread to join; None begins a new one. ``because`` says which evidence counted."""

    key: str | None
    because: str
    channel: str
    """Where the thread is: of a mail to two of our mailboxes the second may belong to the first one's."""
    duplicate: bool = False
    """The very message is there already, come by another way."""
    twin: tuple[int, int] | None = None
    """Thread and ``seq`` of the message that is there already."""
    mentions: str | None = None
    """What the message refers to without the right to join it: a ticket's number, or ``a conversation``."""
    pending: bool = False
    """A stranger has a reply token that is right: handed on, perhaps, or leaked; an agent decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    thread_id: int
    key: str
    contact_id: int
    because: str
    channel: str
    is_ours: bool = False
    by_token: bool = False


def find_thread(tx: Tx, inbound: Inbound, channels: Sequence[str] = ()) -> Found:
    """Return where ``inbound`` belongs; a header alone never lets a stranger into a thread.

    Joining needs a valid token, a reference to a message of the thread, or its ticket's number in the subject, and a
    sender who is the thread's contact and whom the receiving server did not find forged. A report (bounce, complaint,
    read receipt) comes from a server or a program, never from the contact: it joins if it gives back the id of a
    message we sent, which only those can know who had the message.
    ``channels`` are further ones on which the same message may arrive (other mailboxes of the house).
    """
    here = inbound.channel
    everywhere = (here, *(one for one in channels if one != here))
    if inbound.own_id:
        if (
            len(everywhere) > 1 and tx.dialect.name == "postgresql"
        ):  # both mailboxes may be read in one moment
            tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"mail {inbound.own_id}", 0))))
        twin = _twin(tx, inbound, everywhere)
        if twin is not None:
            because = f"{inbound.own_id} is stored already"
            return Found(key=None, because=because, channel=here, duplicate=True, twin=twin)
    named = _named(tx, inbound, everywhere)
    if named is None:
        return Found(key=None, because="it refers to no message of ours", channel=here)
    if inbound.automatic in _REPORTS and named.is_ours:
        return Found(key=named.key, because=f"a {inbound.automatic}: {named.because}", channel=named.channel)
    if find_contact(tx, named.channel, inbound.address) != named.contact_id:
        because = f"{named.because}, but the sender is not its contact"
        mentions = _name_of(tx, named.thread_id)
        return Found(key=None, because=because, channel=here, mentions=mentions, pending=named.by_token)
    if inbound.sender.aligned == "fail":
        because = f"{named.because}, but the sender looks forged"
        return Found(key=None, because=because, channel=here, mentions=_name_of(tx, named.thread_id))
    return Found(key=named.key, because=named.because, channel=named.channel)


def _named(tx: Tx, inbound: Inbound, channels: Sequence[str]) -> _Named | None:
    if inbound.token:
        row = _BY_KEY.row(tx, channel=inbound.channel, key=inbound.token)
        if row is not None:
            id_, key, contact_id = row
            because = "a valid reply token"
            return _Named(
                thread_id=id_,
                key=key,
                contact_id=contact_id,
                because=because,
                channel=inbound.channel,
                by_token=True,
            )
    for ref in inbound.refs:
        for channel in channels:
            row = _BY_REF.row(tx, channel=channel, ref=ref[:255])
            if row is not None:
                id_, key, contact_id, own = row
                return _Named(
                    thread_id=id_,
                    key=key,
                    contact_id=contact_id,
                    because=f"it refers to {ref}",
                    channel=channel,
                    is_ours=bool(own),
                )
    return _tagged(tx, inbound.subject or "", channels)


def _tagged(tx: Tx, subject: str, channels: Sequence[str]) -> _Named | None:
    """The number that stands in the subject of all we send; weak evidence, for numbers can be counted up."""
    for number in dict.fromkeys(_TAG.findall(subject)[:3]):
        for channel in channels:
            row = _BY_TICKET.row(tx, channel=channel, number=number)
            if row is not None:
                id_, key, contact_id = row
                because = f"its subject names {number}"
                return _Named(thread_id=id_, key=key, contact_id=contact_id, because=because, channel=channel)
    return None


def _name_of(tx: Tx, thread_id: int) -> str:
    latest = select(t.ticket.c.number).where(t.ticket.c.thread_id == thread_id).order_by(t.ticket.c.id.desc())
    return tx.execute(latest.limit(1)).scalar() or "a conversation"


def _twin(tx: Tx, inbound: Inbound, channels: Sequence[str]) -> tuple[int, int] | None:
    """The same id with the same words; the same id with other words is kept (broken devices reuse ids)."""
    assert inbound.own_id is not None
    for channel in channels:
        row = _TWIN.row(tx, channel=channel, ref=inbound.own_id[:255])
        whole = None if inbound.full_text is None else covered(tx, inbound.full_text)
        if row is not None and (row[0], row[1]) == (covered(tx, inbound.text), whole):
            return int(row[2]), int(row[3])
    return None
