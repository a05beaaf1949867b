"""Rows of one-time links (first administrator, invitation, reset) and of sign-ins that must come back once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from gateway.store import tables as t
from gateway.store.accounts import count_admins
from gateway.store.database import Tx

SETUP, INVITE, RESET = "setup", "invite", "reset"
HOLDS = {SETUP: timedelta(minutes=15), RESET: timedelta(minutes=15), INVITE: timedelta(hours=24)}
"""How long each kind of link works."""

_l, _w = t.one_time_link.c, t.sign_in_flow.c


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A link that may still be used."""

    purpose: str
    agent_id: int | None
    expires_at: datetime


def make_setup_link(tx: Tx, token_hash: str, now: datetime) -> bool:
    """Keep a new link for the first administrator; earlier ones are void. False if there is one already."""
    if count_admins(tx):
        return False
    tx.execute(delete(t.one_time_link).where(_l.purpose == SETUP))
    _insert(tx, token_hash, SETUP, None, now)
    return True


def make_link(tx: Tx, token_hash: str, purpose: str, agent_id: int, now: datetime) -> None:
    """Keep a new link for somebody; earlier ones of theirs are void."""
    tx.execute(delete(t.one_time_link).where(_l.agent_id == agent_id))
    tx.execute(delete(t.one_time_link).where(_l.expires_at < now - HOLDS[INVITE]))
    _insert(tx, token_hash, purpose, agent_id, now)


def find_link(tx: Tx, token_hash: str, purpose: str, now: datetime) -> LinkRow | None:
    """Return the link if it is of this very purpose, unused, young enough, and its person may still come in."""
    row = tx.execute(
        select(_l.purpose, _l.agent_id, _l.expires_at).where(
            _l.token_hash == token_hash, _l.purpose == purpose, _l.used_at.is_(None), _l.expires_at > now
        )
    ).first()
    if row is None or (purpose == SETUP and count_admins(tx)):
        return None
    if purpose != SETUP:
        a = t.agent.c
        able = select(a.id).where(a.id == row.agent_id, a.disabled_at.is_(None))
        if tx.execute(able).first() is None:
            return None
    return LinkRow(purpose=row.purpose, agent_id=row.agent_id, expires_at=row.expires_at)


def use_link(tx: Tx, token_hash: str, purpose: str, now: datetime) -> LinkRow | None:
    """Use a link up and return it; None if it cannot be used."""
    found = find_link(tx, token_hash, purpose, now)
    if found is None:
        return None
    spent = update(t.one_time_link).where(_l.token_hash == token_hash, _l.used_at.is_(None))
    return found if tx.execute(spent.values(used_at=now)).rowcount == 1 else None


def drop_links(tx: Tx, agent_id: int) -> None:
    """Make all of somebody's links void."""
    tx.execute(delete(t.one_time_link).where(_l.agent_id == agent_id))


def begin_flow(
    tx: Tx,
    token_hash: str,
    kind: str,
    data: dict[str, Any],
    now: datetime,
    within: timedelta,
    agent_id: int | None = None,
) -> None:
    """Remember something begun; what was never finished is forgotten on the way."""
    tx.execute(delete(t.sign_in_flow).where(_w.expires_at <= now))
    values = {"token_hash": token_hash, "kind": kind, "agent_id": agent_id, "data": data}
    tx.execute(insert(t.sign_in_flow).values(values | {"expires_at": now + within}))


def end_flow(
    tx: Tx, token_hash: str, kind: str, now: datetime, agent_id: int | None = None
) -> dict[str, Any] | None:
    """Take what was begun, once; None if it was not, is over, or was somebody else's."""
    mine = _w.agent_id.is_(None) if agent_id is None else _w.agent_id == agent_id
    taken = (
        delete(t.sign_in_flow)
        .where(_w.token_hash == token_hash, _w.kind == kind, _w.expires_at > now, mine)
        .returning(_w.data)
    )
    row = tx.execute(taken).first()
    return None if row is None else dict(row.data)


def _insert(tx: Tx, token_hash: str, purpose: str, agent_id: int | None, now: datetime) -> None:
    values = {"token_hash": token_hash, "purpose": purpose, "agent_id": agent_id}
    tx.execute(insert(t.one_time_link).values(values | {"expires_at": now + HOLDS[purpose]}))
