"""Rows of programs' tokens: hashed, for one role and perhaps a few acts, with an end, and when they were last used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, update

from gateway.store import tables as t
from gateway.store.accounts import hashed, live_session
from gateway.store.database import Tx

USED_EVERY = timedelta(minutes=10)
"""The last use is noted only this often: reading should not cost a commit."""

_k = t.api_token.c


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A program's right to ask, without what opens the door."""

    handle: str
    name: str
    role: str
    actions: tuple[str, ...] | None
    made_by: str | None
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


def create_token(
    tx: Tx,
    token: str,
    name: str,
    role: str,
    now: datetime,
    expires_at: datetime | None = None,
    *,
    actions: Sequence[str] | None = None,
    made_by: str | None = None,
) -> str:
    """Keep the hash of a program's token and return its handle; the token itself is shown once, by the caller."""
    handle = hashed(f"handle {hashed(token)}")[:16]
    values = {"token_hash": hashed(token), "handle": handle, "name": name, "role": role, "made_by": made_by}
    more = {
        "actions": None if actions is None else sorted(actions),
        "created_at": now,
        "expires_at": expires_at,
    }
    tx.execute(insert(t.api_token).values(values | more))
    return handle


def find_token(tx: Tx, token_hash: str, now: datetime) -> TokenRow | None:
    """Return a token that still holds."""
    row = tx.execute(select(t.api_token).where(_k.token_hash == token_hash, live_token(now))).first()
    return None if row is None else _token(row)


def note_use(tx: Tx, token_hash: str, now: datetime) -> None:
    """A program asked with it."""
    tx.execute(update(t.api_token).where(_k.token_hash == token_hash).values(used_at=now))


def list_tokens(tx: Tx) -> list[TokenRow]:
    """Return all of them, the newest first, those that hold no more too."""
    return [_token(row) for row in tx.execute(select(t.api_token).order_by(_k.created_at.desc()))]


def revoke_token(tx: Tx, handle: str, now: datetime) -> TokenRow | None:
    """End a token at once; None if there is none of that handle."""
    row = tx.execute(select(t.api_token).where(_k.handle == handle)).first()
    if row is None:
        return None
    ended = update(t.api_token).where(_k.handle == handle, _k.revoked_at.is_(None)).values(revoked_at=now)
    tx.execute(ended)
    return _token(row)


def open_doors(tx: Tx, hashes: list[str], now: datetime, idle: timedelta) -> set[str]:
    """Return which of these sessions (the whole ones) or tokens still hold."""
    a, s = t.agent.c, t.session.c
    sessions = (
        select(s.token_hash)
        .join(t.agent, s.agent_id == a.id)
        .where(s.token_hash.in_(hashes), s.stage == "in", live_session(now, idle))
    )
    tokens = select(_k.token_hash).where(_k.token_hash.in_(hashes), live_token(now))
    return {row.token_hash for found in (sessions, tokens) for row in tx.execute(found)}


def live_token(now: datetime) -> Any:
    """Return the condition under which a token opens the door."""
    return _k.revoked_at.is_(None) & or_(_k.expires_at.is_(None), _k.expires_at > now)


def _token(row: Any) -> TokenRow:
    return TokenRow(
        handle=row.handle or "",
        name=row.name,
        role=row.role,
        actions=None if row.actions is None else tuple(row.actions),
        made_by=row.made_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
