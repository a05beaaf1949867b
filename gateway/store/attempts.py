"""Attempts: there and committed before anything is looked up, counted by everything a guesser could turn to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import and_, func, insert, or_, select, text, update

from gateway.domain.identity import Level
from gateway.domain.verification import (
    Awaited,
    Kind,
    Outcome,
    Tally,
    VerificationRules,
    Why,
    is_storm,
    stands_in_the_way,
)
from gateway.pipeline.effects_verify import Reserve
from gateway.store import codes
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.database import Tx
from gateway.store.verification_sealing import mark, order_key, seal_given, unseal_given

_a = t.attempt.c
COMPARED = (Kind.CLAIMS, Kind.SHARE, Kind.SHOW, Kind.CODE)
"""What may miss."""
TAKES = 2
"""Taken up so often: once, and once more after a crash."""
NORM = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt in hand."""

    id: int
    conversation_id: int
    thread_id: int
    contact_id: int
    kind: Kind
    awaited: Awaited
    given: Mapping[str, str]
    why: Why | None
    at: datetime
    takes: int

    @property
    def order(self) -> str:
        """The order number as it was typed."""
        return self.given.get("order", "")


def reserve(work: Applying, effect: Reserve) -> int:
    """Write the attempt down with whatever stands in its way; the same words are said of it either way."""
    assert work.conversation_id is not None
    rules = work.policy.verification
    contact_id = work.snapshot.contact.id
    return reserve_in(
        work.tx,
        effect,
        rules,
        conversation_id=work.conversation_id,
        thread_id=work.snapshot.thread_id,
        contact_id=contact_id,
        now=work.now,
    )


def reserve_in(
    tx: Tx,
    effect: Reserve,
    rules: VerificationRules,
    *,
    conversation_id: int,
    thread_id: int,
    contact_id: int,
    now: datetime,
    place: str = "",
) -> int:
    """Write an attempt down; ``place`` is where it comes from, beside the contact (a page's network)."""
    order = effect.order or effect.awaited.order or ""
    order_mark = mark(tx, "attempt.order", order_key(order)) if order else None
    place_mark = mark(tx, "attempt.place", place or f"contact {contact_id}")
    _alone(tx, order_mark or place_mark)
    why = _why(tx, effect, rules, conversation_id, order_mark, place_mark, now)
    row = {
        "conversation_id": conversation_id,
        "thread_id": thread_id,
        "contact_id": contact_id,
        "kind": effect.kind.value,
        "level": effect.awaited.level.value,
        "entry": effect.awaited.entry,
        "action": effect.awaited.action,
        "order_mark": order_mark,
        "place_mark": place_mark,
        "state": "open",
        "why": why.value if why else None,
        "at": now,
    }
    attempt_id: int = tx.execute(insert(t.attempt).values(row).returning(_a.id)).scalar_one()
    given = {
        "order": order,
        "tail": effect.tail,
        "name": effect.name,
        "code": effect.code,
        "phone": effect.phone,
        "link": effect.link,
        "email": effect.email,
    }
    words = orjson.dumps({name: value for name, value in given.items() if value}).decode()
    sealed = seal_given(tx, contact_id, "attempt", "given", str(attempt_id), words)
    tx.execute(update(t.attempt).where(_a.id == attempt_id).values(given=sealed))
    return attempt_id


def _why(
    tx: Tx,
    effect: Reserve,
    rules: VerificationRules,
    conversation_id: int,
    order_mark: str | None,
    place_mark: str,
    now: datetime,
) -> Why | None:
    tally = read_tally(tx, rules, conversation_id, order_mark, place_mark, now)
    why = stands_in_the_way(tally, rules, now)
    if (
        effect.kind is Kind.SEND
    ):  # open while guessing is not: it goes to whoever is on file, and to nobody else
        return Why.SENDS if codes.asked_lately(tx, conversation_id, rules, now) else None
    if effect.kind is Kind.CODE:
        if why in (Why.PERSON, Why.PAUSED):
            return why
        return None if codes.may_try(tx, conversation_id, rules, now) else Why.CODE
    if effect.kind is Kind.SHARE and why in (Why.ORDER, Why.SITE):
        return None  # a whole telephone that the provider vouches for is no guess
    return why


def read_tally(
    tx: Tx,
    rules: VerificationRules,
    conversation_id: int,
    order_mark: str | None,
    place_mark: str,
    now: datetime,
) -> Tally:
    """Count what was tried lately; what is in hand counts as missed until it is settled."""
    failed = and_(
        _a.kind.in_([one.value for one in COMPARED]),
        or_(
            _a.outcome == Outcome.MISS.value,
            and_(_a.state != "settled", _a.why.is_(None)),
        ),
    )
    here = tx.execute(
        select(func.count(), func.max(_a.at)).where(
            _a.conversation_id == conversation_id, failed, _a.at > now - rules.order_within
        )
    ).one()
    since = now - rules.order_within
    of_order = orders = 0
    if order_mark is not None:
        of_order = tx.execute(
            select(func.count()).where(_a.order_mark == order_mark, _a.at > since, failed)
        ).scalar_one()
        others = select(func.count(func.distinct(_a.order_mark))).where(
            _a.place_mark == place_mark,
            _a.at > since,
            _a.order_mark != order_mark,
            _a.kind.in_((Kind.CLAIMS.value, Kind.SHARE.value)),
        )
        orders = tx.execute(others).scalar_one() + 1
    missed = select(func.count()).where(_a.outcome == Outcome.MISS.value)
    now_missed = tx.execute(missed.where(_a.at > now - rules.site_within)).scalar_one()
    in_hand = tx.execute(
        select(func.count()).where(_a.state != "settled", _a.why.is_(None), _a.kind == Kind.CLAIMS.value)
    ).scalar_one()
    norm = 0.0
    if now_missed + in_hand >= rules.site_misses:
        before = tx.execute(missed.where(_a.at > now - NORM, _a.at <= now - rules.site_within)).scalar_one()
        norm = before / (NORM / timedelta(hours=1))
    return Tally(
        misses=here[0],
        last_miss_at=here[1],
        order_misses=of_order,
        orders=orders,
        site_misses=now_missed + in_hand,
        site_norm=norm,
    )


def storm(tx: Tx, rules: VerificationRules, now: datetime) -> bool:
    """Say whether somebody guesses all over the house just now."""
    return is_storm(read_tally(tx, rules, 0, None, "", now), rules)


def take(tx: Tx, *, owner: str, now: datetime, until: datetime, limit: int) -> list[Attempt]:
    """Return attempts nobody has in hand, leased to ``owner``."""
    free = and_(_a.state != "settled", or_(_a.lease_until.is_(None), _a.lease_until <= now))
    query = select(t.attempt).where(free).order_by(_a.at, _a.id).limit(limit)
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    rows = tx.execute(query).all()
    if rows:
        held = {"lease_owner": owner, "lease_until": until, "takes": _a.takes + 1, "state": "taken"}
        tx.execute(update(t.attempt).where(_a.id.in_([row.id for row in rows])).values(held))
    return [_attempt(tx, row) for row in rows]


def give_back(tx: Tx, owner: str) -> None:
    """Let go of what a process before this one held when it died: there is one process a place."""
    tx.execute(update(t.attempt).where(_a.state == "taken", _a.lease_owner != owner).values(lease_until=None))


def next_lease(tx: Tx) -> datetime | None:
    """Return when the next attempt in somebody's hand is free again."""
    found: datetime | None = tx.execute(
        select(func.min(_a.lease_until)).where(_a.state != "settled")
    ).scalar()
    return found


def misses_of(tx: Tx, conversation_id: int, rules: VerificationRules, now: datetime) -> int:
    """Return how many checks of a conversation have failed by now."""
    missed = select(func.count()).where(
        _a.conversation_id == conversation_id,
        _a.outcome.in_((Outcome.MISS.value, Outcome.BLOCKED.value)),
        _a.kind != Kind.SEND.value,
        _a.at > now - rules.order_within,
    )
    return tx.execute(missed).scalar_one()


def order_missed(tx: Tx, attempt: Attempt, rules: VerificationRules, now: datetime) -> int:
    """Return how often this attempt's order was missed lately, over all conversations."""
    mine = select(_a.order_mark).where(_a.id == attempt.id).scalar_subquery()
    missed = select(func.count()).where(
        _a.order_mark == mine, _a.outcome == Outcome.MISS.value, _a.at > now - rules.order_within
    )
    return tx.execute(missed).scalar_one()


def settle(tx: Tx, attempt_id: int, outcome: Outcome, why: Why | None, now: datetime) -> bool:
    """End an attempt and forget what was given; False if it had ended before."""
    open_ = and_(_a.id == attempt_id, _a.state != "settled")
    ended = {
        "state": "settled",
        "outcome": outcome.value,
        "why": why.value if why else None,
        "given": None,
        "lease_until": None,
        "settled_at": now,
    }
    return bool(tx.execute(update(t.attempt).where(open_).values(ended)).rowcount)


def _attempt(tx: Tx, row: Any) -> Attempt:
    words = unseal_given(tx, "attempt", "given", str(row.id), row.given) if row.given else None
    given: dict[str, str] = orjson.loads(words) if words else {}
    return Attempt(
        id=row.id,
        conversation_id=row.conversation_id,
        thread_id=row.thread_id,
        contact_id=row.contact_id,
        kind=Kind(row.kind),
        awaited=Awaited(
            level=Level(row.level), entry=row.entry, action=row.action, order=given.get("order") or None
        ),
        given=given,
        why=Why(row.why) if row.why else None,
        at=row.at,
        takes=row.takes + 1,
    )


def _alone(tx: Tx, name: str) -> None:
    """On PostgreSQL two reservations about one thing wait for each other; SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"attempt {name}"}
        )
