"""Resolved tickets that close by silence: found, told of once, closed once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select, update

from gateway.domain.policy import Limit
from gateway.domain.ticket import Status
from gateway.pipeline.effects_life import TellClosing
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.database import Tx
from gateway.store.errors_life import NotResolvedNow
from gateway.store.load import read_automatic
from gateway.store.senders import refuses_mail

_k, _m = t.ticket.c, t.message.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A resolved ticket whose time has come: to be told of, or to be closed."""

    number: str
    channel: str
    lang: str
    closes_at: datetime
    is_told: bool
    silent_because: str | None = None
    """Why the contact is not to be told by machine."""


def next_closing(tx: Tx, notice: timedelta | None) -> datetime | None:
    """Return when the next ticket is to be told of or closed."""
    waiting = select(func.min(_k.closes_at)).where(_k.closes_at.is_not(None))
    if notice is None:
        return tx.execute(waiting).scalar()
    told = tx.execute(waiting.where(_k.close_told_at.is_not(None))).scalar()
    untold = tx.execute(waiting.where(_k.close_told_at.is_(None))).scalar()
    times = [*([told] if told else []), *([untold - notice] if untold else [])]
    return min(times, default=None)


def due_closings(
    tx: Tx,
    now: datetime,
    notice: timedelta | None,
    limits_on: Callable[[str], Sequence[Limit]],
    limit: int,
) -> list[Due]:
    """Return the tickets whose time has come, the most overdue first.

    ``limits_on`` gives how much a machine may say to one contact on a channel; none where it may say anything.
    """
    untold = and_(_k.close_told_at.is_(None), _k.closes_at <= now + (notice or timedelta()))
    late = _k.closes_at <= now
    due: Select[tuple[object, ...]] = select(
        _k.number,
        _k.channel,
        _k.lang,
        _k.closes_at,
        _k.close_told_at,
        _k.contact_id,
        _k.conversation_id,
    ).where(
        _k.closes_at.is_not(None), _k.status == Status.RESOLVED, late if notice is None else or_(untold, late)
    )
    rows = tx.execute(due.order_by(_k.closes_at).limit(limit)).all()
    return [
        Due(
            number=row.number,
            channel=row.channel,
            lang=row.lang,
            closes_at=row.closes_at,
            is_told=row.close_told_at is not None,
            silent_because=None
            if row.close_told_at is not None
            else _silence(tx, row.contact_id, row.conversation_id, row.channel, now, limits_on(row.channel)),
        )
        for row in rows
    ]


def tell(work: Applying, effect: TellClosing) -> None:
    """Note that the contact was told.

    Raises:
        NotResolvedNow: it was told before, or the ticket is not resolved any more.
    """
    mine = (_k.id == work.ticket_id) & (_k.status == Status.RESOLVED) & _k.close_told_at.is_(None)
    changed = {"close_told_at": work.now, "closes_at": effect.closes_at, "version": _k.version + 1}
    if not work.tx.execute(update(t.ticket).where(mine, _k.closes_at.is_not(None)).values(changed)).rowcount:
        raise NotResolvedNow(f"{work.ticket_number} needs no notice")
    work.record("ticket", effect.because, what="closing")


def must_be_silent(work: Applying) -> None:
    """Return if the time of silence is over.

    Raises:
        NotResolvedNow: somebody wrote or closed it meanwhile.
    """
    mine = (_k.id == work.ticket_id) & (_k.status == Status.RESOLVED) & (_k.closes_at <= work.now)
    if work.tx.execute(select(_k.id).where(mine)).scalar() is None:
        raise NotResolvedNow(f"{work.ticket_number} is not to be closed")


def _silence(
    tx: Tx, contact_id: int, conversation_id: int, channel: str, now: datetime, limits: Sequence[Limit]
) -> str | None:
    """Why a machine says nothing here: the address is dead, a machine is at the other end, or it had enough mail."""
    refused = refuses_mail(tx, contact_id, channel)
    if refused is not None:
        return f"nothing is mailed to this contact: {refused}"
    last = select(_m.labels).where(_m.conversation_id == conversation_id, _m.author == "customer")
    labels = tx.execute(last.order_by(_m.seq.desc()).limit(1)).scalar()
    withheld = select(t.event.c.id).where(
        t.event.c.conversation_id == conversation_id, t.event.c.kind == "reply.withheld"
    )
    if "automatic" in (labels or ()) or tx.execute(withheld.limit(1)).scalar() is not None:
        return "the sender may not be answered automatically"
    sent = read_automatic(tx, contact_id, now, [limit.within for limit in limits])
    full = next((n for n, limit in zip(sent, limits, strict=True) if n >= limit.count), None)
    return None if full is None else "the contact has had enough automatic mail"
