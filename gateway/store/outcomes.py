"""What became of a send, written down with its audit line in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened
from gateway.store.lease import LeasedOutbound, settle_outbound


def record_outcome(
    tx: Tx,
    *,
    leased: LeasedOutbound,
    owner: str,
    state: str,
    now: datetime,
    wait: timedelta | None,
    error: str | None,
    code: str = "",
    provider_ids: Sequence[str],
) -> Committed | None:
    """Settle a leased row; None if the lease was lost, and somebody else decides."""
    settled = settle_outbound(
        tx,
        leased,
        owner=owner,
        state=state,
        now=now,
        not_before=now + wait if wait else None,
        error=error,
        code=code,
        provider_ids=provider_ids,
    )
    if not settled:
        return None
    m = t.message.c
    row = tx.execute(
        select(m.seq, m.conversation_id, t.ticket.c.id, t.ticket.c.number)
        .outerjoin(t.ticket, t.ticket.c.conversation_id == m.conversation_id)
        .where(m.id == leased.message_id)
    ).first()
    data = {"message": leased.message_id, "state": state, "seq": row.seq if row else None}
    ticket_id, ticket = (row.id, row.number) if row else (None, None)
    if leased.note_id is not None:
        data["note"] = leased.note_id
        ticket_id, ticket = _ticket_of_note(tx, leased.note_id)
    event_id = tx.execute(
        insert(t.event)
        .values(
            at=now,
            kind="delivery",
            thread_id=leased.thread_id,
            conversation_id=row.conversation_id if row else None,
            ticket_id=ticket_id,
            message_id=leased.message_id,
            actor="system",
            because=error,
            data=data,
        )
        .returning(t.event.c.id)
    ).scalar_one()
    return Committed(
        channel=leased.channel,
        thread_id=leased.thread_id,
        thread_key=leased.thread_key,
        conversation_id=row.conversation_id if row else 0,
        ticket=ticket,
        events=(Happened(id=event_id, at=now, kind="delivery", ticket=ticket, data=data),),
    )


def _ticket_of_note(tx: Tx, note_id: int) -> tuple[int, str]:
    query = select(t.ticket.c.id, t.ticket.c.number).join(t.note, t.note.c.ticket_id == t.ticket.c.id)
    row = tx.execute(query.where(t.note.c.id == note_id)).one()
    return row.id, row.number
