"""Promises as the desk shows them: one ticket's with the stretches of their bars, and lists of what is due next."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, exists, literal, select, tuple_

from gateway.domain.promise import OPEN_STATES, Stage
from gateway.errors import Refusal, Said
from gateway.store import tables as t
from gateway.store.columns import from_micros, to_micros
from gateway.store.database import Tx
from gateway.store.promises_due import LATE, UNFIRED
from gateway.store.visible import Face, Sight

_p, _k, _a, _s = t.promise.c, t.ticket.c, t.agent.c, t.promise_segment.c
_x, _open = t.explanation.c, t.promise.alias().c
NOTHING = timedelta()
_CAUSE = select(_x.cause).where(_x.ticket_id == _k.id).order_by(_x.id.desc()).limit(1)
_CAUSE_OWED = exists().where(
    _open.ticket_id == _k.id, _open.kind == Stage.EXPLANATION, _open.state.in_(OPEN_STATES)
)
_FACES = (
    select(
        t.promise,
        _k.number.label("ticket"),
        _k.subject,
        _k.department,
        _k.urgency,
        _k.escalation,
        _k.escalated_because,
        _CAUSE.correlate(t.ticket).scalar_subquery().label("cause"),
        _CAUSE_OWED.correlate(t.ticket).label("cause_owed"),
        _a.number.label("agent_number"),
        _a.name.label("agent_name"),
    )
    .join(t.ticket, _k.id == _p.ticket_id)
    .outerjoin(t.agent, _a.id == _p.agent_id)
)
_STATES: Mapping[str, ColumnElement[bool]] = {
    "due": UNFIRED,
    "warned": UNFIRED & _p.warned_at.is_not(None),
    "late": LATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPromises:
    """Which promises: ``state`` is ``due`` (not late yet), ``warned`` or ``late``."""

    state: str = "due"
    department: str | None = None
    agent: str | None = None
    """An agent's number."""
    after: tuple[datetime, int] | None = None
    limit: int = 50


def promises_of(tx: Tx, sight: Sight, number: str, now: datetime) -> Face | None:
    """Return all that a ticket owes and owed, oldest first, each with its stretches; None if there is no such ticket."""
    ticket = tx.execute(
        select(_k.id, _k.escalation, _k.escalated_at, _k.escalated_because).where(
            _k.number == number, sight.covers()
        )
    ).first()
    if ticket is None:
        return None
    rows = tx.execute(_FACES.where(_p.ticket_id == ticket.id).order_by(_p.id)).all()
    stretches = _stretches(tx, [row.id for row in rows])
    return {
        "now": now,
        "escalation": {
            "level": ticket.escalation,
            "at": ticket.escalated_at,
            "because": ticket.escalated_because,
        },
        "promises": [_face(row, now) | {"segments": _bar(row, stretches.get(row.id, []))} for row in rows],
    }


def promise_kind(tx: Tx, sight: Sight, number: str, promise_id: int) -> str | None:
    """Return the kind of a promise that the ticket still owes; None if it owes no such thing."""
    mine = (_p.id == promise_id) & _p.state.in_(OPEN_STATES) & (_k.number == number)
    query = select(_p.kind).join(t.ticket, _k.id == _p.ticket_id).where(mine, sight.covers())
    return tx.execute(query).scalar()


def list_promises(tx: Tx, sight: Sight, wanted: WantedPromises, now: datetime) -> Face:
    """Return a page of what is owed, the earliest first, and the cursor of the next."""
    query = _FACES.where(_STATES[wanted.state], sight.covers())
    if wanted.department:
        query = query.where(_k.department == wanted.department)
    if wanted.agent:
        query = query.where(_a.number == wanted.agent)
    if wanted.after:
        due, row_id = wanted.after
        query = query.where(tuple_(_p.due_at, _p.id) > tuple_(literal(due, _p.due_at.type), literal(row_id)))
    rows = tx.execute(query.order_by(_p.due_at, _p.id).limit(wanted.limit + 1)).all()
    page = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    return {"promises": [_listed(row, now) for row in page], "next": _cursor(page[-1]) if more else None}


def place_of(cursor: str) -> tuple[datetime, int]:
    """Return the place a cursor stands for.

    Raises:
        Refusal: it is not one of ours.
    """
    try:
        due, row_id = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return from_micros(int(due)), int(row_id)
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        said = Said("翻页位置无效，请刷新列表。", "This place in the list is not valid. Please reload it.")
        raise Refusal("not a cursor of ours", public=said, code="invalid", field="cursor") from error


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([to_micros(row.due_at), row.id])).decode().rstrip("=")


def _listed(row: Any, now: datetime) -> Face:
    about = {"subject": row.subject, "department": row.department, "urgency": row.urgency}
    raised = {"escalation": row.escalation, "escalated_because": row.escalated_because}
    return (
        _face(row, now)
        | about
        | raised
        | {"ticket": row.ticket, "cause": row.cause, "cause_owed": row.cause_owed}
    )


def _face(row: Any, now: datetime) -> Face:
    is_paused = row.since_at is None and row.paused_at is not None
    return {
        "id": str(row.id),
        "kind": row.kind,
        "state": row.state,
        "is_late": row.fired_at is not None or (row.state == "running" and row.due_at < now),
        "owner": row.owner,
        "agent": None if row.agent_number is None else {"number": row.agent_number, "name": row.agent_name},
        "told": row.told,
        "text": row.text or "",
        "because": row.because,
        "rule": row.rule,
        "version": row.version,
        "needs": row.needs,
        "counts": row.counts,
        "span_s": None if row.span is None else row.span.total_seconds(),
        "used_s": (row.used or NOTHING).total_seconds(),
        "started_at": row.started_at,
        "due_at": None if is_paused else row.due_at,
        "warn_at": None if is_paused else row.warn_at,
        "warned_at": row.warned_at,
        "fired_at": row.fired_at,
        "escalated_at": row.escalated_at,
        "paused_at": row.paused_at,
        "paused_because": row.paused_because,
        "settled_at": row.settled_at,
        "settled_because": row.settled_because,
        "instead_of": None if row.instead_of is None else str(row.instead_of),
    }


def _stretches(tx: Tx, ids: Sequence[int]) -> dict[int, list[Face]]:
    query = select(_s.promise_id, _s.from_at, _s.until_at, _s.kind, _s.because)
    found: dict[int, list[Face]] = {}
    for row in tx.execute(query.where(_s.promise_id.in_(ids)).order_by(_s.id)) if ids else ():
        stretch = {"from_at": row.from_at, "until_at": row.until_at, "kind": row.kind, "because": row.because}
        found.setdefault(row.promise_id, []).append(stretch)
    return found


def _bar(row: Any, ended: list[Face]) -> list[Face]:
    """The stretches that have ended, and the present one: it goes on as long as the promise is open."""
    since = row.paused_at if row.since_at is None else row.since_at
    kind, because = ("paused", row.paused_because) if row.since_at is None else ("counting", "running")
    present = {"from_at": since, "until_at": row.settled_at, "kind": kind, "because": because}
    return [*ended, present] if since is not None else ended
