"""What a ticket's page shows beside ticket and talk: tasks, tags, the customer's card, what was merged into it."""

from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.customers import card
from gateway.store.database import Tx
from gateway.store.duplicates import suggestions
from gateway.store.merging import place_to_answer
from gateway.store.tags import tag_faces
from gateway.store.tasks import tasks_of
from gateway.store.visible import MESSAGES, Face, Sight, message_faces

_k, _m = t.ticket.c, t.message.c


def beside(tx: Tx, sight: Sight, number: str) -> Face:
    """Return it for a ticket that exists and may be seen; ``last_seq`` is that of the thread a reply goes to."""
    row = tx.execute(select(_k.id, _k.contact_id).where(_k.number == number)).one()
    return {
        "tasks": tasks_of(tx, number),
        "tags": tag_faces(tx, "ticket", row.id),
        "customer": card(tx, row.contact_id),
        "suggestions": suggestions(tx, sight, number),
        **_merged(tx, row.id, number),
    }


def _merged(tx: Tx, ticket_id: int, number: str) -> Face:
    query = select(_k.number, _k.channel, _k.subject, _k.conversation_id).where(_k.merged_into == ticket_id)
    talks = []
    for row in tx.execute(query.order_by(_k.id)).all():
        where = _m.conversation_id == row.conversation_id
        found = message_faces(tx, where, order=_m.seq.desc(), limit=MESSAGES)
        messages = [face for _, face in reversed(found)]
        talk = {"number": row.number, "channel": row.channel, "subject": row.subject}
        talks.append(talk | {"messages": messages})
    place = place_to_answer(tx, ticket_id) if talks else None
    if place is None:
        return {"merged": talks, "reply_to": number}
    thread = select(t.thread.c.last_seq).where(t.thread.c.id == place[0])
    other = select(_k.number).where(_k.conversation_id == place[1])
    return {
        "merged": talks,
        "reply_to": tx.execute(other).scalar_one(),
        "last_seq": tx.execute(thread).scalar_one(),
    }
