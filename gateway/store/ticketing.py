"""The effects that concern tickets and promises, carried out inside ``apply``'s transaction."""

from typing import Any

from sqlalchemy import bindparam, case, insert, select, update

from adapters.contract import ShownAttachment
from gateway.domain.complaint import is_complaint
from gateway.domain.promise import OUTLIVES, PromiseState, Stage
from gateway.domain.ticket import Status, Urgency, move
from gateway.errors import Conflict, NotFound
from gateway.pipeline import plan as p
from gateway.store import complaints, duplicates, file_cells, tags, tasks, triaging
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.columns import covered, to_micros
from gateway.store.numbers import ticket_number
from gateway.store.originals import keep_originals
from gateway.store.prepared import Prepared
from gateway.store.promises import answered as keep_answers
from gateway.store.promises import go_on, pass_on, settle
from gateway.store.promises_reckon import reckon

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
    "needs_identity",
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

_k = t.ticket.c
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
        # A VIP stands higher in the lists than the urgency alone would have them.
        urgency_rank=case(
            (_k.urgency_rank > bindparam("urgency_rank"), _k.urgency_rank), else_=bindparam("urgency_rank")
        ),
        version=_k.version + 1,
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
        "needs_identity": about.needs_identity,
        "subject": effect.subject,
        "summary": effect.summary,
        "because": because,
        "lang": effect.lang,
        "waiting_on": "agent" if effect.spam is None else None,
        "waiting_since": now,
        "last_text": covered(work.tx, effect.summary)[:LAST_TEXT],
        "last_at": now,
        "opened_at": now,
        "closed_at": now if effect.spam is not None else None,
        "spam": effect.spam,
    }
    row = _OPEN.row(work.tx, **values)
    assert row is not None
    work.ticket_id, work.ticket_number = row[0], number
    triaging.keep(work, about)
    if effect.spam is None and is_complaint(about.type, about.anomaly):
        complaints.begin(work, because)
        tasks.expect_acceptance(work, about.department, because)
    if effect.spam is None:
        tags.by_rules(work, effect.summary)
        duplicates.keep_keys(work)
    work.record("ticket", because, what="opened" if effect.spam is None else "spam", status=values["status"])


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
        last_text=covered(work.tx, effect.words)[:LAST_TEXT],
        urgency=urgency.value,
        urgency_rank=urgency.rank,
    )
    work.record("ticket", effect.because, what="touched")
    go_on(work, "the contact wrote")
    if ticket is not None and urgency is not ticket.urgency:
        reckon(work, "it is more urgent than before")


def set_status(work: Applying, to: Status, because: str) -> None:
    """Move the ticket; settles what is still owed when it ends."""
    if work.ticket_id is None or work.snapshot.ticket is None:
        return
    changes: dict[str, Any] = {"status": move(work.snapshot.ticket.status, to)}
    if to is Status.CLOSED:
        changes |= {"closed_at": work.now, "waiting_on": None, "closes_at": None}
        tasks.withdraw_open(work, because)
        settle(work, because=because, but=OUTLIVES)
    _change(work, because, str(to), **changes)


def mark_spam(work: Applying, because: str) -> None:
    """Nothing is owed to who sent this: closed, and out of every list but the spam view."""
    ticket = work.snapshot.ticket
    if ticket is None:
        return
    tasks.withdraw_open(work, because)
    settle(work, because=because, state=PromiseState.WITHDRAWN)
    changes: dict[str, Any] = {"spam": because, "closed_at": work.now, "waiting_on": None}
    _change(work, because, "spam", status=move(ticket.status, Status.CLOSED), **changes)


def reopen(work: Applying, because: str) -> None:
    """Not solved after all, or no spam after all: open again, with the agent it had."""
    ticket = work.snapshot.ticket
    if ticket is None:
        return
    to = Status.IN_PROGRESS if ticket.agent_id else Status.OPEN
    cleared: dict[str, Any] = {"resolved_at": None, "closed_at": None, "outcome": None, "spam": None}
    cleared |= {"closes_at": None, "close_told_at": None, "reopens": t.ticket.c.reopens + 1}
    waiting = {"waiting_on": "agent", "waiting_since": work.now, "last_at": work.now}
    _change(work, because, "reopened", status=move(ticket.status, to), **cleared, **waiting)
    settle(work, Stage.FOLLOW_UP, because=because, state=PromiseState.WITHDRAWN)
    tags.by_rules(work, "")


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
    pass_on(work, work.actor.word, agent_id)
    tasks.accepted(work, because)


def answered(work: Applying, text: str, *, asks: bool) -> None:
    """A person has answered: the first response is kept (or was broken), the ball is with the contact."""
    keep_answers(work, asks=asks)
    changes: dict[str, Any] = {
        "waiting_on": "contact" if asks or not tasks.waits_for_department(work) else "department",
        "waiting_since": work.now,
        "last_text": covered(work.tx, text)[:LAST_TEXT],
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
    go_on(work, "passed on: the ball is with us")
    pass_on(work, _owner(work, effect), effect.agent_id)
    if effect.department is not None and effect.agent_id is None:
        tasks.expect_acceptance(work, effect.department, effect.because)
    if effect.department not in (None, ticket.department):
        reckon(work, "another department has it")


def resolve(work: Applying, effect: p.Resolve) -> None:
    """Done, says the agent; what was owed is settled."""
    ticket = work.snapshot.ticket
    assert ticket is not None
    tasks.withdraw_open(work, effect.because)
    settle(work, because=effect.because, but=OUTLIVES)
    _change(
        work,
        effect.because,
        "resolved",
        status=move(ticket.status, Status.RESOLVED),
        outcome=effect.outcome,
        resolved_at=work.now,
        closes_at=effect.closes_at,
        close_told_at=None,
        waiting_on="contact",
        waiting_since=work.now,
    )


def add_note(work: Applying, effect: p.AddNote) -> None:
    """Keep a line for agents only."""
    if effect.task_id is not None:
        tasks.must_be_here(work, effect.task_id)
    values = {
        "ticket_id": work.ticket_id,
        "agent_id": effect.agent_id,
        "text": effect.text,
        "task_id": effect.task_id,
        "at": work.now,
    }
    note_id = work.tx.execute(insert(t.note).values(values).returning(t.note.c.id)).scalar_one()
    keep_originals(work.tx, t.note, note_id, work.snapshot.contact.id, {"text": effect.text})
    work.record("note", effect.because, note=note_id)


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
            .returning(t.attachment)
        ).first()
        if row is None:
            raise NotFound(f"attachment {file_id} is not there: upload it again")
        file_cells.give(work.tx, [row.sealed], work.snapshot.contact.id)
        name, _ = file_cells.opened(work.tx, row)
        files.append({"id": file_id, "name": name, "media_type": row.media_type, "size": row.size})
    return files


def shown_files(attached: list[dict[str, Any]]) -> tuple[ShownAttachment, ...]:
    """Return files as a client sees them."""
    return tuple(
        ShownAttachment(id=f["id"], name=f["name"], media_type=f["media_type"], size=f["size"])
        for f in attached
        if f.get("id")
    )


def _owner(work: Applying, effect: p.Transfer) -> str:
    """Whose promises they are from now on."""
    if effect.agent_id is None:
        return effect.department or ""
    number = select(t.agent.c.number).where(t.agent.c.id == effect.agent_id)
    return f"agent:{work.tx.execute(number).scalar_one()}"


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
