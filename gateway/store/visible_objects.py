"""How the things that addresses name stand: the tickets that decide who may see them."""

from dataclasses import replace

from sqlalchemy import and_, select

from gateway.domain.standing import Standing
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.visible_sight import Sight, standing_of, standings

MOST = 200
"""So many of a customer's latest tickets decide what may be done about the customer."""

_k, _c, _t, _h = t.ticket.c, t.contact.c, t.task.c, t.handover.c


def ticket(tx: Tx, number: str) -> Standing | None:
    """Return how a ticket stands."""
    return standing_of(tx, number)


def of_contact(tx: Tx, sight: Sight, number: str) -> list[Standing] | None:
    """Return how a customer's tickets stand, those that are seen; None if there is no such customer.

    One without tickets stands as if there were one that is no department's.
    """
    contact_id = tx.execute(select(_c.id).where(_c.number == number)).scalar()
    if contact_id is None:
        return None
    found = standings(tx, and_(_k.contact_id == contact_id, sight.covers()), limit=MOST)
    return found or ([] if sight.is_limited else [Standing(number=number, department="")])


def task(tx: Tx, task_id: int) -> Standing | None:
    """Return how a task stands: its own department, and whoever took it on."""
    query = select(_k.number, _t.department, _t.agent_id).join(t.ticket, _k.id == _t.ticket_id)
    row = tx.execute(query.where(_t.id == task_id)).first()
    if row is None:
        return None
    whole = standing_of(tx, row.number)
    return Standing(number=row.number, department=row.department, agent_id=row.agent_id, of=whole)


def handover(tx: Tx, handover_id: int) -> Standing | None:
    """Return how the ticket of a hand-over stands, with the two it is between."""
    query = select(_k.number, _h.from_agent_id, _h.to_agent_id).join(t.ticket, _k.id == _h.ticket_id)
    row = tx.execute(query.where(_h.id == handover_id)).first()
    found = None if row is None else standing_of(tx, row.number)
    if row is None or found is None:
        return None
    return replace(found, people=found.people | {row.from_agent_id, row.to_agent_id})
