"""Rows of who is signed in where, and of browsers that were here before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from gateway.store import tables as t
from gateway.store.accounts import live_session
from gateway.store.database import Tx

FORGOTTEN = timedelta(days=400)
"""A browser nobody signed in with for so long is new again; its cookie does not live longer either."""
MOST = 20
"""So many browsers of one person are remembered."""

_s, _d, _a = t.session.c, t.known_device.c, t.agent.c


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One signed-in browser, as its owner sees it in a list."""

    handle: str
    browser: str
    address: str
    factor: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    token_hash: str


def sessions_of(tx: Tx, agent_id: int, now: datetime, idle: timedelta) -> list[DeviceRow]:
    """Return somebody's sessions that still hold, the one used last first."""
    found = (
        select(t.session)
        .join(t.agent, _a.id == _s.agent_id)
        .where(_s.agent_id == agent_id, live_session(now, idle))
        .order_by(_s.seen_at.desc(), _s.token_hash)
    )
    return [
        DeviceRow(
            handle=row.handle or "",
            browser=row.browser or "",
            address=row.address or "",
            factor=row.factor,
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
            token_hash=row.token_hash,
        )
        for row in tx.execute(found)
    ]


def end_session(tx: Tx, agent_id: int, handle: str) -> str | None:
    """End one of somebody's sessions; return what its streams are known by, or None if it is not theirs."""
    ended = delete(t.session).where(_s.agent_id == agent_id, _s.handle == handle).returning(_s.token_hash)
    row = tx.execute(ended).first()
    return None if row is None else str(row.token_hash)


def end_sessions(tx: Tx, agent_id: int, but: str | None = None) -> int:
    """End all of somebody's sessions (but the one of this hash); return how many."""
    ended = delete(t.session).where(_s.agent_id == agent_id)
    if but is not None:
        ended = ended.where(_s.token_hash != but)
    return int(tx.execute(ended).rowcount)


def is_known(tx: Tx, login: str, device_hash: str, now: datetime) -> bool:
    """Return whether this browser signed in as ``login`` before."""
    found = (
        select(_d.agent_id)
        .join(t.agent, _a.id == _d.agent_id)
        .where(_a.login == login, _d.device_hash == device_hash, _d.last_at > now - FORGOTTEN)
    )
    return tx.execute(found).first() is not None


def meet_device(tx: Tx, agent_id: int, device_hash: str, now: datetime) -> str:
    """Remember a browser; return ``known``, ``first`` (of this person at all) or ``new``."""
    known = update(t.known_device).where(_d.agent_id == agent_id, _d.device_hash == device_hash)
    if tx.execute(known.values(last_at=now)).rowcount:
        return "known"
    count = int(tx.execute(select(func.count()).where(_d.agent_id == agent_id)).scalar_one())
    if count >= MOST:
        oldest = select(_d.device_hash).where(_d.agent_id == agent_id).order_by(_d.last_at).limit(1)
        gone = tx.execute(oldest).scalar_one()
        tx.execute(delete(t.known_device).where(_d.agent_id == agent_id, _d.device_hash == gone))
    values = {"agent_id": agent_id, "device_hash": device_hash, "first_at": now, "last_at": now}
    tx.execute(insert(t.known_device).values(values))
    return "new" if count else "first"


def forget_devices(tx: Tx, agent_id: int) -> None:
    """Every browser of somebody is a stranger again."""
    tx.execute(delete(t.known_device).where(_d.agent_id == agent_id))
