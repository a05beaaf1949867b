"""What the present rules would have made of every enquiry since an instant, beside what was made of it then.

Each conversation's first message is taken as it came, at the time it came, by somebody with no conversation open.
Reads only, one enquiry at a time.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import RowMapping, func, select

from adapters.contract import Adapter, AdapterError, Completes
from gateway.clock import SystemClock
from gateway.domain.contact import Contact
from gateway.domain.masking import mask_text
from gateway.house import House
from gateway.intake.arrival import from_body
from gateway.intake.turns import Turns
from gateway.pipeline.heard import heard
from gateway.pipeline.run import decide
from gateway.safety.replay import opened_house
from gateway.settings import Settings
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.blobs import raw_name
from gateway.store.database import Tx
from gateway.store.personal import arrival_place, name_of, subject_of
from gateway.store.snapshot import Snapshot

BATCH = 200
EXAMPLES = 5
SHOWN = 80
SAME = timedelta(seconds=60)
"""Promises that differ by less are told to the same minute."""

_c, _m, _i, _e = t.conversation.c, t.message.c, t.inbox.c, t.event.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One enquiry of which something would be different."""

    inbox_id: int
    at: datetime
    text: str
    """The beginning of it, personal data covered."""
    was: str
    now: str


@dataclass(slots=True, kw_only=True)
class Comparison:
    """How many enquiries were compared, and what would be different about them."""

    compared: int = 0
    skipped: int = 0
    """Without a record of what was decided, of a channel that is gone, or not to be read any more."""
    changed: Counter[str] = field(default_factory=Counter)
    """By what: outcome, entry, hand_over, type, urgency, anomaly, department, owed.<kind>."""
    examples: dict[str, list[Change]] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    """Enquiries by the version of the rules they were decided by."""

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "compared": self.compared,
            "skipped": self.skipped,
            "changed": dict(self.changed),
            "rules": dict(self.rules),
            "examples": {
                what: [
                    {
                        "inbox": one.inbox_id,
                        "at": one.at.isoformat(),
                        "text": one.text,
                        "was": one.was,
                        "now": one.now,
                    }
                    for one in changes
                ]
                for what, changes in self.examples.items()
            },
        }


class At(SystemClock):
    """A clock that stands where it is put; chance and waiting are the machine's."""

    def __init__(self) -> None:
        self.instant: datetime | None = None

    def now(self) -> datetime:
        """Return the instant it was put at."""
        assert self.instant is not None
        return self.instant


async def replay_since(settings: Settings, since: datetime, clock: SystemClock) -> Comparison:
    """Compare every enquiry that began after ``since``."""
    found = Comparison()
    at = At()
    opened: AbstractAsyncContextManager[tuple[House, Mapping[str, Adapter]]] = opened_house(settings, clock)
    async with opened as (house, adapters):
        turns = Turns(replace(house, clock=at), adapters)
        async for row in _enquiries(house, since):
            await _compare(found, house, adapters, turns, at, row)
    return found


async def _enquiries(house: House, since: datetime) -> AsyncIterator[Any]:
    after = 0
    while True:
        rows = await house.database.read(lambda tx, after=after: _batch(tx, since, after))  # type: ignore[misc] # bound now
        for row in rows:
            yield row
        if len(rows) < BATCH:
            return
        after = rows[-1].id


def _batch(tx: Tx, since: datetime, after: int) -> list[Any]:
    first = (
        select(func.min(_m.id))
        .where(_m.conversation_id == _c.id, _m.author == "customer", _m.inbox_id.is_not(None))
        .correlate(t.conversation)
        .scalar_subquery()
    )
    decided = (
        select(func.min(_e.id))
        .where(_e.kind == "message", _e.conversation_id == _c.id, _e.thread_id == _c.thread_id)
        .correlate(t.conversation)
        .scalar_subquery()
    )
    query = (
        select(
            _c.id,
            _c.channel,
            t.thread.c.key,
            t.thread.c.subject,
            t.contact.c.id.label("contact_id"),
            t.contact.c.number,
            t.contact.c.name,
            t.contact.c.lang,
            _i.id.label("inbox_id"),
            _i.external_id,
            _i.body,
            _i.raw,
            _i.raw_blob,
            _i.received_at,
            _e.data,
        )
        .join(t.message, _m.id == first)
        .join(t.inbox, _i.id == _m.inbox_id)
        .join(t.event, _e.id == decided)
        .join(t.thread, t.thread.c.id == _c.thread_id)
        .join(t.contact, t.contact.c.id == _c.contact_id)
        .where(_c.started_at >= since, _c.id > after)
        .order_by(_c.id)
        .limit(BATCH)
    )
    rows = tx.execute(query).all()
    keys.warm(tx, (row.body for row in rows))
    return [_opened(tx, row._mapping) for row in rows]


def _opened(tx: Tx, row: RowMapping) -> Any:
    """The row as it is compared; without a body where it cannot be read any more."""
    found = SimpleNamespace(**row)
    found.name = name_of(tx, row["number"], row["name"])
    found.subject = subject_of(tx, row["channel"], row["key"], row["subject"])
    try:
        found.body = keys.unseal(tx, arrival_place(row["channel"], row["external_id"]), row["body"])
        if row["raw"] is not None:
            where = arrival_place(row["channel"], row["external_id"], "raw")
            found.raw = keys.unseal_bytes(tx, where, row["raw"])
    except keys.Unreadable:
        found.body = None
    return found


async def _compare(
    found: Comparison, house: House, adapters: Mapping[str, Adapter], turns: Turns, at: At, row: Any
) -> None:
    before = row.data or {}
    adapter: object = adapters.get(row.channel)
    if row.body is None or "about" not in before or row.channel not in house.capabilities:
        found.skipped += 1
        return
    name = raw_name(row.raw_blob, row.body)
    raw = await house.blobs.read(name) if name else row.raw
    inbound = from_body(row.body, raw)
    if inbound.kind == "raw":
        if not isinstance(adapter, Completes):
            found.skipped += 1
            return
        try:
            inbound = await adapter.complete(inbound)
        except AdapterError:
            found.skipped += 1
            return
    at.instant = row.received_at
    plan = decide(await turns.turn(inbound, _fresh(row)))
    found.compared += 1
    found.rules[str(before.get("rules", ""))] += 1
    text = " ".join(mask_text(f"{inbound.subject or ''} {inbound.text}").split())[:SHOWN]
    for what, was, now in differences(before, heard(plan)):
        found.changed[what] += 1
        examples = found.examples.setdefault(what, [])
        if len(examples) < EXAMPLES:
            examples.append(Change(inbox_id=row.inbox_id, at=row.received_at, text=text, was=was, now=now))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what differs between two records of a decision: what, as it was, as it would be."""
    pairs = [(name, before.get(name), after.get(name)) for name in ("outcome", "entry")]
    pairs.append(("hand_over", "hand_off" in before, "hand_off" in after))
    was, now = before.get("about", {}), after.get("about", {})
    pairs += [(name, was.get(name), now.get(name)) for name in ("type", "urgency", "anomaly", "department")]
    changed = [(what, _word(one), _word(other)) for what, one, other in pairs if one != other]
    owed, owes = before.get("owed", {}), after.get("owed", {})
    for kind in sorted((owed.keys() | owes.keys()) - {"told"}):  # made from how busy the house was
        one, other = _instant(owed.get(kind)), _instant(owes.get(kind))
        if one != other and (one is None or other is None or abs(one - other) >= SAME):
            changed.append((f"owed.{kind}", _word(one), _word(other)))
    return changed


def _word(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return {None: "–", True: "yes", False: "no"}.get(value, str(value))  # type: ignore[call-overload,no-any-return] # any value


def _instant(value: object) -> datetime | None:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return value if isinstance(value, datetime) else None


def _fresh(row: Any) -> Snapshot:
    """Their thread as if nothing had been said on it."""
    return Snapshot(
        thread_id=0,
        channel=row.channel,
        key=row.key,
        version=0,
        subject=row.subject,
        contact=Contact(id=row.contact_id, number=row.number, name=row.name, lang=row.lang),
        conversation=None,
        ticket=None,
    )
