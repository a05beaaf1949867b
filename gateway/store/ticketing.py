"""The effects that concern tickets and promises, carried out inside ``apply``'s transaction."""

from typing import Any

from sqlalchemy import bindparam, case, func, insert, select, update

from adapters.contract import ShownAttachment
from gateway.domain.complaint import is_complaint
from gateway.domain.promise import Promise, PromiseState
from gateway.domain.ticket import Status, Urgency, move
from gateway.errors import Conflict, NotFound
from gateway.pipeline import plan as p
from gateway.store import complaints
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.columns import to_micros
from gateway.store.numbers import ticket_number
from gateway.store.prepared import Prepared

LAST_TEXT = 200
_OPENING = (
    "number",
    "conversation_id",
    "thread_id",
    "contact_id",
    "channel",
    "status",
    "type",
    "subtype",
    "urgency",
    "urgency_rank",
    "anomaly",
    "department",
    "subject",
    "summary",
    "because",
    "lang",
    "waiting_on",
    "waiting_since",
    "last_text",
    "last_at",
    "opened_at",
    "closed_at",
    "spam",
)

_k, _p = t.ticket.c, t.promise.c
_OPEN = Prepared(insert(t.ticket).values({name: bindparam(name) for name in _OPENING}).returning(_k.id))
_TOUCH = Prepared(
    update(t.ticket)
    .where(_k.id == bindparam("b_id"))
    .values(
        waiting_since=case((_k.waiting_on == "agent", _k.waiting_since), else_=bindparam("now")),
        waiting_on="agent",
        last_at=bindparam("now"),
        last_text=bindparam("last_text"),
        urgency=bindparam("urgency"),
        urgency_rank=bindparam("urgency_rank"),
        version=_k.version + 1,
    )
)
_OWE = Prepared(
    insert(t.promise).values(
        ticket_id=bindparam("ticket_id"),
        kind=bindparam("kind"),
        owner=bindparam("owner"),
        state=PromiseState.RUNNING.value,
        told=bindparam("told"),
        due_at=bindparam("due_at"),
        because=bindparam("because"),
        created_at=bindparam("now"),
    )
)
_OWED = Prepared(
    select(_p.id).where(
        _p.ticket_id == bindparam("ticket_id"),
        _p.kind == bindparam("kind"),
        _p.state == PromiseState.RUNNING.value,
    )
)
_NEXT_DUE = Prepared(
    update(t.ticket)
    .where(_k.id == bindparam("b_id"))
    .values(
        due_at=select(func.min(_p.due_at))
        .where(_p.ticket_id == bindparam("b_ticket"), _p.state == PromiseState.RUNNING.value)
        .scalar_subquery()
    )
)


def open_ticket(work: Applying, effect: p.OpenTicket) -> None:
    """Begin the work owed, with a number of its own; a conversation has at most one ticket."""
    about = effect.classification
    number = ticket_number(work.tx, work.now, work.zone)
    because = "; ".join((effect.because, *about.because))
    now = to_micros(work.now)
    values: dict[str, Any] = {
        "number": number,
        "conversation_id": work.conversation_id,
        "thread_id": work.snapshot.thread_id,
        "contact_id": work.snapshot.contact.id,
        "channel": work.snapshot.channel,
        "status": (Status.OPEN if effect.spam is None else Status.CLOSED).value,
        "type": about.type.value,
        "subtype": about.subtype,
        "urgency": about.urgency.value,
        "urgency_rank": about.urgency.rank,
        "anomaly": about.anomaly.value,
        "department": about.department,
        "subject": effect.subject,
        "summary": effect.summary,
        "because": because,
        "lang": effect.lang,
        "waiting_on": "agent" if effect.spam is None else None,
        "waiting_since": now,
        "last_text": effect.summary[:LAST_TEXT],
        "last_at": now,
        "opened_at": now,
        "closed_at": now if effect.spam is not None else None,
        "spam": effect.spam,
    }
    row = _OPEN.row(work.tx, **values)
    assert row is not None
    work.ticket_id, work.ticket_number = row[0], number
    if effect.spam is None and is_complaint(about.type, about.anomaly):
        complaints.begin(work, because)
    work.record("ticket", because, what="opened" if effect.spam is None else "spam", status=values["status"])


def owe(work: Applying, promise: Promise, because: str) -> None:
    """Keep a promise; the same kind already running on the ticket keeps its earlier time."""
    if work.ticket_id is None:
        return
    if _OWED.row(work.tx, ticket_id=work.ticket_id, kind=promise.kind) is not None:
        return
    _OWE.run(
        work.tx,
        ticket_id=work.ticket_id,
        kind=promise.kind,
        owner=promise.owner,
        told=promise.told,
        due_at=to_micros(promise.due_at),
        because=because,
        now=to_micros(work.now),
    )
    work.promises_changed = True


def touch(work: Applying, effect: p.TouchTicket) -> None:
    """The contact wrote: the ball is with us; an urgency worse than before is taken over."""
    if work.ticket_id is None:
        return
    ticket, about = work.snapshot.ticket, effect.classification
    urgency = ticket.urgency if ticket else Urgency.NORMAL
    if about is not None and about.urgency.rank > urgency.rank:
        urgency = about.urgency
    _TOUCH.run(
        work.tx,
        b_id=work.ticket_id,
        now=to_micros(work.now),
        last_text=effect.words[:LAST_TEXT],
        urgency=urgency.value,
        urgency_rank=urgency.rank,
    )
    work.record("ticket", effect.because, what="touched")


def set_status(work: Applying, to: Status, because: str) -> None:
    """Move the ticket; settles what is still owed when it ends."""
    if work.ticket_id is None or work.snapshot.ticket is None:
        return
    changes: dict[str, Any] = {"status": move(work.snapshot.ticket.status, to)}
    if to is Status.CLOSED:
        changes |= {"closed_at": work.now, "waiting_on": None}
        settle(work, None)
    _change(work, because, str(to), **changes)


def mark_spam(work: Applying, because: str) -> None:
    """Nothing is owed to who sent this: closed, and out of every list but the spam view."""
    ticket = work.snapshot.ticket
    if ticket is None:
        return
    settle(work, None)
    changes: dict[str, Any] = {"spam": because, "closed_at": work.now, "waiting_on": None}
    _change(work, because, "spam", status=move(ticket.status, Status.CLOSED), **changes)


def reopen(work: Applying, because: str) -> None:
    """Not solved after all, or no spam after all: open again, with the agent it had."""
    ticket = work.snapshot.ticket
    if ticket is None:
        return
    to = Status.IN_PROGRESS if ticket.agent_id else Status.OPEN
    cleared: dict[str, Any] = {"resolved_at": None, "closed_at": None, "outcome": None, "spam": None}
    waiting = {"waiting_on": "agent", "waiting_since": work.now, "last_at": work.now}
    _change(work, because, "reopened", status=move(ticket.status, to), **cleared, **waiting)


def claim(work: Applying, agent_id: int, because: str) -> None:
    """The agent has it; the first one stays named (首问负责)."""
    ticket = work.snapshot.ticket
    assert ticket is not None
    first = select(t.ticket.c.first_agent_id).where(t.ticket.c.id == ticket.id)
    changes: dict[str, Any] = {"agent_id": agent_id, "claimed_at": work.now}
    if work.tx.execute(first).scalar() is None:
        changes["first_agent_id"] = agent_id
    changes["status"] = move(ticket.status, Status.IN_PROGRESS)
    _change(work, because, "claimed", **changes)


def answered(work: Applying, text: str) -> None:
    """A person has answered: the first response is kept (or was broken), the ball is with the contact."""
    settle(work, "first_response")
    changes: dict[str, Any] = {
        "waiting_on": "contact",
        "waiting_since": work.now,
        "last_text": text[:LAST_TEXT],
        "last_at": work.now,
    }
    first = select(t.ticket.c.answered_at).where(t.ticket.c.id == work.ticket_id)
    if work.tx.execute(first).scalar() is None:
        changes["answered_at"] = work.now
    _change(work, "an agent answered", "answered", **changes)


def transfer(work: Applying, effect: p.Transfer) -> None:
    """People to people: to a queue, or to one agent."""
    ticket = work.snapshot.ticket
    assert ticket is not None
    changes: dict[str, Any] = {"waiting_on": "agent", "waiting_since": work.now}
    if effect.department is not None:
        changes["department"] = effect.department
    changes["agent_id"] = effect.agent_id
    changes["status"] = move(ticket.status, Status.IN_PROGRESS if effect.agent_id else Status.OPEN)
    _change(work, effect.because, "transferred", **changes)


def resolve(work: Applying, effect: p.Resolve) -> None:
    """Done, says the agent; what was owed is settled."""
    ticket = work.snapshot.ticket
    assert ticket is not None
    settle(work, None)
    _change(
        work,
        effect.because,
        "resolved",
        status=move(ticket.status, Status.RESOLVED),
        outcome=effect.outcome,
        resolved_at=work.now,
        waiting_on="contact",
        waiting_since=work.now,
    )


def add_note(work: Applying, effect: p.AddNote) -> None:
    """Keep a line for agents only."""
    values = {
        "ticket_id": work.ticket_id,
        "agent_id": effect.agent_id,
        "text": effect.text,
        "at": work.now,
    }
    note_id = work.tx.execute(insert(t.note).values(values).returning(t.note.c.id)).scalar_one()
    work.record("note", effect.because, note=note_id)


def settle(work: Applying, kind: str | None) -> None:
    """Settle one kind of promise, or all: kept if in time, broken if not."""
    mine = (t.promise.c.ticket_id == work.ticket_id) & (t.promise.c.state == PromiseState.RUNNING)
    if kind is not None:
        mine &= t.promise.c.kind == kind
    late = t.promise.c.due_at < work.now
    for condition, state in ((mine & late, PromiseState.BROKEN), (mine, PromiseState.KEPT)):
        work.tx.execute(update(t.promise).where(condition).values(state=state, settled_at=work.now))
    work.promises_changed = True


def attach(work: Applying, ids: tuple[str, ...]) -> list[dict[str, Any]]:
    """Bind files an agent uploaded to this thread; a file of somebody else's is not found."""
    files = []
    for file_id in ids:
        mine = (t.attachment.c.id == file_id) & (t.attachment.c.agent_id == work.actor.agent_id)
        row = work.tx.execute(
            update(t.attachment)
            .where(mine)
            .values(
                thread_id=work.snapshot.thread_id, channel=work.snapshot.channel, thread_key=work.snapshot.key
            )
            .returning(t.attachment.c.name, t.attachment.c.media_type, t.attachment.c.size)
        ).first()
        if row is None:
            raise NotFound(f"attachment {file_id} is not there: upload it again")
        files.append({"id": file_id, "name": row.name, "media_type": row.media_type, "size": row.size})
    return files


def shown_files(attached: list[dict[str, Any]]) -> tuple[ShownAttachment, ...]:
    """Return files as a client sees them."""
    return tuple(
        ShownAttachment(id=f["id"], name=f["name"], media_type=f["media_type"], size=f["size"])
        for f in attached
        if f.get("id")
    )


def keep_next_due(work: Applying) -> None:
    """The ticket carries its next due time, so that a list of 100,000 can be ordered by it."""
    if work.promises_changed and work.ticket_id is not None:
        _NEXT_DUE.run(work.tx, b_id=work.ticket_id, b_ticket=work.ticket_id)


def _change(work: Applying, because: str, what: str, **changes: Any) -> None:
    if work.ticket_id is None:
        raise Conflict("this conversation has no ticket")
    work.tx.execute(
        update(t.ticket)
        .where(t.ticket.c.id == work.ticket_id)
        .values(version=t.ticket.c.version + 1, **changes)
    )
    work.record("ticket", because, what=what, **_plain(changes))


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    """Only what the audit trail may hold: no words of the contact."""
    return {
        key: value for key, value in changes.items() if key in ("status", "department", "urgency", "agent_id")
    }
