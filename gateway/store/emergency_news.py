"""News of an emergency reach each who is concerned once: the row that says so is written with the message."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from gateway.domain.policy import ChannelKind, Policy
from gateway.pipeline.plan import Plan, SystemNotice
from gateway.store import tables as t
from gateway.store.apply import apply
from gateway.store.applying import Actor
from gateway.store.database import Tx
from gateway.store.feed import Committed
from gateway.store.snapshot import read_snapshot

_e, _c, _n = t.emergency.c, t.emergency_concern.c, t.emergency_news.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One conversation that has not heard the latest."""

    emergency_id: int
    conversation_id: int
    thread_id: int
    told: int
    n: int
    texts: dict[str, str]


def pending(tx: Tx, limit: int) -> list[Pending]:
    """Return who has not heard the latest news; earlier ones they missed are overtaken by it."""
    query = (
        select(_c.emergency_id, _c.conversation_id, _c.thread_id, _c.told, _n.n, _n.texts)
        .join(t.emergency, _e.id == _c.emergency_id)
        .join(t.emergency_news, (_n.emergency_id == _e.id) & (_n.n == _e.updates))
        .where(_c.told < _e.updates)
        .order_by(_c.emergency_id, _c.conversation_id)
        .limit(limit)
    )
    return [Pending(**row._mapping) for row in tx.execute(query)]


def tell(
    tx: Tx,
    one: Pending,
    word: Callable[[dict[str, str], str], str],
    *,
    now: datetime,
    policy: Policy,
    kind: Callable[[str], ChannelKind],
    key: Callable[[], str],
    is_served: Callable[[str], bool],
) -> Committed | None:
    """Say the news on the conversation's thread; None if another did, or the thread changed under us.

    ``word`` picks and fits the text for a language.
    """
    mine = (_c.emergency_id == one.emergency_id) & (_c.conversation_id == one.conversation_id)
    claimed = tx.execute(
        update(t.emergency_concern).where(mine, _c.told == one.told).values(told=one.n).returning(_c.told)
    ).first()
    if claimed is None:
        return None
    snapshot = read_snapshot(tx, one.thread_id)
    lang = snapshot.conversation.lang if snapshot.conversation else snapshot.contact.lang
    because = f"news {one.n} of emergency {one.emergency_id}"
    plan = replace(Plan(lang=lang), effects=(SystemNotice(text=word(one.texts, lang), because=because),))
    return apply(
        tx,
        snapshot,
        plan,
        actor=Actor(word="system"),
        now=now,
        policy=policy,
        kind=kind(snapshot.channel),
        key=key,
        served=is_served(snapshot.channel),
    )
