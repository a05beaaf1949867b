"""Told promises that are due soon: found, and put off in the transaction that sees that nobody has kept them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select

from gateway.domain.conversation import State
from gateway.domain.delay import NOTICED, Owed, judge
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.promise import Stage
from gateway.domain.telling import Wait
from gateway.domain.ticket import Status
from gateway.domain.wording import Texts
from gateway.pipeline.effects_telling import AnnounceDelay
from gateway.pipeline.plan import Plan, SystemNotice
from gateway.store import tables as t
from gateway.store.applying import Actor
from gateway.store.database import Tx
from gateway.store.desk import apply_desk
from gateway.store.feed import Committed
from gateway.store.load import read_ahead, read_automatic, read_load
from gateway.store.senders import refuses_mail
from gateway.store.snapshot import Snapshot

_p, _k = t.promise.c, t.ticket.c
_TOLD: ColumnElement[bool] = literal_column(
    "promise.state = 'running' AND promise.told AND promise.notified_at IS NULL"
)
"""In the very words of the index ``ix_promise_told``."""
_OVER = (Status.RESOLVED, Status.CLOSED)
HOUSE = Actor(word="system")


def due_for_notice(tx: Tx, now: datetime, ahead: timedelta, limit: int) -> list[tuple[int, str]]:
    """Return told promises to look at, with their tickets' numbers: reminded of, or due within ``ahead``."""
    soon = or_(_p.due_at <= now + ahead, _p.warned_at.is_not(None))
    query = (
        select(_p.id, _k.number)
        .join(t.ticket, _k.id == _p.ticket_id)
        .where(_TOLD, _p.due_at > now, soon, _p.kind.in_(sorted(NOTICED)), _k.merged_into.is_(None))
        .order_by(_p.due_at)
        .limit(limit)
    )
    return [(row.id, row.number) for row in tx.execute(query)]


def next_look(tx: Tx, now: datetime, before: timedelta) -> datetime | None:
    """Return when the next told promise comes within ``before`` of being due."""
    query = select(func.min(_p.due_at)).where(_TOLD, _p.due_at > now + before)
    due = tx.execute(query).scalar()
    return None if due is None else due - before


def announce(
    tx: Tx,
    promise_id: int,
    number: str,
    *,
    now: datetime,
    policy: Policy,
    texts: Texts,
    kind: Callable[[str], ChannelKind],
    key: Callable[[], str],
    is_served: Callable[[str], bool],
) -> Committed | None:
    """Tell the customer of a delay and give the promise its new time; None where nothing is to be told now.

    What is decided is decided on what this transaction sees: an answer of the same second settles the promise,
    and there is no notice.
    """
    row = tx.execute(_one(promise_id)).first()
    if row is None:
        return None
    channel = kind(row.channel)
    load = read_load(tx, policy.handling_default)
    owed = Owed(
        kind=row.kind,
        due_at=row.due_at,
        made_at=row.created_at,
        channel=channel,
        state=State(row.state),
        is_over=row.status in _OVER,
        claimed_at=row.claimed_at,
        notices=_notices(tx, row.instead_of),
        may_mail=channel != "mail" or _may_mail(tx, row.contact_id, row.channel, policy, now),
        wait=Wait(
            ahead=read_ahead(tx, row.conversation_id),
            online=load.online,
            handling=load.handling,
            promised=now,
            latest=policy.spans.first_response_latest,
            staff=load.staff,
        ),
    )
    later = judge(owed, policy.telling, now, policy.hours)
    if later.at is None:
        return None
    at = later.at

    def plan_for(snapshot: Snapshot) -> Plan:
        lang = snapshot.conversation.lang if snapshot.conversation else snapshot.contact.lang
        clock = partial(texts.time, now=now, zone=policy.hours.zone, lang=lang)
        which = "delay.promised" if row.kind == Stage.PROMISED else "delay.answer"
        said = texts.say(which, lang, number=number, at=clock(at), was=clock(row.due_at))
        return Plan(lang=lang).then(
            SystemNotice(text=said, because=later.because),
            AnnounceDelay(promise_id=promise_id, due_at=at, because=later.because),
        )

    return apply_desk(
        tx, number, plan_for, actor=HOUSE, now=now, policy=policy, kind=kind, key=key, is_served=is_served
    )


def _one(promise_id: int) -> Select[tuple[object, ...]]:
    c = t.conversation.c
    return (
        select(
            _p.kind, _p.due_at, _p.created_at, _p.instead_of,
            _k.channel, _k.status, _k.claimed_at, _k.conversation_id, _k.contact_id, c.state,
        )
        .join(t.ticket, _k.id == _p.ticket_id)
        .join(t.conversation, c.id == _k.conversation_id)
        .where(_p.id == promise_id, _TOLD)
    )  # fmt: skip


def _notices(tx: Tx, before: int | None) -> int:
    """Count how often the promise was put off: along the chain of those it took the place of."""
    count = 0
    while before is not None:
        row = tx.execute(select(_p.instead_of, _p.notified_at).where(_p.id == before)).first()
        if row is None:
            break
        count += row.notified_at is not None
        before = row.instead_of
    return count


def _may_mail(tx: Tx, contact_id: int, channel: str, policy: Policy, now: datetime) -> bool:
    limits = policy.automatic_mail
    sent = read_automatic(tx, contact_id, now, [limit.within for limit in limits])
    within = all(count < limit.count for count, limit in zip(sent, limits, strict=True))
    return within and refuses_mail(tx, contact_id, channel) is None
