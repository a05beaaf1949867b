"""Which orders a ticket is about: the one its customer proved to be theirs, and those they named."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from gateway.domain.identity import Level
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.personal import entities_of
from gateway.store.proofs import Where, read_standing

MOST = 5
"""So many of the orders a customer named are looked up."""
LOOK_UP = "orders.look_up"

_k, _v, _h, _a = t.ticket.c, t.conversation.c, t.thread.c, t.audit.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutOrders:
    """What is known before the records are asked."""

    proven: str = ""
    """The order the customer is verified for, as the records write it."""
    level: Level = Level.L0
    customer: str = ""
    """Whose orders are proven to be theirs (L2 and more); never shown."""
    named: tuple[str, ...] = ()


def about_orders(tx: Tx, number: str, now: datetime) -> AboutOrders:
    """Return the orders of a ticket that exists."""
    query = (
        select(_k.contact_id, _k.conversation_id, _v.entities, _h.channel, _h.key)
        .join(t.conversation, _v.id == _k.conversation_id)
        .join(t.thread, _h.id == _v.thread_id)
        .where(_k.number == number)
    )
    row = tx.execute(query).one()
    where = Where(
        conversation_id=row.conversation_id,
        channel=row.channel,
        thread_key=row.key,
        contact_id=row.contact_id,
    )
    standing = read_standing(tx, where, now)
    said = entities_of(tx, row.conversation_id, row.entities)
    named = tuple(one["value"] for one in said if one["kind"] == "order")
    return AboutOrders(
        proven=standing.order, level=standing.level, customer=standing.customer, named=named[:MOST]
    )


def looked_up(tx: Tx, actor: str, now: datetime, within: timedelta) -> int:
    """Return how often somebody looked an order up of their own accord, by the audit."""
    query = select(func.count()).where(_a.act == LOOK_UP, _a.actor == actor, _a.at > now - within)
    found: int = tx.execute(query).scalar_one()
    return found
