"""The secure page's side of verification: whose page it is, an attempt made on it, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, select, update

from gateway.domain.verification import Awaited, Outcome, VerificationRules
from gateway.pipeline.effects_verify import Reserve
from gateway.store import attempts, codes, proofs
from gateway.store import tables as t
from gateway.store.codes import Used
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened
from gateway.store.verification_sealing import mark

MOST = 10
"""So often may one page be sent off."""
_p, _v, _th, _a = t.verify_page.c, t.conversation.c, t.thread.c, t.attempt.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A conversation somebody may type into without a transcript."""

    conversation_id: int
    thread_id: int
    contact_id: int
    channel: str
    thread_key: str
    awaited: Awaited


def read_page(tx: Tx, ticket: str, now: datetime) -> Page | None:
    """Return whose page this is; None if its time is up, it has done its work, or it is none of ours."""
    live = and_(_p.mark == mark(tx, "page", ticket), _p.ends_at > now, _p.used_at.is_(None), _p.tries < MOST)
    row = tx.execute(_here().join(t.verify_page, _p.conversation_id == _v.id).where(live)).first()
    return _page(tx, row) if row is not None else None


def read_link(tx: Tx, secret: str, now: datetime) -> tuple[Page, Used, str] | None:
    """Return whose link this is, what it proves, and the two digits to be compared."""
    found = codes.by_link(tx, secret, now)
    if found is None:
        return None
    used, number = found
    row = tx.execute(_here().where(_v.id == used.conversation_id)).first()
    return (_page(tx, row), used, number) if row is not None else None


def reserve_on_page(
    tx: Tx, page: Page, ticket: str, reserve: Reserve, rules: VerificationRules, now: datetime, place: str
) -> tuple[int, Committed]:
    """Write an attempt down as a message would have, and tell the house of it."""
    if ticket:
        counted = update(t.verify_page).where(_p.mark == mark(tx, "page", ticket))
        tx.execute(counted.values(tries=_p.tries + 1))
    attempt_id = attempts.reserve_in(
        tx,
        reserve,
        rules,
        conversation_id=page.conversation_id,
        thread_id=page.thread_id,
        contact_id=page.contact_id,
        now=now,
        place=place,
    )
    data = {"what": "reserved", "attempt": attempt_id, "of": reserve.kind.value, "on": "page"}
    event = {
        "at": now,
        "kind": "verification",
        "thread_id": page.thread_id,
        "conversation_id": page.conversation_id,
        "actor": "contact",
        "because": reserve.because,
        "data": data,
    }
    event_id = tx.execute(insert(t.event).values(event).returning(t.event.c.id)).scalar_one()
    happened = Happened(id=event_id, at=now, kind="verification", data=data)
    committed = Committed(
        channel=page.channel,
        thread_id=page.thread_id,
        thread_key=page.thread_key,
        conversation_id=page.conversation_id,
        events=(happened,),
    )
    return attempt_id, committed


def read_outcome(tx: Tx, attempt_id: int) -> Outcome | None:
    """Return what became of an attempt; None while it is in hand."""
    row = tx.execute(select(_a.state, _a.outcome).where(_a.id == attempt_id)).first()
    return Outcome(row.outcome) if row is not None and row.state == "settled" else None


def close_page(tx: Tx, ticket: str, now: datetime) -> None:
    """It has done its work."""
    tx.execute(update(t.verify_page).where(_p.mark == mark(tx, "page", ticket)).values(used_at=now))


def _here() -> Any:
    return select(_v.id, _v.thread_id, _v.contact_id, _v.channel, _th.key).join(
        t.thread, and_(_th.id == _v.thread_id, _th.conversation_id == _v.id)
    )


def _page(tx: Tx, row: Any) -> Page:
    return Page(
        conversation_id=row[0],
        thread_id=row[1],
        contact_id=row[2],
        channel=row[3],
        thread_key=row[4],
        awaited=proofs.read_awaited(tx, row[0]) or Awaited(),
    )
