"""Rows of second factors and recovery codes. A code's hash and a key's public half are all that could be stolen here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from gateway.store import tables as t
from gateway.store.accounts import hashed
from gateway.store.database import Tx

TOTP, PASSKEY = "totp", "passkey"
_f, _r = t.factor.c, t.recovery_code.c


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """One second factor."""

    id: int
    agent_id: int
    kind: str
    name: str
    created_at: datetime
    used_at: datetime | None
    is_synced: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRow:
    """What is needed to check a passkey's signature."""

    id: int
    agent_id: int
    credential: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]


def factors_of(tx: Tx, agent_id: int) -> list[FactorRow]:
    """Return somebody's factors that are set up to the end."""
    found = select(t.factor).where(_f.agent_id == agent_id, _f.confirmed_at.is_not(None)).order_by(_f.id)
    return [
        FactorRow(
            id=row.id,
            agent_id=row.agent_id,
            kind=row.kind,
            name=row.name,
            created_at=row.created_at,
            used_at=row.used_at,
            is_synced=row.is_synced,
        )
        for row in tx.execute(found)
    ]


def kinds_of(tx: Tx, agent_id: int) -> frozenset[str]:
    """Return which kinds of factor somebody has set up."""
    found = select(_f.kind).where(_f.agent_id == agent_id, _f.confirmed_at.is_not(None)).distinct()
    return frozenset(tx.execute(found).scalars())


def begin_totp(tx: Tx, agent_id: int, name: str, now: datetime) -> int:
    """Make room for an authenticator whose first code is still awaited; one begun before is dropped."""
    tx.execute(delete(t.factor).where(_f.agent_id == agent_id, _f.kind == TOTP, _f.confirmed_at.is_(None)))
    values = {"agent_id": agent_id, "kind": TOTP, "name": name, "created_at": now}
    return int(tx.execute(insert(t.factor).values(values).returning(_f.id)).scalar_one())


def keep_secret(tx: Tx, factor_id: int, sealed: str) -> None:
    """Keep an authenticator's sealed secret; its row's id is part of the seal."""
    tx.execute(update(t.factor).where(_f.id == factor_id).values(secret=sealed))


def totps_of(tx: Tx, agent_id: int, *, is_confirmed: bool) -> list[tuple[int, str]]:
    """Return ids and sealed secrets of somebody's authenticators."""
    state = _f.confirmed_at.is_not(None) if is_confirmed else _f.confirmed_at.is_(None)
    found = select(_f.id, _f.secret).where(
        _f.agent_id == agent_id, _f.kind == TOTP, _f.secret.is_not(None), state
    )
    return [(row.id, row.secret) for row in tx.execute(found)]


def use_step(tx: Tx, factor_id: int, step: int, now: datetime) -> bool:
    """Use up a time step; False if this one or a later one was used already: a code works once."""
    spent = (
        update(t.factor)
        .where(_f.id == factor_id, or_(_f.last_step.is_(None), _f.last_step < step))
        .values(last_step=step, used_at=now)
    )
    if tx.execute(spent).rowcount != 1:
        return False
    fresh = update(t.factor).where(_f.id == factor_id, _f.confirmed_at.is_(None))
    tx.execute(fresh.values(confirmed_at=now))
    return True


def add_passkey(
    tx: Tx,
    agent_id: int,
    name: str,
    *,
    credential: str,
    public_key: str,
    sign_count: int,
    transports: Sequence[str],
    is_synced: bool,
    now: datetime,
) -> int | None:
    """Keep a passkey; None if this very one is somebody's already."""
    if tx.execute(select(_f.id).where(_f.credential == credential)).first():
        return None
    values = {
        "agent_id": agent_id, "kind": PASSKEY, "name": name, "credential": credential, "public_key": public_key,
        "sign_count": sign_count, "transports": list(transports), "is_synced": is_synced,
        "created_at": now, "confirmed_at": now,
    }  # fmt: skip
    return int(tx.execute(insert(t.factor).values(values).returning(_f.id)).scalar_one())


def passkeys_of(tx: Tx, agent_id: int) -> list[PasskeyRow]:
    """Return somebody's passkeys."""
    rows = tx.execute(select(t.factor).where(_f.agent_id == agent_id, _f.kind == PASSKEY))
    return [_passkey(row) for row in rows]


def find_passkey(tx: Tx, credential: str) -> PasskeyRow | None:
    """Return the passkey with this id, of a person who may sign in."""
    a = t.agent.c
    found = (
        select(t.factor)
        .join(t.agent, a.id == _f.agent_id)
        .where(_f.credential == credential, a.disabled_at.is_(None))
    )
    row = tx.execute(found).first()
    return None if row is None else _passkey(row)


def use_passkey(tx: Tx, factor_id: int, sign_count: int, now: datetime) -> None:
    """Note that a passkey was used, and how often it says it was."""
    tx.execute(update(t.factor).where(_f.id == factor_id).values(sign_count=sign_count, used_at=now))


def remove_factor(tx: Tx, agent_id: int, factor_id: int) -> bool:
    """Forget one of somebody's factors; False if it is not theirs."""
    gone = tx.execute(delete(t.factor).where(_f.id == factor_id, _f.agent_id == agent_id))
    return gone.rowcount == 1


def remove_all(tx: Tx, agent_id: int) -> int:
    """Forget all of somebody's factors and recovery codes; return how many factors there were."""
    tx.execute(delete(t.recovery_code).where(_r.agent_id == agent_id))
    return int(tx.execute(delete(t.factor).where(_f.agent_id == agent_id)).rowcount)


def replace_codes(tx: Tx, agent_id: int, codes: Sequence[str], now: datetime) -> None:
    """Keep the hashes of new recovery codes; the old ones are void."""
    tx.execute(delete(t.recovery_code).where(_r.agent_id == agent_id))
    rows = [{"code_hash": _code_hash(agent_id, code), "agent_id": agent_id, "made_at": now} for code in codes]
    tx.execute(insert(t.recovery_code), rows)


def use_code(tx: Tx, agent_id: int, code: str, now: datetime) -> bool:
    """Use a recovery code up; False if there is no such one left."""
    if not code:
        return False
    spent = update(t.recovery_code).where(
        _r.code_hash == _code_hash(agent_id, code), _r.agent_id == agent_id, _r.used_at.is_(None)
    )
    return tx.execute(spent.values(used_at=now)).rowcount == 1


def codes_left(tx: Tx, agent_id: int) -> int:
    """Return how many recovery codes are unused."""
    left = select(func.count()).where(_r.agent_id == agent_id, _r.used_at.is_(None))
    return int(tx.execute(left).scalar_one())


def _code_hash(agent_id: int, code: str) -> str:
    # 80 random bits need no slow hash; the agent's id keeps equal codes apart.
    return hashed(f"recovery {agent_id} {code}")


def _passkey(row: Any) -> PasskeyRow:
    return PasskeyRow(
        id=row.id,
        agent_id=row.agent_id,
        credential=row.credential,
        public_key=row.public_key,
        sign_count=row.sign_count or 0,
        transports=tuple(row.transports or ()),
    )
