"""What a ticket's page shows beside ticket and talk: tasks, tags, the customer's card."""

from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.customers import card
from gateway.store.database import Tx
from gateway.store.tags import tag_faces
from gateway.store.tasks import tasks_of
from gateway.store.visible import Face


def beside(tx: Tx, number: str) -> Face:
    """Return it for a ticket that exists and may be seen."""
    k = t.ticket.c
    row = tx.execute(select(k.id, k.contact_id).where(k.number == number)).one()
    return {
        "tasks": tasks_of(tx, number),
        "tags": tag_faces(tx, "ticket", row.id),
        "customer": card(tx, row.contact_id),
    }
