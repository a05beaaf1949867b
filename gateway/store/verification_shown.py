"""What an agent sees of a customer's proof: level, method, times, how checks went; never what was typed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from gateway.domain.identity import Level
from gateway.store import proofs
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.proofs import Where

MOST = 50
_k, _a, _p, _th = t.ticket.c, t.attempt.c, t.proof.c, t.thread.c


def verification_face(tx: Tx, number: str, now: datetime) -> dict[str, Any] | None:
    """Return the state of verification of a ticket's conversation; None: there is no such ticket."""
    query = select(_k.conversation_id, _k.contact_id, _k.channel, _th.key).join(
        t.thread, _th.id == _k.thread_id
    )
    row = tx.execute(query.where(_k.number == number)).first()
    if row is None:
        return None
    where = Where(
        conversation_id=row.conversation_id,
        channel=row.channel,
        thread_key=row.key,
        contact_id=row.contact_id,
    )
    live = proofs.live(tx, where, now)
    highest = live[0] if live else None
    awaited = tx.execute(select(t.awaited).where(t.awaited.c.conversation_id == row.conversation_id)).first()
    return {
        "level": highest.level if highest else Level.L0.value,
        "method": highest.method if highest else None,
        "granted_at": highest.granted_at if highest else None,
        "expires_at": min(highest.idle_until, highest.ends_at) if highest else None,
        "ends_at": highest.ends_at if highest else None,
        "awaited": {"level": awaited.level, "step": awaited.step, "action": awaited.action, "at": awaited.at}
        if awaited
        else None,
        "attempts": _attempts(tx, row.conversation_id),
        "proofs": _proofs(tx, row.conversation_id),
    }


def _attempts(tx: Tx, conversation_id: int) -> list[dict[str, Any]]:
    query = select(_a.kind, _a.level, _a.action, _a.state, _a.outcome, _a.why, _a.at)
    mine = query.where(_a.conversation_id == conversation_id).order_by(_a.id.desc()).limit(MOST)
    return [{str(name): value for name, value in row.items()} for row in tx.execute(mine).mappings()]


def _proofs(tx: Tx, conversation_id: int) -> list[dict[str, Any]]:
    query = select(_p.level, _p.method, _p.granted_at, _p.ends_at, _p.ended_at, _p.ended_because)
    mine = query.where(_p.conversation_id == conversation_id).order_by(_p.id.desc()).limit(MOST)
    return [{str(name): value for name, value in row.items()} for row in tx.execute(mine).mappings()]
