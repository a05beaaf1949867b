"""Erase a person: keys first, so that nothing sealed is ever read again, then their names, then their words, in batches.

Each stroke is a transaction of its own and may be repeated; a row of ``erasure`` says how far to go, so that a crash
in between is finished after the next start. What can be counted stays: numbers, times, kinds, promises kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, insert, literal, select, update

from gateway.errors import NotFound
from gateway.store import audit, keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.holds import must_not_be_held
from gateway.store.scrubbing import (
    BLANKED,
    blank,
    forget_reasons_about,
    scrub_conversations,
    scrub_rest_of_threads,
)

BATCH = 20
_e, _c, _v, _h = t.erasure.c, t.contact.c, t.conversation.c, t.thread.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """One erasure, begun or done: everything of the contact up to an instant."""

    id: int
    contact_id: int
    number: str
    by: str
    approved_by: str | None
    upto: datetime
    state: str


def begin(
    tx: Tx,
    number: str,
    *,
    by: str,
    now: datetime,
    approved_by: str | None = None,
    ticket_id: int | None = None,
    upto: datetime | None = None,
    despite_hold: bool = False,
) -> Erasing:
    """Note that a person is to be erased, or return the erasure that is under way.

    Raises:
        NotFound: there is no such contact.
        OnHold: a legal hold stands.
    """
    contact_id = tx.execute(select(_c.id).where(_c.number == number)).scalar()
    if contact_id is None:
        raise NotFound(f"no contact {number}", code="no_contact")
    if not despite_hold:
        must_not_be_held(tx, contact_id)
    under_way = tx.execute(
        select(t.erasure).where(_e.contact_id == contact_id, _e.state == "running").limit(1)
    ).first()
    if under_way is not None:
        return _erasing(under_way)
    values = {
        "contact_id": contact_id,
        "number": number,
        "state": "running",
        "by": by,
        "approved_by": approved_by,
        "ticket_id": ticket_id,
        "upto": upto or _anew(tx, contact_id) or now,
    }
    row = tx.execute(insert(t.erasure).values(values).returning(t.erasure)).one()
    audit.write(
        tx,
        actor=by,
        act="person.erase",
        about=f"contact:{number}",
        outcome="begun",
        now=now,
        approved_by=approved_by,
    )
    return _erasing(row)


def running(tx: Tx) -> list[Erasing]:
    """Return what was begun and is not done, the oldest first."""
    return [
        _erasing(row) for row in tx.execute(select(t.erasure).where(_e.state == "running").order_by(_e.id))
    ]


def to_be_erased_again(tx: Tx, stones: Sequence[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    """Return those who were erased, each once, but are here from before: a backup was put back."""
    latest: dict[str, datetime] = {}
    for number, upto in stones:
        latest[number] = max(upto, latest.get(number, upto))
    again: list[tuple[str, datetime]] = []
    for number, upto in latest.items():
        row = tx.execute(select(_c.erased_at).where(_c.number == number, _c.created_at <= upto)).first()
        if row is not None and (row.erased_at is None or row.erased_at < upto):
            again.append((number, upto))
    return again


def erase_keys_and_names(tx: Tx, one: Erasing, is_served: Callable[[str], bool], now: datetime) -> None:
    """Destroy the person's keys, and remove by what they could be recognised.

    A thread whose client fetches for itself keeps its key: it names a browser, not a person, and its messages are
    counted on.
    """
    keys.destroy_of_contact(tx, one.contact_id, one.upto)
    tx.execute(
        update(t.contact)
        .where(_c.id == one.contact_id)
        .values(blank(t.contact, BLANKED[t.contact]) | {"own_agent_id": None, "erased_at": one.upto})
    )
    i = t.contact_identity.c
    tx.execute(delete(t.contact_identity).where(i.contact_id == one.contact_id, i.created_at <= one.upto))
    tx.execute(delete(t.tag).where(t.tag.c.kind == "contact", t.tag.c.row_id == one.contact_id))
    tx.execute(
        delete(t.proof).where(t.proof.c.contact_id == one.contact_id, t.proof.c.granted_at <= one.upto)
    )
    for thread in tx.execute(select(_h.id, _h.channel).where(*_threads_of(one))).all():
        if not is_served(thread.channel):
            nameless = literal("erased:") + cast(_h.id, String)
            tx.execute(
                update(t.thread).where(_h.id == thread.id).values(key=nameless, version=_h.version + 1)
            )
    tickets = select(t.ticket.c.id).where(t.ticket.c.contact_id == one.contact_id)
    held = t.hold.c
    theirs = (held.kind == "contact") & (held.row_id == one.contact_id)
    theirs |= (held.kind == "ticket") & held.row_id.in_(tickets)
    tx.execute(update(t.hold).where(theirs).values(because=""))
    forget_reasons_about(tx, one.number)


def erase_words(tx: Tx, one: Erasing, now: datetime, *, limit: int = BATCH) -> int:
    """Empty a batch of conversations; return how many, 0 once none is left."""
    due = select(_v.id).where(
        _v.contact_id == one.contact_id, _v.scrubbed_at.is_(None), _v.started_at <= one.upto
    )
    ids = tx.execute(due.order_by(_v.id).limit(limit)).scalars().all()
    if ids:
        scrub_conversations(tx, ids, now)
    return len(ids)


def finish(tx: Tx, one: Erasing, now: datetime) -> Happened:
    """Empty what lies outside conversations, and note that the person is erased; return what to tell the desks."""
    threads = tx.execute(select(_h.id).where(*_threads_of(one))).scalars().all()
    scrub_rest_of_threads(tx, threads, one.upto, now)
    counts = _counts(tx, one)
    tx.execute(update(t.erasure).where(_e.id == one.id).values(state="done", done_at=now, counts=counts))
    data = {"what": "erased", "contact": one.number}
    event = insert(t.event).values(
        at=now, kind="contact", actor=one.by, because="the person was erased", data=data
    )
    event_id = tx.execute(event.returning(t.event.c.id)).scalar_one()
    audit.write(
        tx,
        actor=one.by,
        act="person.erase",
        about=f"contact:{one.number}",
        now=now,
        approved_by=one.approved_by,
        counts=counts,
    )
    return Happened(id=event_id, at=now, kind="contact", data=data)


def _anew(tx: Tx, contact_id: int) -> datetime | None:
    """Return up to when a person was erased of whom nothing came in since: another tombstone would say no more."""
    upto: datetime | None = tx.execute(select(_c.erased_at).where(_c.id == contact_id)).scalar()
    if upto is None:
        return None
    threads = select(_h.id).where(_h.contact_id == contact_id)
    m, i, known = t.message.c, t.inbox.c, t.contact_identity.c
    since = (
        select(_h.id).where(_h.contact_id == contact_id, _h.created_at > upto),
        select(m.id).where(m.thread_id.in_(threads), m.at > upto),
        select(i.id).where(i.thread_id.in_(threads), i.received_at > upto),
        select(known.contact_id).where(known.contact_id == contact_id, known.created_at > upto),
    )
    return None if any(tx.execute(one.limit(1)).first() for one in since) else upto


def _threads_of(one: Erasing) -> tuple[Any, ...]:
    return _h.contact_id == one.contact_id, _h.created_at <= one.upto


def _counts(tx: Tx, one: Erasing) -> dict[str, int]:
    of = [_v.contact_id == one.contact_id, _v.started_at <= one.upto]
    conversations: Sequence[int] = tx.execute(select(_v.id).where(*of)).scalars().all()
    tickets = tx.execute(select(t.ticket.c.id).where(t.ticket.c.contact_id == one.contact_id)).scalars().all()
    return {"conversations": len(conversations), "tickets": len(tickets)}


def _erasing(row: Any) -> Erasing:
    return Erasing(
        id=row.id,
        contact_id=row.contact_id,
        number=row.number,
        by=row.by,
        approved_by=row.approved_by,
        upto=row.upto,
        state=row.state,
    )
