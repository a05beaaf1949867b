"""A message that did not arrive is put back into the outbox because an agent says so."""

from datetime import datetime

from sqlalchemy import false, insert, select, update

from gateway.domain.ticket import Ticket
from gateway.errors import Conflict, NotFound, Said
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened

STUCK = ("bounced", "refused", "unknown", "held")


def send_again(tx: Tx, ticket: Ticket, id: str, *, actor: str, now: datetime) -> Committed:
    """Make the copies of a ticket's message that are stuck due now, as if they had never been tried.

    ``id`` is the message's, or that of a single copy: of a message, or of a forward. Copies that arrived stay.

    Raises:
        NotFound: the ticket's thread has no such message, or nobody has to carry it.
        Conflict: it is not stuck: on its way, or there already.
    """
    o, m = t.outbox.c, t.message.c
    its_own = o.id == int(id) if id.isascii() and id.isdigit() and len(id) < 19 else false()
    rows = tx.execute(
        select(o.id, o.state, o.channel, o.thread_id, o.message_id, o.note_id, m.conversation_id)
        .outerjoin(t.message, m.id == o.message_id)
        .join(t.ticket, t.ticket.c.thread_id == o.thread_id)
        .where(t.ticket.c.id == ticket.id, (m.public_id == id) | its_own)
    ).all()
    if not rows:
        raise NotFound(f"no message {id} on {ticket.number}")
    row, found = rows[0], [one.id for one in rows]
    again = {
        "state": "due",
        "not_before": now,
        "attempts": 0,
        "silences": 0,
        "error": None,
        "code": None,
        "settled_at": None,
    }
    changed = tx.execute(update(t.outbox).where(o.id.in_(found), o.state.in_(STUCK)).values(again))
    if not changed.rowcount:
        said = Said("这条消息无需重发。", "This message does not need to be sent again.")
        raise Conflict(f"message {id} is {row.state}", public=said, code="not_stuck")
    data = {"message": row.message_id, "note": row.note_id, "state": "due"}
    line = {"at": now, "kind": "delivery", "actor": actor, "because": "an agent asked for another try"}
    where = {"thread_id": row.thread_id, "conversation_id": row.conversation_id, "ticket_id": ticket.id}
    added = tx.execute(insert(t.event).values(line | where | {"data": data}).returning(t.event.c.id))
    event = Happened(id=added.scalar_one(), at=now, kind="delivery", ticket=ticket.number, data=data)
    return Committed(
        channel=row.channel,
        thread_id=row.thread_id,
        conversation_id=row.conversation_id or 0,
        ticket=ticket.number,
        events=(event,),
        has_outgoing=True,
    )
