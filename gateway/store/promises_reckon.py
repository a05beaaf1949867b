"""Reckon promises anew when what they are made from has changed; time used up stays used up."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.promise import OPEN_STATES, Stage
from gateway.domain.promise_clock import due_of, warn_of
from gateway.domain.promise_rules import About, Rule, rule_of
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.promises import course_of

_p, _k = t.promise.c, t.ticket.c
REASONED = select(
    t.promise, _k.number, _k.thread_id, _k.channel, _k.urgency, _k.anomaly, _k.subtype, _k.department
).join(t.ticket, _k.id == _p.ticket_id)
"""A promise with what of its ticket decides how long it may take."""
RECKONABLE = _p.state.in_(OPEN_STATES) & _p.span.is_not(None) & _p.fired_at.is_(None)
"""What a rule made and what is not late yet: what has fired stays fired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What a promise's times would be by the present rules."""

    due_at: datetime
    values: dict[str, Any]
    because: str
    """What changed, in words; empty where nothing did."""


def reckon(work: Applying, because: str) -> None:
    """Reckon all that runs on the ticket anew."""
    for row in work.tx.execute(REASONED.where(_p.ticket_id == work.ticket_id, RECKONABLE)).all():
        new = reckoned(row, work.policy, work.kind)
        if new is None:
            continue
        work.tx.execute(update(t.promise).where(_p.id == row.id).values(**new.values))
        if new.because:
            work.record("promise", f"{because}: {new.because}", what="reckoned", **changes_of(row, new))
        work.promises_changed = True


def reckoned(row: Any, policy: Policy, kind: ChannelKind) -> Reckoned | None:
    """Return what becomes of a ``RECKONABLE`` row; None where no rule says anything about it.

    A time that the customer knows never moves to a later one without their being told.
    """
    about = About(
        channel=kind,
        urgency=row.urgency,
        anomaly=row.anomaly,
        subtype=row.subtype,
        department=row.owner if row.kind == Stage.ACCEPTANCE else row.department,
    )
    rule = rule_of(row.kind, policy, about)
    if rule is None:
        return None
    values: dict[str, Any] = {
        "span": rule.span,
        "counts": rule.counts,
        "rule": rule.setting,
        "version": policy.promises.version,
    }
    if row.since_at is None:
        changed = row.span != rule.span or row.counts != rule.counts
        because = _words(rule) if changed else ""
        return Reckoned(due_at=row.due_at, values=values, because=because)
    never_stood = not row.used and row.since_at == row.started_at
    course = replace(
        course_of(row), span=rule.span, counts=rule.counts, latest=rule.latest if never_stood else None
    )
    due = due_of(course, policy.hours)
    if row.told and due > row.due_at:
        return Reckoned(due_at=row.due_at, values={"version": policy.promises.version}, because="")
    warn = warn_of(course, policy.promises.warn_share_of(row.kind), policy.hours)
    values |= {"due_at": due, "warn_at": warn}
    return Reckoned(due_at=due, values=values, because="" if due == row.due_at else _words(rule))


def changes_of(row: Any, new: Reckoned) -> dict[str, Any]:
    """Return what the audit trail says of it."""
    was, due = row.due_at.isoformat(), new.due_at.isoformat()
    return {"promise": row.kind, "id": row.id, "was": was, "due": due}


def _words(rule: Rule) -> str:
    return f"{rule.setting} = {rule.span}"
