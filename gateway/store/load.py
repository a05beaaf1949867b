"""How busy the people are, and how much a sender was told by machine: what computed times are made of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select

from gateway.domain.conversation import State
from gateway.domain.routing_rules import LAST_RANK
from gateway.pipeline.turn import Load
from gateway.store import tables as t
from gateway.store.database import Tx

DESK_ROLES = ("supervisor", "agent")
"""Who handles tickets, among whatever else they hold."""
RECENT = 50
"""So many handled tickets does the median look back on."""


def handles_tickets() -> ColumnElement[bool]:
    """Return the condition that somebody of ``agent`` works with customers; an administrator alone does not."""
    a = t.agent.c
    held = cast(a.roles, Text)
    return or_(a.role.in_(DESK_ROLES), *(held.contains(f'"{role}"') for role in DESK_ROLES))


def read_load(tx: Tx, handling_default: timedelta) -> Load:
    """Return who is online, how many wait, and how long a person needed for each of the last 50."""
    able = t.agent.c.disabled_at.is_(None) & handles_tickets()
    online = select(func.count()).where(t.agent.c.state == "online", able)
    rank = t.conversation.c.queue_rank
    waiting = select(rank, func.count()).where(t.conversation.c.state == State.QUEUED).group_by(rank)
    lanes = {row[0]: row[1] for row in tx.execute(waiting)}
    spans = tx.execute(
        select(t.ticket.c.claimed_at, t.ticket.c.resolved_at)
        .where(t.ticket.c.resolved_at.is_not(None), t.ticket.c.claimed_at.is_not(None))
        .order_by(t.ticket.c.id.desc())
        .limit(RECENT)
    ).all()
    taken = [row.resolved_at - row.claimed_at for row in spans]
    staff = select(func.count()).where(able)
    return Load(
        staff=max(1, tx.execute(staff).scalar_one()),
        online=tx.execute(online).scalar_one(),
        waiting=sum(lanes.values()),
        ranked={lane: count for lane, count in lanes.items() if lane < LAST_RANK},
        handling=median(taken) if taken else handling_default,
    )


def read_ahead(tx: Tx, conversation_id: int) -> int:
    """Return how many are taken before this conversation: those of a smaller rank, or longer in the queue."""
    c = t.conversation.c
    mine = tx.execute(select(c.queue_rank, c.queued_at).where(c.id == conversation_id)).first()
    if mine is None or mine.queued_at is None:
        return 0
    before = or_(
        c.queue_rank < mine.queue_rank,
        and_(c.queue_rank == mine.queue_rank, c.queued_at < mine.queued_at),
    )
    return tx.execute(select(func.count()).where(c.state == State.QUEUED, before)).scalar_one()


def read_automatic(tx: Tx, contact_id: int, now: datetime, spans: Sequence[timedelta]) -> tuple[int, ...]:
    """Return how many automatic messages a contact was sent within each span up to now."""
    m = t.message.c
    sent = (
        select(func.count())
        .select_from(t.message)
        .join(t.thread, t.thread.c.id == m.thread_id)
        .where(t.thread.c.contact_id == contact_id, m.author.in_(("bot", "system")))
    )
    return tuple(tx.execute(sent.where(m.at > now - span)).scalar_one() for span in spans)
