"""One-time codes: bound to a conversation, newest only, few tries, single use; kept as marks, never in clear."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update

from gateway.domain.identity import Level
from gateway.domain.verification import Kind, Method, VerificationRules
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.verification_sealing import mark, seal_given, unseal_given

_c, _a = t.code.c, t.attempt.c
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WAYS = {"mail": Method.MAIL_CODE, "sms": Method.SMS_CODE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A code, or a notice, that is to be sent to the contact on file."""

    id: int
    conversation_id: int
    kind: str
    order: str
    number: str
    lang: str
    attempts: int
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a code that fits proves."""

    id: int
    conversation_id: int
    level: Level
    method: Method
    order: str
    action: str | None


def order_send(
    tx: Tx,
    *,
    conversation_id: int,
    contact_id: int,
    kind: str,
    level: Level,
    action: str | None,
    order: str,
    number: str,
    lang: str,
    now: datetime,
    life: timedelta,
) -> None:
    """Have something sent to the contact on file of an order; an earlier code of the conversation is void."""
    if kind == "code":
        void(tx, conversation_id)
    row = {
        "conversation_id": conversation_id,
        "kind": kind,
        "level": level.value,
        "action": action,
        "number": number,
        "state": "due",
        "not_before": now,
        "lang": lang,
        "at": now,
        "ends_at": now + life,
    }
    code_id: int = tx.execute(insert(t.code).values(row).returning(_c.id)).scalar_one()
    sealed = seal_given(tx, contact_id, "code", "order", str(code_id), order)
    tx.execute(update(t.code).where(_c.id == code_id).values(order=sealed))


def void(tx: Tx, conversation_id: int) -> None:
    """End every code of a conversation."""
    live = and_(_c.conversation_id == conversation_id, _c.kind == "code", _c.state != "over")
    tx.execute(update(t.code).where(live).values(state="over", mark=None, link_mark=None, order=None))


def asked_lately(tx: Tx, conversation_id: int, rules: VerificationRules, now: datetime) -> bool:
    """Say whether a conversation has asked for as many codes as it may."""
    asked = select(func.count()).where(
        _a.conversation_id == conversation_id, _a.kind == Kind.SEND.value, _a.why.is_(None)
    )
    hour = tx.execute(asked.where(_a.at > now - HOUR)).scalar_one()
    day = tx.execute(asked.where(_a.at > now - DAY)).scalar_one()
    return hour >= rules.sends_per_hour or day >= rules.sends_per_day


def may_try(tx: Tx, conversation_id: int, rules: VerificationRules, now: datetime) -> bool:
    """Count one try of the newest code, before it is compared; False if there is none that may be tried."""
    row = _newest(tx, conversation_id, now)
    if row is None or row.tries >= rules.code_tries:
        return False
    counted = and_(_c.id == row.id, _c.tries == row.tries)
    return bool(tx.execute(update(t.code).where(counted).values(tries=row.tries + 1)).rowcount)


def fits(tx: Tx, conversation_id: int, code: str, now: datetime) -> Used | None:
    """Return what the newest code of a conversation proves if ``code`` is it."""
    row = _newest(tx, conversation_id, now)
    if row is None or row.mark is None or row.mark != mark(tx, f"code {row.id}", code):
        return None
    return _used(tx, row)


def by_link(tx: Tx, secret: str, now: datetime) -> tuple[Used, str] | None:
    """Return what a link proves, and the two digits it shows; None if it is over, or none of ours."""
    query = select(t.code).where(
        _c.link_mark == mark(tx, "link", secret), _c.state == "sent", _c.ends_at > now, _c.used_at.is_(None)
    )
    row = tx.execute(query).first()
    if row is None or (newest := _newest(tx, row.conversation_id, now)) is None or newest.id != row.id:
        return None
    return _used(tx, row), row.number or ""


def use(tx: Tx, code_id: int, now: datetime) -> bool:
    """Take a code for used; False if somebody was faster."""
    live = and_(_c.id == code_id, _c.used_at.is_(None), _c.state.in_(("sent", "sending")))
    over = {"used_at": now, "state": "over", "mark": None, "link_mark": None, "order": None}
    return bool(tx.execute(update(t.code).where(live).values(over)).rowcount)


def take_due(tx: Tx, *, now: datetime, until: datetime, limit: int = 20) -> list[Due]:
    """Return what is to be sent now, put off until ``until`` so that a crash gives it back."""
    due = and_(_c.state == "due", _c.not_before <= now)
    query = select(t.code).where(due).order_by(_c.not_before).limit(limit)
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    rows = tx.execute(query).all()
    if rows:
        later = {"not_before": until, "attempts": _c.attempts + 1}
        tx.execute(update(t.code).where(_c.id.in_([row.id for row in rows])).values(later))
    return [
        Due(
            id=row.id,
            conversation_id=row.conversation_id,
            kind=row.kind,
            order=_order(tx, row),
            number=row.number or "",
            lang=row.lang,
            attempts=row.attempts + 1,
            ends_at=row.ends_at,
        )
        for row in rows
    ]


def next_send(tx: Tx) -> datetime | None:
    """Return when the next is due."""
    found: datetime | None = tx.execute(select(func.min(_c.not_before)).where(_c.state == "due")).scalar()
    return found


def begin(
    tx: Tx, due: Due, *, way: str, to: str, code: str, link: str, rules: VerificationRules, now: datetime
) -> bool:
    """Keep the marks of what is about to be sent; False if this contact was sent as much as it may be."""
    to_mark = mark(tx, "code.to", to)
    sent = select(func.count()).where(
        _c.to_mark == to_mark, _c.id != due.id, _c.kind == due.kind, _c.state.in_(("sent", "over", "sending"))
    )
    hour = tx.execute(sent.where(_c.at > now - HOUR)).scalar_one()
    day = tx.execute(sent.where(_c.at > now - DAY)).scalar_one()
    if hour >= rules.sends_per_hour or day >= rules.sends_per_day:
        return False
    kept = {
        "way": way,
        "to_mark": to_mark,
        "mark": mark(tx, f"code {due.id}", code) if code else None,
        "link_mark": mark(tx, "link", link) if link else None,
    }
    still = and_(_c.id == due.id, or_(_c.state == "due", _c.state == "sending"))
    return bool(tx.execute(update(t.code).where(still).values(kept)).rowcount)


def finish(tx: Tx, due: Due, *, state: str, again: datetime | None = None) -> None:
    """Say how sending went: ``sent``, ``over``, or due again at ``again``."""
    values: dict[str, Any] = {"state": "due", "not_before": again} if again else {"state": state}
    if values["state"] == "over" or due.kind == "notice":
        values |= {"order": None}
    tx.execute(update(t.code).where(_c.id == due.id, _c.state == "due").values(values))


def _newest(tx: Tx, conversation_id: int, now: datetime) -> Any:
    query = select(t.code).where(
        _c.conversation_id == conversation_id, _c.kind == "code", _c.used_at.is_(None)
    )
    row = tx.execute(query.order_by(_c.id.desc()).limit(1)).first()
    return row if row is not None and row.state in ("due", "sent") and row.ends_at > now else None


def _used(tx: Tx, row: Any) -> Used:
    return Used(
        id=row.id,
        conversation_id=row.conversation_id,
        level=Level(row.level),
        method=WAYS.get(row.way or "", Method.LINK),
        order=_order(tx, row),
        action=row.action,
    )


def _order(tx: Tx, row: Any) -> str:
    return unseal_given(tx, "code", "order", str(row.id), row.order) or "" if row.order else ""
