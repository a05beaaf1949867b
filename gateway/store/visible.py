"""What an agent may see, as the desk's interface shows it: all of the store that ``web/api`` imports.

Every function takes a ``Sight`` and puts it into its query, so that no path forgets to ask.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from gateway.domain.masking import mask_text
from gateway.domain.promise import PromiseState
from gateway.store import deliveries, keys
from gateway.store import tables as t
from gateway.store.apply_entities import entities_shown
from gateway.store.attachments import mark_scanned
from gateway.store.database import Tx
from gateway.store.file_cells import with_names
from gateway.store.personal import entities_of, name_of
from gateway.store.senders import address_of
from gateway.store.visible_people import people_of
from gateway.store.visible_sight import Sight as Sight

Face = dict[str, Any]
"""One thing as it is sent: names and shapes are those of docs/reference/http-api.md."""

MESSAGES = 500
"""So many of a conversation's latest messages are sent at once."""
EVENTS = 200

_k, _m, _p = t.ticket.c, t.message.c, t.promise.c
_INTO = t.ticket.alias("into")
"""What a ticket was merged into."""


TICKETS: Select[Any] = (
    select(
        *(column for column in _k if column.name not in ("because", "outcome")),
        t.contact.c.number.label("contact_number"),
        t.contact.c.name.label("contact_name"),
        t.agent.c.number.label("agent_number"),
        t.agent.c.name.label("agent_name"),
        _INTO.c.number.label("into_number"),
    )
    .join(t.contact, t.contact.c.id == _k.contact_id)
    .outerjoin(t.agent, t.agent.c.id == _k.agent_id)
    .outerjoin(_INTO, _INTO.c.id == _k.merged_into)
)


def ticket_face(tx: Tx, sight: Sight, number: str) -> Face | None:
    """Return one ticket as lists show it; None if there is none or it is not to be seen."""
    found = tx.execute(TICKETS.where(_k.number == number, sight.covers())).all()
    return ticket_faces(tx, found)[0] if found else None


def ticket_faces(tx: Tx, rows: Sequence[Any]) -> list[Face]:
    """Return rows of ``TICKETS`` as they are sent, each with the promise that is due next or already late."""
    promises = _next_promises(tx, [row.id for row in rows])
    people = people_of(tx, rows)
    keys.warm(tx, (row.contact_name for row in rows))
    return [_ticket(tx, row, promises.get(row.id)) | people[row.id] for row in rows]


def ticket_page(tx: Tx, sight: Sight, number: str) -> Face | None:
    """Return a ticket with its conversation, messages, notes, promises and history."""
    found = tx.execute(TICKETS.where(_k.number == number, sight.covers())).all()
    if not found:
        return None
    row = found[0]
    talk = tx.execute(select(t.conversation).where(t.conversation.c.id == row.conversation_id)).one()
    same = (_m.thread_id == row.thread_id) & (_m.conversation_id == row.conversation_id)
    mine = message_faces(tx, same, order=_m.seq.desc(), limit=MESSAGES)
    messages = [face for _, face in reversed(mine)]
    last_seq = tx.execute(select(t.thread.c.last_seq).where(t.thread.c.id == row.thread_id)).scalar_one()
    return {
        "ticket": ticket_faces(tx, found)[0],
        "address": _mail_address(tx, sight, row),
        "conversation": {
            "id": str(talk.id),
            "state": talk.state,
            "topic": talk.topic,
            "started_at": talk.started_at,
        },
        "entities": entities_shown(entities_of(tx, talk.id, talk.entities)),
        "messages": messages,
        "notes": [_without_ticket(note) for note in note_faces(tx, t.note.c.ticket_id == row.id)],
        "promises": _promises(tx, row.id),
        "events": _history(tx, row.id),
        "last_seq": last_seq,
    }


def _mail_address(tx: Tx, sight: Sight, row: Any) -> str | None:
    """The address a ticket's contact mails from, covered for whoever neither has the ticket nor oversees it.

    What other channels call by that name is nobody's business.
    """
    address = address_of(tx, row.number) or ""
    if "@" not in address:
        return None
    return address if sight.opens(row.agent_id) else mask_text(address)


def message_faces(
    tx: Tx, where: ColumnElement[bool], *, order: Any = None, limit: int | None = None
) -> list[tuple[Any, Face]]:
    """Return messages with their rows; ``html`` is left to whoever shows them, a mail's whole body to ``body``."""
    query = (
        select(
            *(column for column in _m if column.name not in ("full_text", "html", "sealed")),
            _m.sealed.is_not(None).label("covered"),
            or_(_m.html.is_not(None), _m.full_text != _m.text).label("has_more"),
            t.agent.c.number.label("agent_number"),
            t.agent.c.name.label("agent_name"),
            t.inbox.c.state.label("inbox_state"),
            func.coalesce(_INTO.c.number, _k.number).label("ticket_number"),
        )
        .outerjoin(t.agent, t.agent.c.id == _m.agent_id)
        .outerjoin(t.inbox, t.inbox.c.id == _m.inbox_id)
        .outerjoin(t.ticket, _k.conversation_id == _m.conversation_id)
        .outerjoin(_INTO, _INTO.c.id == _k.merged_into)
        .where(where)
        .order_by(_m.thread_id if order is None else order, _m.seq)
    )
    rows = tx.execute(query.limit(limit) if limit else query).all()
    # Only somebody's own later message can have replaced one of these.
    threads = {row.thread_id for row in rows if row.author == "customer"}
    edited: set[int] = set()
    if threads:
        replaced = select(_m.edits).where(_m.thread_id.in_(threads), _m.edits.is_not(None))
        edited = {row.edits for row in tx.execute(replaced)}
    carried = deliveries.of_messages(tx, [row.id for row in rows if row.author != "customer"])
    faces = [(row, _message(row, row.id in edited, carried.get(row.id))) for row in rows]
    mark_scanned(tx, (face["attachments"] for _, face in faces))
    with_names(tx, (face["attachments"] for _, face in faces))
    return faces


def message_body(tx: Tx, sight: Sight, number: str, seq: int) -> Face | None:
    """Return a message of a ticket as it came whole: with what it quotes, and as cleaned HTML where it had any.

    In the HTML an image of the message is ``cid:`` and the id of its file, one from elsewhere ``remote:`` and its
    address: neither is fetched by a browser as it stands.
    """
    row = tx.execute(
        select(_m.text, _m.full_text, _m.html)
        .join(t.ticket, (_k.thread_id == _m.thread_id) & (_k.conversation_id == _m.conversation_id))
        .where(_k.number == number, _m.seq == seq, sight.covers())
    ).first()
    return None if row is None else {"text": row.full_text or row.text, "html": row.html}


def note_faces(tx: Tx, where: ColumnElement[bool]) -> list[Face]:
    """Return notes, oldest first, each with its ticket's number as ``ticket``."""
    n = t.note.c
    query = select(
        n.id,
        n.text,
        n.sealed.is_not(None).label("covered"),
        n.forward,
        n.task_id,
        n.at,
        t.agent.c.number,
        t.agent.c.name,
        _k.number.label("ticket_number"),
    )
    joined = query.join(t.agent, t.agent.c.id == n.agent_id).join(t.ticket, _k.id == n.ticket_id)
    rows = tx.execute(joined.where(where).order_by(n.id)).all()
    carried = deliveries.of_notes(tx, [row.id for row in rows if row.forward])
    return [
        {
            "id": str(row.id),
            "agent": {"number": row.number, "name": row.name},
            "text": row.text,
            "covered": bool(row.covered),
            "forward": _forward(row.forward, carried.get(row.id)),
            "task": None if row.task_id is None else str(row.task_id),
            "at": row.at,
            "ticket": row.ticket_number,
        }
        for row in rows
    ]


def _forward(listed: Face | None, delivery: Face | None) -> Face | None:
    if not listed:
        return None
    return {"message": listed["message"], "to": listed["to"], "delivery": delivery}


def note_by_id(tx: Tx, note_id: int) -> Face:
    """Return a note that was just written."""
    return _without_ticket(note_faces(tx, t.note.c.id == note_id)[0])


def agent_faces(tx: Tx) -> list[Face]:
    """Return everybody who can sign in, and how many tickets each has open."""
    a = t.agent.c
    open_ones = func.count(_k.id)
    query = (
        select(a.number, a.name, a.role, a.state, open_ones.label("open"))
        .outerjoin(t.ticket, and_(_k.agent_id == a.id, _k.status.in_(("open", "in_progress"))))
        .where(a.disabled_at.is_(None))
        .group_by(a.id, a.number, a.name, a.role, a.state)
        .order_by(a.number)
    )
    return [_plain(row) for row in tx.execute(query)]


def thread_of(tx: Tx, sight: Sight, number: str) -> tuple[str, str] | None:
    """Return channel and key of a ticket's thread."""
    row = tx.execute(
        select(t.thread.c.channel, t.thread.c.key)
        .join(t.ticket, _k.thread_id == t.thread.c.id)
        .where(_k.number == number, sight.covers())
    ).first()
    return None if row is None else (row.channel, row.key)


def language_of(tx: Tx, sight: Sight, number: str) -> str | None:
    """Return the language a ticket's customer is spoken to in."""
    return tx.execute(select(_k.lang).where(_k.number == number, sight.covers())).scalar()


def ticket_at_work(tx: Tx, channel: str, key: str) -> tuple[str, int] | None:
    """Return the number of the ticket that an agent has on this thread, and the agent's id."""
    row = tx.execute(
        select(_k.number, _k.agent_id)
        .join(t.thread, t.thread.c.conversation_id == _k.conversation_id)
        .where(t.thread.c.channel == channel, t.thread.c.key == key, _k.status == "in_progress")
    ).first()
    return None if row is None or row.agent_id is None else (row.number, row.agent_id)


def _without_ticket(note: Face) -> Face:
    return {key: value for key, value in note.items() if key != "ticket"}


def _next_promises(tx: Tx, ids: Iterable[int]) -> dict[int, Face]:
    owed = or_(
        _p.state.in_((PromiseState.RUNNING, PromiseState.PAUSED)),
        and_(_p.state == PromiseState.BROKEN, _p.settled_at.is_(None)),
    )
    query = select(_p.ticket_id, _p.kind, _p.due_at, _p.state).where(_p.ticket_id.in_(list(ids)), owed)
    first: dict[int, Face] = {}
    # What runs comes before what stands still, whose time is only where it stopped.
    for row in tx.execute(query.order_by(_p.state.desc(), _p.due_at)):
        first.setdefault(row.ticket_id, {"kind": row.kind, "due_at": row.due_at, "state": row.state})
    return first


def _promises(tx: Tx, ticket_id: int) -> list[Face]:
    query = select(_p.id, _p.kind, _p.owner, _p.due_at, _p.state, _p.because)
    rows = tx.execute(query.where(_p.ticket_id == ticket_id).order_by(_p.id))
    return [_plain(row) | {"id": str(row.id)} for row in rows]


def _history(tx: Tx, ticket_id: int) -> list[Face]:
    e = t.event.c
    query = select(e.id, e.at, e.kind, e.actor, e.because, e.data).where(e.ticket_id == ticket_id)
    rows = tx.execute(query.order_by(e.id.desc()).limit(EVENTS)).all()
    return [
        {
            "id": str(row.id),
            "at": row.at,
            "kind": ".".join((row.kind, *([row.data["what"]] if row.data and "what" in row.data else []))),
            "actor": row.actor,
            "because": row.because,
        }
        for row in reversed(rows)
    ]


def _plain(row: Any) -> Face:
    """The driver's names are a kind of string that JSON encoders refuse as keys."""
    return {str(name): value for name, value in row._mapping.items()}


def _person(number: str | None, name: str | None) -> Face | None:
    return None if number is None else {"number": number, "name": name}


def _ticket(tx: Tx, row: Any, promise: Face | None) -> Face:
    return {
        "number": row.number,
        "status": row.status,
        "type": row.type,
        "subtype": row.subtype,
        "urgency": row.urgency,
        "anomaly": row.anomaly,
        "department": row.department,
        "subject": row.subject,
        "summary": row.summary,
        "channel": row.channel,
        "lang": row.lang,
        "contact": {
            "number": row.contact_number,
            "name": name_of(tx, row.contact_number, row.contact_name) or "",
        },
        "agent": _person(row.agent_number, row.agent_name),
        "waiting_on": row.waiting_on,
        "waiting_since": row.waiting_since,
        "reopens": row.reopens,
        "merged_into": row.into_number,
        "closes_at": row.closes_at,
        "answered_at": row.answered_at,
        "resolved_at": row.resolved_at,
        "closed_at": row.closed_at,
        "opened_at": row.opened_at,
        "last_at": row.last_at,
        "last_text": row.last_text,
        "promise": promise,
        "escalation": row.escalation,
        "spam": row.spam,
        "version": row.version,
    }


def _message(row: Any, is_edited: bool, delivery: Face | None) -> Face:
    at: datetime = row.at
    return {
        "seq": row.seq,
        "id": row.public_id,
        "author": row.author,
        "agent": _person(row.agent_number, row.agent_name),
        "text": row.text,
        "html": None,
        "choices": row.choices or [],
        "attachments": [one for one in row.attachments or [] if one.get("id")],
        "problems": row.problems or [],
        "labels": row.labels or [],
        "more": bool(row.has_more),
        "covered": bool(row.covered),
        "at": at,
        "because": row.because,
        "edited": is_edited,
        "delivery": delivery,
        "raw": row.inbox_state == "failed",
    }
