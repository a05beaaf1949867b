"""VIPs: who is one, and whose; those who wait already move up at once (rulebook T6)."""

from datetime import datetime

from sqlalchemy import insert, select, update

from gateway.domain.routing_rules import Dispatch
from gateway.errors import NotFound
from gateway.store import tables as t
from gateway.store.apply_routing import pressing
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.visible import Face

_c, _v = t.contact.c, t.conversation.c


def read_vip(tx: Tx, number: str) -> Face | None:
    """Return whether the contact is a VIP, and the number of their own agent; None without such a contact."""
    row = tx.execute(
        select(_c.number, _c.vip, t.agent.c.number.label("agent"))
        .outerjoin(t.agent, t.agent.c.id == _c.own_agent_id)
        .where(_c.number == number)
    ).first()
    return None if row is None else {"contact": row.number, "vip": bool(row.vip), "agent": row.agent}


def set_vip(
    tx: Tx, number: str, vip: bool, agent_id: int | None, rules: Dispatch, *, now: datetime, actor: str
) -> Happened:
    """Make a contact a VIP or none; the returned line is for the feed, after the commit.

    Raises:
        NotFound: no such contact.
    """
    row = tx.execute(select(_c.id).where(_c.number == number)).first()
    if row is None:
        raise NotFound(f"no contact {number}")
    tx.execute(update(t.contact).where(_c.id == row.id).values(vip=vip, own_agent_id=agent_id))
    if vip:
        rank = rules.rank(urgency="normal", is_vip=True)
        waiting = (_v.contact_id == row.id) & (_v.state == "queued") & (_v.queue_rank > rank)
        tx.execute(update(t.conversation).where(waiting).values(queue_rank=rank))
        k, shown = t.ticket.c, pressing(rank)
        theirs = (k.contact_id == row.id) & k.status.in_(("open", "in_progress")) & (k.urgency_rank < shown)
        tx.execute(update(t.ticket).where(theirs).values(urgency_rank=shown))
    data = {"what": "vip" if vip else "no_vip", "contact": number, "agent_id": agent_id}
    values = {"at": now, "kind": "contact", "actor": actor, "because": "set by hand", "data": data}
    event = tx.execute(insert(t.event).values(values).returning(t.event.c.id)).scalar_one()
    return Happened(id=event, at=now, kind="contact", data=data)
