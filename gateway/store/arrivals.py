"""Past tickets as a simulation plays them: how each came, and what it took."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any

from sqlalchemy import select

from gateway.domain.policy import ChannelKind
from gateway.domain.routing_route import Matter
from gateway.domain.simulation import Arrival, Fate
from gateway.store import tables as t
from gateway.store.database import Tx

LONGEST = timedelta(hours=4)
"""Nobody is kept from other work by one ticket for longer; what took longer waited for somebody else."""
KNOWN = 5
_k, _c, _a = t.ticket.c, t.contact.c, t.agent.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What came, what really became of it, and how many of the spans were measured rather than assumed."""

    arrivals: tuple[Arrival, ...]
    fates: tuple[Fate, ...]
    measured: int


def read_past(
    tx: Tx, kind: Callable[[str], ChannelKind], since: datetime, until: datetime, usual: timedelta
) -> Past:
    """Return every ticket since then, looked at ``until``; spam and merged ones left out; ``usual`` is assumed where nothing was measured."""
    rows = tx.execute(
        select(
            _k.id, _k.number, _k.department, _k.type, _k.subtype, _k.urgency, _k.anomaly, _k.lang, _k.channel,
            _k.contact_id, _k.opened_at, _k.claimed_at, _k.answered_at, _k.resolved_at, _k.first_agent_id,
            _c.vip, _c.own_agent_id, _c.tags, _a.number.label("agent"),
        )
        .join(t.contact, _c.id == _k.contact_id)
        .outerjoin(t.agent, _a.id == _k.agent_id)
        .where(_k.opened_at >= since, _k.spam.is_(None), _k.merged_into.is_(None))
        .order_by(_k.opened_at, _k.id)
    ).all()  # fmt: skip
    due = _due(tx, since)
    spans = [_spans(row, kind(row.channel)) for row in rows]
    typical = _typical(rows, spans, kind, usual)
    knows: dict[int, list[int]] = {}
    arrivals, fates = [], []
    for row, (occupies, reply) in zip(rows, spans, strict=True):
        of = kind(row.channel)
        known = knows.setdefault(row.contact_id, [])
        arrivals.append(
            Arrival(
                number=row.number,
                matter=_matter(row, of, tuple(known)),
                tags=tuple(row.tags or ()),
                occupies=occupies if occupies is not None else typical[of][0],
                reply_after=reply if reply is not None else typical[of][1],
            )
        )
        fates.append(_fate(row, of, due.get(row.id), until))
        if row.first_agent_id is not None and row.first_agent_id not in known:
            knows[row.contact_id] = [row.first_agent_id, *known][:KNOWN]
    measured = sum(occupies is not None for occupies, _ in spans)
    return Past(arrivals=tuple(arrivals), fates=tuple(fates), measured=measured)


def _due(tx: Tx, since: datetime) -> dict[int, datetime]:
    """When each first answer was really due."""
    p = t.promise.c
    query = (
        select(p.ticket_id, p.due_at)
        .join(t.ticket, _k.id == p.ticket_id)
        .where(p.kind == "first_response", _k.opened_at >= since)
        .order_by(p.id.desc())  # the first one of a ticket wins
    )
    return {row.ticket_id: row.due_at for row in tx.execute(query)}


def _spans(row: Any, kind: ChannelKind) -> tuple[timedelta | None, timedelta | None]:
    """What was measured: how long it kept somebody's room, and how long the first answer took from being taken."""
    until = row.resolved_at if kind == "chat" else row.answered_at or row.resolved_at
    occupies = reply = None
    if row.claimed_at is not None and until is not None and until >= row.claimed_at:
        occupies = min(until - row.claimed_at, LONGEST)
    if row.claimed_at is not None and row.answered_at is not None and row.answered_at >= row.claimed_at:
        reply = row.answered_at - row.claimed_at
    return occupies, reply


def _typical(
    rows: Any, spans: list[tuple[timedelta | None, timedelta | None]], kind: Any, usual: timedelta
) -> Mapping[str, tuple[timedelta, timedelta]]:
    found: dict[str, tuple[list[timedelta], list[timedelta]]] = {
        each: ([], []) for each in ("chat", "social", "mail")
    }
    for row, (occupies, reply) in zip(rows, spans, strict=True):
        of = found[kind(row.channel)]
        of[0].extend([occupies] if occupies is not None else [])
        of[1].extend([reply] if reply is not None else [])
    return {
        each: (median_low(taken) if taken else usual, median_low(replies) if replies else timedelta())
        for each, (taken, replies) in found.items()
    }


def _matter(row: Any, kind: ChannelKind, knows: tuple[int, ...]) -> Matter:
    return Matter(
        department=row.department,
        type=row.type,
        subtype=row.subtype,
        urgency=row.urgency,
        anomaly=row.anomaly,
        lang=row.lang,
        kind=kind,
        is_vip=bool(row.vip),
        own_agent=row.own_agent_id,
        knows=knows,
        waits_since=row.opened_at,
    )


def _fate(row: Any, kind: ChannelKind, due_at: datetime | None, until: datetime) -> Fate:
    return Fate(
        number=row.number,
        department=row.department,
        kind=kind,
        came_at=row.opened_at,
        taken_at=row.claimed_at,
        answered_at=row.answered_at,
        # What was owed nothing cannot be late.
        due_at=due_at or row.answered_at or until,
        until=until,
        agent=row.agent,
    )
