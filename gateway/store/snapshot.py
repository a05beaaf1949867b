"""What a Turn needs from the database about one thread, read in one statement."""

from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, func, select

from gateway.domain.contact import Contact
from gateway.domain.conversation import Conversation, OfferedChoice, State
from gateway.domain.ticket import Anomaly, Status, Ticket, TicketType, Urgency
from gateway.store import tables as t
from gateway.store.columns import from_micros
from gateway.store.database import Tx
from gateway.store.personal import name_of, subject_of
from gateway.store.prepared import Prepared, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A thread with its contact, latest conversation and ticket, as of ``version``."""

    thread_id: int
    channel: str
    key: str
    version: int
    subject: str | None
    contact: Contact
    conversation: Conversation | None
    ticket: Ticket | None


_c, _k = t.conversation.c, t.ticket.c
_COLUMNS = (
    select(
        t.thread.c.id,
        t.thread.c.channel,
        t.thread.c.key,
        t.thread.c.version,
        t.thread.c.subject,
        t.contact.c.id,
        t.contact.c.number,
        t.contact.c.name,
        t.contact.c.lang,
        t.contact.c.tags,
        t.contact.c.vip,
        t.contact.c.own_agent_id,
        _c.id,
        _c.state,
        _c.lang,
        _c.topic,
        _c.offered,
        _c.misses,
        _c.started_at,
        _c.last_at,
        _c.queued_at,
        _c.closed_at,
        _c.told_at,
        _k.id,
        _k.number,
        _k.status,
        _k.type,
        _k.urgency,
        _k.anomaly,
        _k.department,
        _k.agent_id,
        _k.spam,
        _k.resolved_at,
        _k.closed_at,
        _k.subtype,
        _k.line,
    )
    .join(t.contact, t.contact.c.id == t.thread.c.contact_id)
    .where(t.thread.c.id == bindparam("thread_id"))
)
_own = t.ticket.alias("own")
_READ = Prepared(
    _COLUMNS.outerjoin(t.conversation, _c.id == t.thread.c.conversation_id)
    .outerjoin(_own, _own.c.conversation_id == _c.id)
    .outerjoin(t.ticket, _k.id == func.coalesce(_own.c.merged_into, _own.c.id))
)
"""A conversation whose ticket was merged into another speaks of that one."""
_READ_PLACE = Prepared(
    _COLUMNS.join(t.ticket, _k.id == bindparam("ticket_id")).join(
        t.conversation, _c.id == bindparam("conversation_id")
    )
)
_READ_TICKET = Prepared(
    _COLUMNS.join(t.ticket, _k.id == bindparam("ticket_id")).join(t.conversation, _c.id == _k.conversation_id)
)


def read_snapshot(tx: Tx, thread_id: int) -> Snapshot:
    """Return the present state of a thread that exists."""
    row = _READ.row(tx, thread_id=thread_id)
    if row is None:
        raise LookupError(f"no thread {thread_id}")
    return _snapshot(tx, row)


def read_ticket_snapshot(tx: Tx, thread_id: int, ticket_id: int) -> Snapshot:
    """Return the state of a thread as one of its tickets sees it: with the conversation the ticket is about."""
    row = _READ_TICKET.row(tx, thread_id=thread_id, ticket_id=ticket_id)
    if row is None:
        raise LookupError(f"no ticket {ticket_id} on thread {thread_id}")
    return _snapshot(tx, row)


def read_place(tx: Tx, thread_id: int, ticket_id: int, conversation_id: int) -> Snapshot:
    """Return the state of a thread as a ticket sees it that another one, from that thread, was merged into."""
    row = _READ_PLACE.row(tx, thread_id=thread_id, ticket_id=ticket_id, conversation_id=conversation_id)
    if row is None:
        raise LookupError(f"no conversation {conversation_id} on thread {thread_id}")
    return _snapshot(tx, row)


def _snapshot(tx: Tx, row: Row) -> Snapshot:
    return Snapshot(
        thread_id=row[0],
        channel=row[1],
        key=row[2],
        version=row[3],
        subject=subject_of(tx, row[1], row[2], row[4]),
        contact=_contact(tx, row[5:12]),
        conversation=_conversation(row[12:23]) if row[12] is not None else None,
        ticket=_ticket(row[23:]) if row[23] is not None else None,
    )


def _contact(tx: Tx, row: Row) -> Contact:
    return Contact(
        id=row[0],
        number=row[1],
        name=name_of(tx, row[1], row[2]),
        lang=row[3],
        tags=tuple(orjson.loads(row[4])) if row[4] else (),
        vip=bool(row[5]),
        own_agent_id=row[6],
    )


def _conversation(row: Row) -> Conversation:
    offered = orjson.loads(row[4]) if row[4] else ()
    return Conversation(
        id=row[0],
        state=State(row[1]),
        lang=row[2],
        topic=row[3],
        offered=tuple(OfferedChoice(id=one["id"], label=one["label"]) for one in offered),
        misses=row[5],
        started_at=from_micros(row[6]),
        last_at=from_micros(row[7]),
        queued_at=from_micros(row[8]) if row[8] is not None else None,
        closed_at=from_micros(row[9]) if row[9] is not None else None,
        told_at=from_micros(row[10]) if row[10] is not None else None,
    )


def _ticket(row: Row) -> Ticket:
    return Ticket(
        id=row[0],
        number=row[1],
        status=Status(row[2]),
        type=TicketType(row[3]),
        urgency=Urgency(row[4]),
        anomaly=Anomaly(row[5]),
        department=row[6],
        agent_id=row[7],
        spam=row[8],
        resolved_at=from_micros(row[9]) if row[9] is not None else None,
        closed_at=from_micros(row[10]) if row[10] is not None else None,
        subtype=row[11],
        line=row[12],
    )
