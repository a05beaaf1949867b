"""Rows of the people at work: what each can do, when each works, how much each has in hand."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import func, insert, select, update

from gateway.domain.calendar import BusinessHours, is_open, next_opening
from gateway.domain.policy import ChannelKind
from gateway.domain.roster import Person, share_of
from gateway.domain.routing_rules import Dispatch
from gateway.errors import NotFound, Said
from gateway.settings.fields import parse_slot
from gateway.store import audit
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.load import DESK_ROLES, handles_tickets

_PROFILE = ("skills", "languages", "capacity", "hours", "line", "supervises")
_a, _f, _k = t.agent.c, t.agent_profile.c, t.ticket.c
_NO_AGENT = Said("没有这位客服。", "There is no such agent.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One person as supervisors see and change them; what is None or empty is as the house has it."""

    person: Person
    name: str
    back_at: datetime | None
    hours: list[list[str]] | None
    in_hand: Mapping[str, int]
    """Tickets by kind of channel."""


def read_profiles(
    tx: Tx, rules: Dispatch, house: BusinessHours, kind: Callable[[str], ChannelKind]
) -> list[Profile]:
    """Return everybody who can sign in and handles tickets, by number."""
    held = _in_hand(tx, kind)
    rows = tx.execute(
        select(
            _a.id, _a.number, _a.name, _a.role, _a.roles, _a.state, _a.back_at, _a.departments, _f.turn,
            *(_f[name] for name in _PROFILE),
        )
        .outerjoin(t.agent_profile, _f.agent_id == _a.id)
        .where(_a.disabled_at.is_(None), handles_tickets())
        .order_by(_a.number)
    )  # fmt: skip
    return [_profile(row, held.get(row.id, {}), rules, house) for row in rows]


def read_people(
    tx: Tx, rules: Dispatch, house: BusinessHours, kind: Callable[[str], ChannelKind]
) -> list[Person]:
    """Return the same people as routing needs them."""
    return [one.person for one in read_profiles(tx, rules, house, kind)]


def next_due(people: Sequence[Profile], now: datetime) -> datetime | None:
    """Return when somebody is next due to work: by hours of their own, or back when they said; None if nobody says."""
    due = [one.back_at for one in people if one.back_at is not None]
    for one in people:
        hours = one.person.hours
        if hours is not None and not is_open(now, hours):
            with suppress(ValueError):  # hours that never open again
                due.append(next_opening(now, hours))
    return min((at for at in due if at > now), default=None)


def save_profile(tx: Tx, number: str, changes: Mapping[str, Any], now: datetime, actor: str) -> Happened:
    """Change some attributes of the agent with this number; the returned line is for the feed, after the commit.

    Raises:
        NotFound: nobody who can sign in has it.
    """
    found = select(_a.id, _a.state).where(_a.number == number, _a.disabled_at.is_(None))
    row = tx.execute(found).first()
    if row is None:
        raise NotFound(f"no agent {number}: see `gateway agent list`", public=_NO_AGENT, code="no_agent")
    if "departments" in changes:
        tx.execute(update(t.agent).where(_a.id == row.id).values(departments=changes["departments"] or None))
    profile = {name: changes[name] for name in _PROFILE if name in changes}
    if profile:
        changed = tx.execute(update(t.agent_profile).where(_f.agent_id == row.id).values(profile))
        if not changed.rowcount:
            tx.execute(insert(t.agent_profile).values({"agent_id": row.id} | profile))
    data = {"number": number, "state": row.state, "what": "profile", "changed": sorted(changes)}
    audit.write(
        tx, actor=actor, act="account.change", about=f"agent:{number}", now=now, fields=sorted(changes)
    )
    because = "attributes changed"
    values = {"at": now, "kind": "agent", "actor": actor, "because": because, "data": data}
    event = tx.execute(insert(t.event).values(values).returning(t.event.c.id)).scalar_one()
    return Happened(id=event, at=now, kind="agent", data=data)


def own_hours(written: list[list[str]] | None, house: BusinessHours) -> BusinessHours | None:
    """Return a person's hours: their own weekly slots, the house's zone and holidays."""
    return _hours(orjson.dumps(written).decode(), house) if written else None


@lru_cache(1024)
def _hours(written: str, house: BusinessHours) -> BusinessHours:
    week = tuple(tuple(parse_slot(slot) for slot in day) for day in orjson.loads(written))
    extra = next((day for day in week if day), house.extra_slots)
    return replace(house, weekly=week, extra_slots=extra)


def _in_hand(tx: Tx, kind: Callable[[str], ChannelKind]) -> dict[int, dict[str, int]]:
    """What each has: tickets in work, and those only they have been asked to take."""
    who = func.coalesce(_k.agent_id, _k.suggested_agent_id)
    rows = tx.execute(
        select(who, _k.channel, _k.waiting_on, func.count())
        .where(_k.status.in_(("open", "in_progress")), who.is_not(None), _k.merged_into.is_(None))
        .group_by(who, _k.channel, _k.waiting_on)
    )
    held: dict[int, dict[str, int]] = {}
    for agent_id, channel, waiting_on, count in rows:
        of = kind(channel)
        # A mail that waits for the customer takes nobody's attention; an open chat does.
        if of == "chat" or waiting_on != "contact":
            mine = held.setdefault(agent_id, {})
            mine[of] = mine.get(of, 0) + count
    return held


def _profile(row: Any, held: Mapping[str, int], rules: Dispatch, house: BusinessHours) -> Profile:
    capacity = row.capacity or {}
    load = sum((share_of(kind, capacity, rules.capacity) or 0.0) * count for kind, count in held.items())
    person = Person(
        id=row.id,
        number=row.number,
        role=next(role for role in DESK_ROLES if role in (row.roles or (row.role,))),
        state=row.state,
        departments=frozenset(row.departments or ()),
        skills=frozenset(row.skills or ()),
        languages=tuple(row.languages or ()),
        capacity=capacity,
        hours=own_hours(row.hours, house),
        line=row.line or 1,
        supervises=frozenset(row.supervises or ()),
        load=load,
        turn=row.turn or 0,
    )
    return Profile(person=person, name=row.name, back_at=row.back_at, hours=row.hours or None, in_hand=held)
