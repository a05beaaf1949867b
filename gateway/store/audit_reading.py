"""Read the audit, newest first: a page at a time, by actor, act, what it is about, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, select

from gateway.store import tables as t
from gateway.store.database import Tx

_a, _w = t.audit.c, t.audit_words.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows; ``actors`` None means everybody's. ``before`` is the number of the last row of the page before."""

    actors: Sequence[str] | None = None
    act: str | None = None
    about: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 100


def read_audit(tx: Tx, wanted: Wanted) -> list[dict[str, Any]]:
    """Return rows as they are shown: details as values, a reason's words beside them."""
    query = select(_a.seq, _a.at, _a.actor, _a.act, _a.about, _a.outcome, _a.details, _a.hash, _w.words)
    query = _narrowed(query.outerjoin(t.audit_words, _w.seq == _a.seq), wanted)
    rows = tx.execute(query.order_by(_a.seq.desc()).limit(wanted.limit))
    return [_face(row) for row in rows]


def team_of(tx: Tx, agent_id: int) -> set[str]:
    """Return the actors whose acts a supervisor sees: the people of the departments they supervise, or everybody."""
    f, ag = t.agent_profile.c, t.agent.c
    mine = set(tx.execute(select(f.supervises).where(f.agent_id == agent_id)).scalar() or ())
    people = tx.execute(select(ag.number, ag.departments)).all()
    return {f"agent:{one.number}" for one in people if not mine or mine & set(one.departments or mine)}


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.actors is not None:
        query = query.where(_a.actor.in_(wanted.actors))
    for column, value in ((_a.act, wanted.act), (_a.about, wanted.about), (_a.outcome, wanted.outcome)):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(_a.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(_a.at < wanted.until)
    if wanted.before is not None:
        query = query.where(_a.seq < wanted.before)
    return query


def _face(row: Any) -> dict[str, Any]:
    details = orjson.loads(row.details)
    had_words = details.pop("words", None) is not None
    return {
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor,
        "act": row.act,
        "about": row.about,
        "outcome": row.outcome,
        "details": details,
        "reason": row.words,
        "reason_erased": had_words and row.words is None,
        "hash": row.hash,
    }
