"""Take the words and data of people out of rows, and leave what can be counted: numbers, times, kinds, promises kept.

``BLANKED`` says of every column that may hold a person's words what becomes of it, ``KEPT`` why another may stay;
a test holds the two together against the schema, so that no new column is forgotten.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    Text,
    case,
    cast,
    delete,
    literal,
    select,
    type_coerce,
    update,
)

from gateway.domain.conversation import State
from gateway.domain.promise import OPEN_STATES, PromiseState
from gateway.domain.tasks import OPEN as OPEN_TASKS
from gateway.domain.tasks import TaskState
from gateway.domain.ticket import Status
from gateway.store import tables as t
from gateway.store.columns import Json
from gateway.store.database import Tx
from gateway.store.doomed import doom

BLANKED: Mapping[Table, Collection[str]] = {
    t.contact: ("name", "tags", "preferences", "preferred_channel", "consent"),
    t.thread: ("subject",),
    t.conversation: ("offered", "entities"),
    t.message: ("text", "full_text", "html", "choices", "attachments", "problems", "labels", "because"),
    t.note: ("text", "forward"),
    t.ticket: ("subject", "summary", "because", "last_text", "outcome", "escalated_because"),
    t.inbox: ("body", "raw", "raw_blob", "error"),
    t.outbox: ("body", "recipient", "recipient_index", "error"),
    t.complaint: (
        "content",
        "happened_at",
        "contact",
        "order",
        "product",
        "wanted",
        "first_handler",
        "escalated_because",
        "responsible",
        "solution",
        "response",
        "because",
    ),
    t.task: ("text", "answer"),
    t.merge: ("because",),
    t.correction: ("reason",),
    t.explanation: ("plan",),
    t.handover: ("note", "answer"),
    t.promise: ("text", "because", "paused_because", "settled_because"),
    t.promise_segment: ("because",),
    t.event: ("because",),
    t.alarm: ("because", "gaps"),
    t.approval: ("reason", "answer"),
}

REMOVED = (
    t.contact_identity,
    t.message_ref,
    t.attachment,
    t.ticket_key,
    t.tag,
    t.audit_words,
    t.awaited,
    t.attempt,
    t.proof,
    t.code,
    t.verify_page,
)
"""Tables of which a person's rows go as a whole."""
_m, _k, _v, _i, _o, _n = t.message.c, t.ticket.c, t.conversation.c, t.inbox.c, t.outbox.c, t.note.c
ERASED_ID = "erased:"
_NAMELESS = literal(ERASED_ID) + cast(_m.id, String)
"""The id of a message that came in was made by its sender's program, and may name them."""


def blank(table: Table, names: Collection[str]) -> dict[str, Any]:
    """Return the values that empty these columns, and the sealed originals beside them."""
    values: dict[str, Any] = {}
    for name in (*names, *(one for one in ("sealed",) if one in table.c)):
        column = table.c[name]
        if column.nullable:
            values[name] = None
        else:
            values[name] = {} if isinstance(column.type, Json) else ""
    return values


def scrub_conversations(tx: Tx, ids: Sequence[int], now: datetime) -> int:
    """Empty these conversations with their messages, tickets and all that hangs on them; return how many files go.

    What is still owed in them ends: nobody could know any more what it was.
    """
    messages = select(_m.id).where(_m.conversation_id.in_(ids))
    tickets = select(_k.id).where(_k.conversation_id.in_(ids))
    files = _doom_files(tx, ids, now)
    _end(tx, ids, tickets, now)
    for inbox_id in _inbox_ids(tx, ids):
        _set(tx, t.inbox, _i.id == inbox_id, cleared_at=now)
    _set(tx, t.outbox, _o.message_id.in_(messages))
    _set(tx, t.outbox, _o.note_id.in_(select(_n.id).where(_n.ticket_id.in_(tickets))))
    tx.execute(delete(t.message_ref).where(t.message_ref.c.message_id.in_(messages)))
    _set(tx, t.message, _m.conversation_id.in_(ids), public_id=_NAMELESS)
    for table in (
        t.note,
        t.complaint,
        t.task,
        t.merge,
        t.correction,
        t.explanation,
        t.handover,
        t.promise,
        t.alarm,
    ):
        _set(tx, table, table.c.ticket_id.in_(tickets))
    segments = t.promise_segment.c
    _set(
        tx,
        t.promise_segment,
        segments.promise_id.in_(select(t.promise.c.id).where(t.promise.c.ticket_id.in_(tickets))),
    )
    tx.execute(delete(t.ticket_key).where(t.ticket_key.c.ticket_id.in_(tickets)))
    tx.execute(delete(t.tag).where(t.tag.c.kind == "ticket", t.tag.c.row_id.in_(tickets)))
    for table in (t.awaited, t.attempt, t.proof, t.code, t.verify_page):
        tx.execute(delete(table).where(table.c.conversation_id.in_(ids)))
    _forget_reasons(tx, [f"ticket:{number}" for number in _numbers(tx, ids)])
    _scrub_events(tx, ids)
    _set(tx, t.ticket, _k.conversation_id.in_(ids), spam=case((_k.spam.is_not(None), "")))
    _set(tx, t.conversation, _v.id.in_(ids), scrubbed_at=now)
    _let_go(tx, ids)
    return files


def scrub_rest_of_threads(tx: Tx, threads: Sequence[int], upto: datetime, now: datetime) -> int:
    """Empty what lies on these threads outside any conversation; return how many files go."""
    loose = _m.thread_id.in_(threads) & _m.conversation_id.is_(None) & (_m.at <= upto)
    inbox = _i.id.in_(select(_m.inbox_id).where(loose)) | (
        _i.thread_id.in_(threads) & (_i.received_at <= upto)
    )
    settled = inbox & _i.state.in_(("done", "failed"))
    a = t.attachment.c
    mine = a.thread_id.in_(threads) & (a.at <= upto)
    files = doom(tx, tx.execute(select(_i.raw_blob).where(settled)).scalars(), now)
    files += doom(tx, tx.execute(select(a.blob).where(mine)).scalars(), now)
    tx.execute(delete(t.attachment).where(mine))
    _set(tx, t.inbox, settled, cleared_at=now)
    _set(tx, t.message, loose, public_id=_NAMELESS)
    late = t.outbox.c.thread_id.in_(threads) & (_o.created_at <= upto)
    tx.execute(
        update(t.outbox).where(late & _o.settled_at.is_(None)).values(state="cancelled", settled_at=now)
    )
    _set(tx, t.outbox, late)
    tx.execute(delete(t.message_ref).where(t.message_ref.c.thread_id.in_(threads)))
    _set(tx, t.thread, t.thread.c.id.in_(threads))
    return files


def forget_reasons_about(tx: Tx, contact_number: str) -> None:
    """Erase the words that people typed as reasons for what they did about a contact."""
    _forget_reasons(tx, [f"contact:{contact_number}"])


def clear_inbox(tx: Tx, ids: Sequence[int], now: datetime, names: Collection[str] | None = None) -> int:
    """Empty inbox rows, or only these columns of them; return how many files go."""
    mine = _i.id.in_(ids)
    files = doom(tx, tx.execute(select(_i.raw_blob).where(mine)).scalars(), now)
    values = blank(t.inbox, names if names is not None else BLANKED[t.inbox])
    tx.execute(update(t.inbox).where(mine).values(values | {"cleared_at": now}))
    return files


def remove_files(tx: Tx, ids: Sequence[str], now: datetime, problem: str) -> int:
    """Remove attachments; the messages that list them say ``problem`` instead. Return how many files go."""
    a = t.attachment.c
    rows = tx.execute(select(a.id, a.blob, a.thread_id).where(a.id.in_(ids))).all()
    for row in rows:
        listed = _m.thread_id == row.thread_id
        for message in tx.execute(
            select(_m.id, _m.attachments, _m.problems).where(
                listed, type_coerce(_m.attachments, Text).contains(row.id)
            )
        ).all():
            left = [one for one in message.attachments if one.get("id") != row.id]
            said = list(dict.fromkeys([*(message.problems or []), problem]))
            tx.execute(
                update(t.message).where(_m.id == message.id).values(attachments=left or None, problems=said)
            )
    files = doom(tx, [row.blob for row in rows], now)
    tx.execute(delete(t.attachment).where(a.id.in_(ids)))
    return files


def _set(tx: Tx, table: Table, where: ColumnElement[bool], **more: Any) -> None:
    tx.execute(update(table).where(where).values(blank(table, BLANKED[table]) | more))


def _inbox_ids(tx: Tx, ids: Sequence[int]) -> Sequence[int]:
    found = select(_m.inbox_id).where(_m.conversation_id.in_(ids), _m.inbox_id.is_not(None))
    settled = select(_i.id).where(_i.id.in_(found), _i.state.in_(("done", "failed")))
    return tx.execute(settled).scalars().all()


def _doom_files(tx: Tx, ids: Sequence[int], now: datetime) -> int:
    listed = tx.execute(
        select(_m.attachments).where(_m.conversation_id.in_(ids), _m.attachments.is_not(None))
    ).scalars()
    files = [one["id"] for each in listed for one in each if one.get("id")]
    a = t.attachment.c
    doomed = doom(tx, tx.execute(select(a.blob).where(a.id.in_(files))).scalars(), now)
    tx.execute(delete(t.attachment).where(a.id.in_(files)))
    raw = select(_i.raw_blob).where(_i.id.in_(_inbox_ids(tx, ids)))
    return doomed + doom(tx, tx.execute(raw).scalars(), now)


def _end(tx: Tx, ids: Sequence[int], tickets: Any, now: datetime) -> None:
    """Nothing is owed, asked, offered or sent any more."""
    p, s, h = t.promise.c, t.task.c, t.handover.c
    open_promise = p.ticket_id.in_(tickets) & p.state.in_(OPEN_STATES)
    tx.execute(
        update(t.promise)
        .where(open_promise)
        .values(state=PromiseState.WITHDRAWN, settled_at=now, since_at=None)
    )
    open_task = s.ticket_id.in_(tickets) & s.state.in_(OPEN_TASKS)
    tx.execute(update(t.task).where(open_task).values(state=TaskState.WITHDRAWN, settled_at=now))
    offered = h.ticket_id.in_(tickets) & (h.state == "offered")
    tx.execute(update(t.handover).where(offered).values(state="withdrawn", settled_at=now))
    messages = select(_m.id).where(_m.conversation_id.in_(ids))
    unsent = _o.message_id.in_(messages) & _o.settled_at.is_(None)
    tx.execute(update(t.outbox).where(unsent).values(state="cancelled", settled_at=now))
    still = _k.conversation_id.in_(ids) & (_k.status != Status.CLOSED)
    ended = {"status": Status.CLOSED, "closed_at": now, "closes_at": None, "due_at": None, "waiting_on": None}
    tx.execute(update(t.ticket).where(still).values(ended | {"version": _k.version + 1}))
    going_on = _v.id.in_(ids) & (_v.state != State.CLOSED)
    tx.execute(update(t.conversation).where(going_on).values(state=State.CLOSED, closed_at=now))


def _let_go(tx: Tx, ids: Sequence[int]) -> None:
    """Whoever writes on a thread of theirs again begins anew; a turn that read the thread before is taken again."""
    h = t.thread.c
    theirs = h.conversation_id.in_(ids)
    tx.execute(update(t.thread).where(theirs).values(conversation_id=None, version=h.version + 1))


def _numbers(tx: Tx, ids: Sequence[int]) -> Sequence[str]:
    return tx.execute(select(_k.number).where(_k.conversation_id.in_(ids))).scalars().all()


def _forget_reasons(tx: Tx, about: Sequence[str]) -> None:
    if about:
        _set(tx, t.approval, t.approval.c.about.in_(about))
        rows = select(t.audit.c.seq).where(t.audit.c.about.in_(about))
        tx.execute(delete(t.audit_words).where(t.audit_words.c.seq.in_(rows)))


def _scrub_events(tx: Tx, ids: Sequence[int]) -> None:
    """What a turn came to stays countable; the questions it quotes go."""
    e = t.event.c
    tickets = select(_k.id).where(_k.conversation_id.in_(ids))
    mine = e.conversation_id.in_(ids) | e.ticket_id.in_(tickets)
    for row in tx.execute(
        select(e.id, e.data).where(mine, type_coerce(e.data, Text).contains('"missed"'))
    ).all():
        told = {name: value for name, value in row.data.items() if name != "missed"}
        tx.execute(update(t.event).where(e.id == row.id).values(data=told))
    _set(tx, t.event, mine)
