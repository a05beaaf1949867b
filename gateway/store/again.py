"""A message that did not arrive is put back into the outbox because an agent says so."""

from datetime import datetime

from sqlalchemy import insert, select, update

from gateway.domain.ticket import Ticket
from gateway.errors import Conflict, NotFound, Said
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened

STUCK = ("refused", "unknown", "held")


def send_again(tx: Tx, ticket: Ticket, public_id: str, *, actor: str, now: datetime) -> Committed:
    """Make the outbox row of a ticket's message due now, as if it had never been tried.

    Raises:
        NotFound: the ticket's thread has no such message, or nobody has to carry it.
        Conflict: it is not stuck: on its way, or there already.
    """
    o, m = t.outbox.c, t.message.c
    row = tx.execute(
        select(o.id, o.state, o.channel, o.thread_id, m.id.label("message_id"), m.conversation_id)
        .join(t.message, m.id == o.message_id)
        .join(t.ticket, t.ticket.c.thread_id == m.thread_id)
        .where(t.ticket.c.id == ticket.id, m.public_id == public_id)
    ).first()
    if row is None:
        raise NotFound(f"no message {public_id} on {ticket.number}")
    again = {
        "state": "due",
        "not_before": now,
        "attempts": 0,
        "silences": 0,
        "error": None,
        "settled_at": None,
    }
    changed = tx.execute(update(t.outbox).where(o.id == row.id, o.state.in_(STUCK)).values(again))
    if not changed.rowcount:
        said = Said("这条消息无需重发。", "This message does not need to be sent again.")
        raise Conflict(f"message {public_id} is {row.state}", public=said, code="not_stuck")
    data = {"message": row.message_id, "state": "due"}
    line = {"at": now, "kind": "delivery", "actor": actor, "because": "an agent asked for another try"}
    where = {"thread_id": row.thread_id, "conversation_id": row.conversation_id, "ticket_id": ticket.id}
    added = tx.execute(insert(t.event).values(line | where | {"data": data}).returning(t.event.c.id))
    event = Happened(id=added.scalar_one(), at=now, kind="delivery", ticket=ticket.number, data=data)
    return Committed(
        channel=row.channel,
        thread_id=row.thread_id,
        conversation_id=row.conversation_id,
        ticket=ticket.number,
        events=(event,),
        has_outgoing=True,
    )
