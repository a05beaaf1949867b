"""The effects that concern tickets and promises, carried out inside ``apply``'s transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from adapters.contract import ShownAttachment
from gateway.domain.promise import Promise, PromiseState
from gateway.domain.ticket import Status, Urgency, move
from gateway.errors import Conflict, NotFound
from gateway.pipeline import plan as p
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.numbers import ticket_number

LAST_TEXT = 200


def open_ticket(work: Applying, effect: p.OpenTicket) -> None:
    """Begin the work owed, with a number of its own; a conversation has at most one ticket."""
    about = effect.classification
    number = ticket_number(work.tx, work.now, work.zone)
    because = "; ".join((effect.because, *about.because))
    values: dict[str, Any] = {
        "number": number,
        "conversation_id": work.conversation_id,
        "thread_id": work.snapshot.thread_id,
        "contact_id": work.snapshot.contact.id,
        "channel": work.snapshot.channel,
        "status": Status.OPEN,
        "type": about.type,
        "subtype": about.subtype,
        "urgency": about.urgency,
        "urgency_rank": about.urgency.rank,
        "anomaly": about.anomaly,
        "department": about.department,
        "subject": effect.subject,
        "summary": effect.summary,
        "because": because,
        "lang": effect.lang,
        "waiting_on": "agent",
        "waiting_since": work.now,
        "last_text": effect.summary[:LAST_TEXT],
        "last_at": work.now,
        "opened_at": work.now,
    }
    added = work.tx.execute(insert(t.ticket).values(values).returning(t.ticket.c.id))
    work.ticket_id, work.ticket_number = int(added.scalar_one()), number
    work.record("ticket", because, what="opened", status=Status.OPEN)


def owe(work: Applying, promise: Promise, because: str) -> None:
    """Keep a promise; the same kind already running on the ticket keeps its earlier time."""
    running = (
        select(t.promise.c.id)
        .where(t.promise.c.ticket_id == work.ticket_id)
        .where(t.promise.c.kind == promise.kind, t.promise.c.state == PromiseState.RUNNING)
    )
    if work.ticket_id is None or work.tx.execute(running).first() is not None:
        return
    work.tx.execute(
        insert(t.promise).values(
            ticket_id=work.ticket_id,
            kind=promise.kind,
            owner=promise.owner,
            state=PromiseState.RUNNING,
            told=promise.told,
            due_at=promise.due_at,
            because=because,
            created_at=work.now,
        )
    )
    _next_due(work)


def touch(work: Applying, effect: p.TouchTicket) -> None:
    """The contact wrote: the ball is with us; an urgency worse than before is taken over."""
    if work.ticket_id is None:
        return
    changes: dict[str, Any] = {"waiting_on": "agent", "last_at": work.now}
    ticket, about = work.snapshot.ticket, effect.classification
    if ticket is not None and about is not None and about.urgency.rank > ticket.urgency.rank:
        changes |= {"urgency": about.urgency, "urgency_rank": Urgency(about.urgency).rank}
    was_ours = select(t.ticket.c.waiting_on).where(t.ticket.c.id == work.ticket_id)
    if work.tx.execute(was_ours).scalar() != "agent":
        changes["waiting_since"] = work.now
    _change(work, effect.because, "touched", **changes)


def set_status(work: Applying, to: Status, because: str) -> None:
    """Move the ticket; settles what is still owed when it ends."""
    if work.ticket_id is None or work.snapshot.ticket is None:
        return
    changes: dict[str, Any] = {"status": move(work.snapshot.ticket.status, to)}
    if to is Status.CLOSED:
        changes |= {"closed_at": work.now, "waiting_on": None}
        settle(work, None)
    _change(work, because, str(to), **changes)


def reopen(work: Applying, because: str) -> None:
    """Not solved after all: open again, with the agent it had."""
    ticket = work.snapshot.ticket
    if ticket is None:
        return
    to = Status.IN_PROGRESS if ticket.agent_id else Status.OPEN
    cleared: dict[str, Any] = {"resolved_at": None, "closed_at": None, "outcome": None}
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


def mark_bounced(work: Applying, effect: p.MarkBounced) -> None:
    """A message of this very thread came back: it is shown refused. Any other ref changes nothing."""
    if not effect.hard:
        work.record("delayed", effect.because, ref=effect.ref, detail=effect.detail)
        return
    own = (t.outbox.c.key == effect.ref) & (t.outbox.c.thread_id == work.snapshot.thread_id)
    changed = work.tx.execute(
        update(t.outbox).where(own).values(state="refused", error=effect.detail, settled_at=work.now)
    )
    if changed.rowcount:
        work.record("bounced", effect.because, ref=effect.ref, detail=effect.detail)


def settle(work: Applying, kind: str | None) -> None:
    """Settle one kind of promise, or all: kept if in time, broken if not."""
    mine = (t.promise.c.ticket_id == work.ticket_id) & (t.promise.c.state == PromiseState.RUNNING)
    if kind is not None:
        mine &= t.promise.c.kind == kind
    late = t.promise.c.due_at < work.now
    for condition, state in ((mine & late, PromiseState.BROKEN), (mine, PromiseState.KEPT)):
        work.tx.execute(update(t.promise).where(condition).values(state=state, settled_at=work.now))
    _next_due(work)


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


def _next_due(work: Applying) -> None:
    """The ticket carries its next due time, so that a list of 100,000 can be ordered by it."""
    running = (t.promise.c.ticket_id == work.ticket_id) & (t.promise.c.state == PromiseState.RUNNING)
    due: datetime | None = work.tx.execute(
        select(t.promise.c.due_at).where(running).order_by(t.promise.c.due_at).limit(1)
    ).scalar()
    work.tx.execute(update(t.ticket).where(t.ticket.c.id == work.ticket_id).values(due_at=due))


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
