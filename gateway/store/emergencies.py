"""Emergencies as rows: proposed once a topic, moved, told of to each who is concerned, listed with what they touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update

from gateway.domain.emergency import MOVES, TAG, Cause, Emergency, EmergencyState, topics_of
from gateway.domain.localized import Localized
from gateway.errors import Conflict, NotFound, Said
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Happened
from gateway.store.visible_sight import Sight

LISTED = 100
NOT_TOLD = -1
"""Told nothing yet, not even the notice, which is 0."""
_e, _c, _n = t.emergency.c, t.emergency_concern.c, t.emergency_news.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An emergency with the numbers a supervisor looks at first."""

    id: int
    cause: str
    topics: tuple[str, ...]
    channel: str
    state: str
    because: str
    template: Mapping[str, str] | None
    notice: Mapping[str, str] | None
    news_at: datetime | None
    updates: int
    proposed_at: datetime
    proposed_by: str
    started_at: datetime | None
    started_by: str | None
    ended_at: datetime | None
    ended_by: str | None
    report: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    conversations: int
    tickets: int


def propose(
    tx: Tx,
    *,
    cause: Cause,
    topics: Sequence[str],
    channel: str,
    because: str,
    by: str,
    now: datetime,
    quiet_since: datetime,
) -> int | None:
    """Keep a proposal; None where the same is open already, or was dismissed or ended after ``quiet_since``."""
    same = (_e.cause == cause.value) & (_e.channel == channel)
    lately = _e.state.in_(("proposed", "running")) | (
        func.coalesce(_e.ended_at, _e.proposed_at) > quiet_since
    )
    for row in tx.execute(select(_e.topics).where(same & lately)):
        if not topics or set(row.topics) & set(topics):
            return None
    values = {
        "cause": cause.value,
        "topics": list(topics),
        "channel": channel,
        "state": EmergencyState.PROPOSED.value,
        "because": because,
        "proposed_at": now,
        "proposed_by": by,
    }
    return int(tx.execute(insert(t.emergency).values(values).returning(_e.id)).scalar_one())


def move(tx: Tx, emergency_id: int, to: EmergencyState, *, by: str, now: datetime, **more: Any) -> Happened:
    """Change an emergency's state.

    Raises:
        NotFound: there is none of this id.
        Conflict: it has gone on meanwhile.
    """
    row = find(tx, emergency_id)
    if to not in MOVES[EmergencyState(row.state)]:
        raise Conflict(
            f"emergency {emergency_id} is {row.state}",
            code="over",
            public=Said(
                f"该应急事件当前状态为 {row.state}，请刷新后再操作。",
                f"This emergency is {row.state} now. Please reload.",
            ),
        )
    when: dict[str, Any] = {
        EmergencyState.RUNNING: {"started_at": now, "started_by": by},
        EmergencyState.ENDED: {"ended_at": now, "ended_by": by},
        EmergencyState.DISMISSED: {"ended_at": now, "ended_by": by},
    }[to]
    unchanged = (_e.id == emergency_id) & (_e.state == row.state)
    tx.execute(update(t.emergency).where(unchanged).values(state=to.value, **when, **more))
    return record(tx, emergency_id, what=str(to), by=by, now=now)


def begin(
    tx: Tx,
    emergency_id: int,
    template: Mapping[str, str],
    notice: Mapping[str, str],
    *,
    by: str,
    now: datetime,
) -> None:
    """Keep the notice, also as the first thing to tell those who wrote before."""
    tx.execute(update(t.emergency).where(_e.id == emergency_id).values(template=dict(template)))
    values = {"emergency_id": emergency_id, "n": 0, "texts": dict(notice), "is_end": 0, "at": now, "by": by}
    tx.execute(insert(t.emergency_news).values(values))


def concern_earlier(tx: Tx, emergency_id: int, since: datetime, now: datetime) -> int:
    """Count those in whose open tickets of since then are about it, and owe them the notice; return how many.

    An emergency without topics concerns who writes from now on: nobody can say whom it concerned before.
    """
    row = find(tx, emergency_id)
    if not row.topics:
        return 0
    k = t.ticket.c
    query = select(k.id, k.conversation_id, k.thread_id, k.anomaly, k.subtype, k.channel).where(
        k.opened_at >= since, k.status.in_(("open", "in_progress")), k.spam.is_(None)
    )
    earlier = [
        one
        for one in tx.execute(query)
        if not row.channel or row.channel == one.channel
        if not set(row.topics).isdisjoint(topics_of(anomaly=one.anomaly, subtype=one.subtype))
    ]
    for one in earlier:
        tx.execute(
            insert(t.emergency_concern).values(
                emergency_id=emergency_id,
                conversation_id=one.conversation_id,
                thread_id=one.thread_id,
                ticket_id=one.id,
                told=NOT_TOLD,
                at=now,
            )
        )
        tag(tx, one.id, emergency_id, by="system", now=now)
    return len(earlier)


def tag(tx: Tx, ticket_id: int, emergency_id: int, *, by: str, now: datetime) -> None:
    """Tag a ticket of an emergency; a second time changes nothing."""
    name = f"{TAG}{emergency_id}"
    tagged = (t.tag.c.kind == "ticket") & (t.tag.c.row_id == ticket_id) & (t.tag.c.name == name)
    if tx.execute(select(t.tag.c.name).where(tagged)).first() is None:
        because = f"emergency {emergency_id} concerns it"
        values = {
            "kind": "ticket",
            "row_id": ticket_id,
            "name": name,
            "because": because,
            "by": by,
            "at": now,
        }
        tx.execute(insert(t.tag).values(values))


def add_news(
    tx: Tx, emergency_id: int, texts: Mapping[str, str], *, is_end: bool, by: str, now: datetime
) -> int:
    """Keep news for all concerned; return their number."""
    n = find(tx, emergency_id).updates + 1
    tx.execute(update(t.emergency).where(_e.id == emergency_id).values(updates=n))
    values = {
        "emergency_id": emergency_id,
        "n": n,
        "texts": dict(texts),
        "is_end": int(is_end),
        "at": now,
        "by": by,
    }
    tx.execute(insert(t.emergency_news).values(values))
    return n


def set_notice(tx: Tx, emergency_id: int, notice: Mapping[str, str], news_at: datetime) -> None:
    """Keep what newcomers are told from now on."""
    tx.execute(update(t.emergency).where(_e.id == emergency_id).values(notice=dict(notice), news_at=news_at))


def keep_report(tx: Tx, emergency_id: int, report: str, *, by: str, now: datetime, is_done: bool) -> None:
    """Keep what a person made of the review's report."""
    reviewed: dict[str, Any] = {"reviewed_at": now, "reviewed_by": by} if is_done else {}
    tx.execute(update(t.emergency).where(_e.id == emergency_id).values(report=report, **reviewed))


def record(tx: Tx, emergency_id: int, *, what: str, by: str, now: datetime, because: str = "") -> Happened:
    """Add a line to the audit trail; desks hear of it."""
    data = {"emergency": emergency_id, "what": what}
    row = insert(t.event).values(at=now, kind="emergency", actor=by, because=because or what, data=data)
    event_id = tx.execute(row.returning(t.event.c.id)).scalar_one()
    return Happened(id=event_id, at=now, kind="emergency", data=data)


def find(tx: Tx, emergency_id: int) -> Row:
    """Return one emergency.

    Raises:
        NotFound: there is none of this id.
    """
    rows = _rows(tx, _e.id == emergency_id)
    if not rows:
        raise NotFound(f"no emergency {emergency_id}")
    return rows[0]


def listed(tx: Tx) -> list[Row]:
    """Return the latest emergencies, the newest first."""
    return _rows(tx)


def running(tx: Tx) -> tuple[Emergency, ...]:
    """Return those that run, as steps see them."""
    query = select(_e.id, _e.cause, _e.topics, _e.channel, _e.notice, _e.updates).where(_e.state == "running")
    return tuple(
        Emergency(
            id=row.id,
            cause=Cause(row.cause),
            topics=frozenset(row.topics),
            channel=row.channel,
            notice=Localized(row.notice),
            updates=row.updates,
        )
        for row in tx.execute(query.order_by(_e.id))
    )


def concerned_by(tx: Tx, conversation_id: int) -> frozenset[int]:
    """Return the emergencies a conversation was told of."""
    found = select(_c.emergency_id).where(_c.conversation_id == conversation_id)
    return frozenset(tx.execute(found).scalars())


def tickets_of(tx: Tx, sight: Sight, emergency_id: int) -> list[str]:
    """Return the numbers of the tickets it concerns that are seen, oldest first."""
    query = (
        select(t.ticket.c.number)
        .join(t.emergency_concern, _c.ticket_id == t.ticket.c.id)
        .where(_c.emergency_id == emergency_id, sight.covers())
        .order_by(t.ticket.c.id)
    )
    return list(tx.execute(query).scalars())


def _rows(tx: Tx, *where: ColumnElement[bool]) -> list[Row]:
    counted = (
        select(
            _c.emergency_id, func.count().label("conversations"), func.count(_c.ticket_id).label("tickets")
        )
        .group_by(_c.emergency_id)
        .subquery()
    )
    query = (
        select(
            t.emergency,
            func.coalesce(counted.c.conversations, 0).label("conversations"),
            func.coalesce(counted.c.tickets, 0).label("tickets"),
        )
        .outerjoin(counted, counted.c.emergency_id == _e.id)
        .where(*where)
        .order_by(_e.id.desc())
        .limit(LISTED)
    )
    return [Row(**{**dict(row._mapping), "topics": tuple(row.topics)}) for row in tx.execute(query)]
