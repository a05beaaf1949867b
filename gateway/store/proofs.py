"""Proofs: the level that holds for a conversation, its ends, and how it is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gateway.domain.identity import NOBODY, Level, Standing
from gateway.domain.verification import Awaited, Method, VerificationRules
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.verification_sealing import mark, seal_given, unseal_given

_p, _w = t.proof.c, t.awaited.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A conversation and who writes in it."""

    conversation_id: int | None
    channel: str
    thread_key: str
    contact_id: int


def identity_of(contact_id: int) -> str:
    """Return what a proof calls the one who writes."""
    return f"contact:{contact_id}"


def grant(tx: Tx, where: Where, standing: Standing, method: Method, thread_id: int | None) -> int:
    """Keep a level that was proven just now."""
    about = {"order": standing.order, "customer": standing.customer, "action": standing.action}
    row = {
        "conversation_id": where.conversation_id,
        "thread_id": thread_id,
        "channel": where.channel,
        "thread_key": where.thread_key,
        "contact_id": where.contact_id or None,
        "level": standing.level.value,
        "method": method.value,
        "about": "",
        "customer_mark": mark(tx, "proof.customer", standing.customer) if standing.customer else None,
        "granted_at": standing.granted_at,
        "idle_until": standing.idle_until,
        "ends_at": standing.ends_at,
    }
    proof_id: int = tx.execute(insert(t.proof).values(row).returning(_p.id)).scalar_one()
    words = orjson.dumps({name: value for name, value in about.items() if value}).decode()
    sealed = seal_given(tx, where.contact_id, "proof", "about", str(proof_id), words)
    tx.execute(update(t.proof).where(_p.id == proof_id).values(about=sealed))
    return proof_id


def read_standing(tx: Tx, where: Where, now: datetime) -> Standing:
    """Return the highest level that holds here and now."""
    row = tx.execute(_live(where, now).order_by(_p.level.desc(), _p.id.desc()).limit(1)).first()
    if row is None:
        return NOBODY
    words = unseal_given(tx, "proof", "about", str(row.id), row.about)
    if words is None:
        return NOBODY
    about: Mapping[str, str] = orjson.loads(words)
    return Standing(
        level=Level(row.level),
        conversation=where.conversation_id or 0,
        identity=identity_of(where.contact_id),
        customer=about.get("customer", ""),
        order=about.get("order", ""),
        action=about.get("action", ""),
        granted_at=row.granted_at,
        idle_until=row.idle_until,
        ends_at=row.ends_at,
    )


def live(tx: Tx, where: Where, now: datetime) -> list[Any]:
    """Return the rows that hold here and now, the highest level first."""
    return list(tx.execute(_live(where, now).order_by(_p.level.desc(), _p.id.desc())).all())


def refresh(tx: Tx, where: Where, rules: VerificationRules, now: datetime) -> None:
    """Who says something is there: what holds goes on holding, within its longest."""
    for row in tx.execute(_live(where, now)).all():
        until = min(now + rules.spans[Level(row.level)].idle, row.ends_at)
        tx.execute(update(t.proof).where(_p.id == row.id).values(idle_until=until))


def end(tx: Tx, where: Where, because: str, now: datetime) -> int:
    """End whatever holds in a conversation; return how many proofs that were."""
    ids = [row.id for row in tx.execute(_live(where, now)).all()]
    if ids:
        over = {"ended_at": now, "ended_because": because}
        tx.execute(update(t.proof).where(_p.id.in_(ids)).values(over))
    return len(ids)


def _live(where: Where, now: datetime) -> Any:
    """What was proven in this conversation; or at the site, before there was one, by who writes on this thread."""
    thread = and_(
        _p.conversation_id.is_(None), _p.channel == where.channel, _p.thread_key == where.thread_key
    )
    here = (
        thread if where.conversation_id is None else or_(_p.conversation_id == where.conversation_id, thread)
    )
    mine = or_(_p.contact_id.is_(None), _p.contact_id == where.contact_id)
    return select(t.proof).where(here, mine, _p.ended_at.is_(None), _p.idle_until > now, _p.ends_at > now)


# --- what was asked for ---


def keep_awaited(
    tx: Tx, conversation_id: int, contact_id: int, awaited: Awaited, now: datetime, agent_id: int | None
) -> None:
    """Remember what a conversation was asked to prove; what was asked before is forgotten."""
    order = None
    if awaited.order:
        order = seal_given(tx, contact_id, "awaited", "order", str(conversation_id), awaited.order)
    values = {
        "step": awaited.step,
        "level": awaited.level.value,
        "entry": awaited.entry,
        "action": awaited.action,
        "order": order,
        "by_agent_id": agent_id,
        "at": now,
    }
    row = upsert(t.awaited).values(values | {"conversation_id": conversation_id})
    tx.execute(row.on_conflict_do_update(index_elements=[_w.conversation_id], set_=values))


def read_awaited(tx: Tx, conversation_id: int, since: datetime | None = None) -> Awaited | None:
    """Return what a conversation was asked to prove; what was asked before ``since`` nobody answers any more."""
    row = tx.execute(select(t.awaited).where(_w.conversation_id == conversation_id)).first()
    if row is None or (since is not None and row.at < since):
        return None
    order = unseal_given(tx, "awaited", "order", str(conversation_id), row.order) if row.order else None
    return Awaited(step=row.step, level=Level(row.level), entry=row.entry, action=row.action, order=order)


def forget_awaited(tx: Tx, conversation_id: int) -> None:
    """It is proven, or nobody waits for it any more."""
    tx.execute(delete(t.awaited).where(_w.conversation_id == conversation_id))
