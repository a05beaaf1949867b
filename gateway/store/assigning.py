"""The tickets that wait for a person, as routing needs them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from gateway.domain.conversation import State
from gateway.domain.policy import ChannelKind
from gateway.domain.routing_route import Matter
from gateway.store import tables as t
from gateway.store.database import Tx

AT_ONCE = 200
"""So many are looked at in one go, those to be taken first."""
_k, _v, _c = t.ticket.c, t.conversation.c, t.contact.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrouted:
    """One ticket in the queue."""

    number: str
    matter: Matter
    because: str
    suggested: int | None
    supervisor: int | None
    """Who watches it; 0 where the house had nobody to tell; None while nobody was looked for."""


def read_unrouted(
    tx: Tx, kind: Callable[[str], ChannelKind], *, now: datetime, remember: timedelta, only_special: bool
) -> list[Unrouted]:
    """Return who waits, in the order of being taken.

    ``only_special``: while nobody is there, what supervisors may have to see, and what was suggested to somebody.
    """
    query = (
        select(
            _k.number, _k.department, _k.type, _k.subtype, _k.urgency, _k.anomaly, _k.lang, _k.channel, _k.line,
            _k.because, _k.contact_id, _k.first_agent_id, _k.suggested_agent_id, _k.supervisor_id,
            _c.vip, _c.own_agent_id, _v.queued_at,
        )
        .join(t.conversation, _v.id == _k.conversation_id)
        .join(t.contact, _c.id == _k.contact_id)
        .where(_v.state == State.QUEUED, _k.status == "open", _k.spam.is_(None), _k.merged_into.is_(None))
        .order_by(_v.queue_rank, _v.queued_at)
        .limit(AT_ONCE)
    )  # fmt: skip
    if only_special:
        special = or_(_k.urgency_rank > 0, _k.anomaly != "none", _k.type == "complaint")
        query = query.where(or_(_k.suggested_agent_id.is_not(None), _k.supervisor_id.is_(None) & special))
    rows = tx.execute(query).all()
    knows = _who_knows(tx, {row.contact_id for row in rows}, since=now - remember)
    return [_unrouted(row, kind(row.channel), knows.get(row.contact_id, ()), now) for row in rows]


def _unrouted(row: Any, kind: ChannelKind, knows: Iterable[int], now: datetime) -> Unrouted:
    first = (row.first_agent_id,) if row.first_agent_id else ()
    matter = Matter(
        department=row.department,
        type=row.type,
        subtype=row.subtype,
        urgency=row.urgency,
        anomaly=row.anomaly,
        lang=row.lang,
        kind=kind,
        line=row.line,
        is_vip=bool(row.vip),
        own_agent=row.own_agent_id,
        knows=tuple(dict.fromkeys((*first, *knows))),
        waits_since=row.queued_at or now,
    )
    return Unrouted(
        number=row.number,
        matter=matter,
        because=row.because,
        suggested=row.suggested_agent_id,
        supervisor=row.supervisor_id,
    )


def _who_knows(tx: Tx, contacts: set[int], since: datetime) -> dict[int, list[int]]:
    """Who handled a contact's tickets, the first in charge of the latest ticket first."""
    if not contacts:
        return {}
    query: Select[Any] = (
        select(_k.contact_id, _k.first_agent_id, _k.agent_id)
        .where(_k.contact_id.in_(contacts), _k.opened_at >= since)
        .where(or_(_k.first_agent_id.is_not(None), _k.agent_id.is_not(None)))
        .order_by(_k.opened_at.desc())
    )
    known: dict[int, list[int]] = {}
    for row in tx.execute(query):
        known.setdefault(row.contact_id, []).extend(filter(None, (row.first_agent_id, row.agent_id)))
    return known
