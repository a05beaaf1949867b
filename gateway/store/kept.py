"""What was really kept: promises of a stretch of time that came to an end or ran out, counted by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from gateway.domain.promise import PromiseState
from gateway.store import tables as t
from gateway.store.columns import from_micros, to_micros
from gateway.store.database import Tx
from gateway.store.prepared import Prepared

_p = t.promise.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many promises of a kind were kept, of how many that were to be."""

    kept: int
    total: int

    @property
    def share(self) -> float:
        """0–1; 1 where there were none."""
        return self.kept / self.total if self.total else 1.0


def kept_since(tx: Tx, since: datetime, now: datetime) -> Mapping[str, Kept]:
    """Return what was kept of all that was settled, or ran out, after ``since``.

    A promise that is late and still owed counts as broken; one that was renegotiated or withdrawn counts not at all.
    """
    kept = _p.state == PromiseState.KEPT
    late = _p.state.in_((PromiseState.BROKEN, PromiseState.RUNNING)) & (_p.due_at <= now)
    lately = or_(_p.settled_at >= since, (_p.state == PromiseState.RUNNING) & (_p.due_at >= since))
    query = (
        select(_p.kind, func.sum(case((kept, 1), else_=0)).label("kept"), func.count().label("total"))
        .where(or_(kept, late), lately)
        .group_by(_p.kind)
    )
    found = {row.kind: Kept(kept=row.kept, total=row.total) for row in tx.execute(query)}
    welcomed = select(func.count()).where(t.conversation.c.started_at >= since)
    total = tx.execute(welcomed).scalar_one()
    late_welcomes = found["welcome"].total - found["welcome"].kept if "welcome" in found else 0
    # Only a welcome that came late leaves a row.
    return found | {"welcome": Kept(kept=max(total - late_welcomes, 0), total=total)}


_FIRST = Prepared(
    insert(t.counter).values(name=bindparam("name"), value=bindparam("at")).on_conflict_do_nothing()
)
_SINCE = Prepared(select(t.counter.c.value).where(t.counter.c.name == bindparam("name")))


def in_force_since(tx: Tx, version: str, now: datetime) -> datetime:
    """Return when promises of this version were first published here: now, if they never were."""
    name = f"promises:{version}"
    _FIRST.run(tx, name=name, at=to_micros(now))
    row = _SINCE.row(tx, name=name)
    assert row is not None
    return from_micros(row[0])


def published_since(tx: Tx, version: str) -> datetime | None:
    """Return when promises of this version were first published here; None if they never were."""
    row = _SINCE.row(tx, name=f"promises:{version}")
    return None if row is None else from_micros(row[0])
