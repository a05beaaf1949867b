"""How often each topic came lately, and how often it usually comes: counted from tickets and conversations."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from gateway.domain.emergency import EmergencyRules, Seen, topics_of, usual_rate
from gateway.store import tables as t
from gateway.store.database import Tx

_k = t.ticket.c
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def seen(tx: Tx, rules: EmergencyRules, now: datetime) -> list[Seen]:
    """Return every topic of the window with its usual count; nothing to look up while few tickets come."""
    counts = _topics(tx, now - rules.window, now)
    wanted = {topic: count for topic, count in counts.items() if count >= rules.at_least}
    if not wanted:
        return []
    usual = _usual(tx, rules, now)
    return [Seen(topic=topic, count=count, usual=usual(topic)) for topic, count in wanted.items()]


def _usual(tx: Tx, rules: EmergencyRules, now: datetime) -> "_Usual":
    """Counts of the same hour, and the ones around it, of each past week, and of all of the past."""
    began = tx.execute(select(func.min(_k.opened_at))).scalar() or now
    since = max(now - rules.past, began)
    weeks = [at for at in _same_hours(now, rules.past) if at - HOUR * 1.5 >= since]
    same: Counter[str] = Counter()
    for at in weeks:
        same.update(_topics(tx, at - HOUR * 1.5, at + HOUR * 1.5))
    until = now - rules.window
    overall = _topics(tx, since, until) if since < until else Counter[str]()
    return _Usual(
        same=same,
        same_windows=len(weeks) * (3 * HOUR / rules.window),
        overall=overall,
        overall_windows=max((until - since) / rules.window, 0.0),
    )


class _Usual:
    def __init__(
        self, *, same: Counter[str], same_windows: float, overall: Counter[str], overall_windows: float
    ) -> None:
        self._same, self._same_windows = same, same_windows
        self._overall, self._overall_windows = overall, overall_windows

    def __call__(self, topic: str) -> float:
        same = self._same[topic] / self._same_windows if self._same_windows else 0.0
        overall = self._overall[topic] / self._overall_windows if self._overall_windows >= 1 else 0.0
        return usual_rate(same, overall)


def _same_hours(now: datetime, past: timedelta) -> Iterator[datetime]:
    at = now - WEEK
    while at >= now - past:
        yield at
        at -= WEEK


def _topics(tx: Tx, since: datetime, until: datetime) -> Counter[str]:
    query = (
        select(_k.anomaly, _k.subtype, func.count().label("times"))
        .where(_k.opened_at > since, _k.opened_at <= until, _k.spam.is_(None))
        .group_by(_k.anomaly, _k.subtype)
    )
    counts: Counter[str] = Counter()
    for row in tx.execute(query):
        for topic in topics_of(anomaly=row.anomaly, subtype=row.subtype):
            counts[topic] += row.times
    return counts
