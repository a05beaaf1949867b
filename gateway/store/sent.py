"""What we last said on the threads that a message refers to: to recognise our own words in an answer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from adapters.contract import Inbound
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.originals import message_row, read_originals

LATEST = 12
_m, _r, _th = t.message.c, t.message_ref.c, t.thread.c


def read_sent(tx: Tx, inbound: Inbound, channels: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return our latest texts there, each with name and number of the agent who signed it.

    Nothing is decided by it: what a stranger names can at most be cut out of the stranger's own words.
    """
    refs = [ref[:255] for ref in inbound.refs[:20]]
    named = set(
        tx.execute(
            select(_r.thread_id).where(_r.channel.in_(channels), _r.ref.in_(refs), _r.own.is_(True))
        ).scalars()
    )
    if inbound.token:
        query = select(_th.id).where(_th.channel.in_(channels), _th.key == inbound.token)
        named |= set(tx.execute(query).scalars())
    if not named:
        return []
    rows = tx.execute(
        select(_m.thread_id, _m.seq, _m.text, _m.sealed, t.agent.c.name, t.agent.c.number)
        .outerjoin(t.agent, t.agent.c.id == _m.agent_id)
        .where(_m.thread_id.in_(named), _m.author != "customer")
        .order_by(_m.id.desc())
        .limit(LATEST)
    )
    return [(_as_sent(tx, row), (row.name, row.number) if row.number else ()) for row in rows]


def _as_sent(tx: Tx, row: Any) -> str:
    """What lies in the mailbox of whoever quotes us is not covered."""
    was = read_originals(tx, t.message, message_row(row.thread_id, row.seq), row.sealed)
    return was.get("text", str(row.text))
