"""What the rows say of one emergency, gathered for its report."""

from collections import Counter
from collections.abc import Mapping
from statistics import median

from sqlalchemy import func, select

from gateway.domain.emergency_report import EmergencyFacts
from gateway.domain.localized import Localized
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.emergencies import find

_c, _n, _k, _v = t.emergency_concern.c, t.emergency_news.c, t.ticket.c, t.conversation.c


def facts_of(tx: Tx, emergency_id: int, lang: str) -> EmergencyFacts:
    """Return the facts, texts in ``lang`` where there are any.

    Raises:
        NotFound: there is none of this id.
    """
    row = find(tx, emergency_id)
    mine = _c.emergency_id == emergency_id
    people = tx.execute(
        select(_v.channel, _v.contact_id).join(t.emergency_concern, _c.conversation_id == _v.id).where(mine)
    ).all()
    tickets = tx.execute(
        select(_k.id, _k.number, _k.opened_at, _k.answered_at)
        .join(t.emergency_concern, _c.ticket_id == _k.id)
        .where(mine)
        .order_by(_k.id)
    ).all()
    answered = [one.answered_at - one.opened_at for one in tickets if one.answered_at is not None]
    late = select(func.count()).where(
        t.promise.c.ticket_id.in_(select(_c.ticket_id).where(mine, _c.ticket_id.is_not(None))),
        t.promise.c.fired_at.is_not(None),
    )
    news = tx.execute(
        select(_n.at, _n.texts).where(_n.emergency_id == emergency_id, _n.n > 0).order_by(_n.n)
    ).all()
    return EmergencyFacts(
        id=row.id,
        cause=row.cause,
        topics=row.topics,
        channel=row.channel,
        because=row.because,
        proposed_at=row.proposed_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        notice=_in(row.template or {}, lang).replace("{news}", "…"),
        news=tuple((one.at, _in(one.texts, lang)) for one in news),
        conversations=len(people),
        contacts=len({one.contact_id for one in people}),
        by_channel=Counter(one.channel for one in people),
        tickets=tuple(one.number for one in tickets),
        answered_within=median(answered) if answered else None,
        late=tx.execute(late).scalar_one(),
    )


def _in(texts: Mapping[str, str], lang: str) -> str:
    return Localized(texts).in_(lang) if texts else ""
