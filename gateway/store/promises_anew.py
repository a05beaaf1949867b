"""All promises reckoned by the present rules, a page at a time: after hours, holidays or spans have changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from gateway.domain.policy import ChannelKind, Policy
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.promises_reckon import REASONED, RECKONABLE, Reckoned, changes_of, reckoned
from gateway.store.promises_urgency import keep_next_dues

_p = t.promise.c
BECAUSE = "the rules have changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A promise that is due at another time by the present rules."""

    ticket: str
    kind: str
    was: datetime
    due: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page came to; ``last_id`` None means that nothing is left."""

    last_id: int | None
    looked_at: int
    changes: tuple[Change, ...]


def reckon_page(
    tx: Tx,
    after_id: int,
    *,
    policy: Policy,
    kind: Callable[[str], ChannelKind],
    now: datetime,
    limit: int,
    apply: bool,
) -> Page:
    """Reckon promises of other versions of the rules anew, in the order of their ids; write it if ``apply``."""
    others = _p.version.is_distinct_from(policy.promises.version)
    query = REASONED.where(RECKONABLE, others, _p.id > after_id).order_by(_p.id).limit(limit)
    if apply and tx.dialect.name == "postgresql":
        query = query.with_for_update(of=(t.promise, t.ticket))
    rows = tx.execute(query).all()
    new = [(row, found) for row in rows if (found := reckoned(row, policy, kind(row.channel)))]
    moved = [(row, found) for row, found in new if found.because]
    if apply:
        _write(tx, new, moved, now)
    return Page(
        last_id=rows[-1].id if len(rows) == limit else None,
        looked_at=len(rows),
        changes=tuple(
            Change(ticket=row.number, kind=row.kind, was=row.due_at, due=found.due_at, because=found.because)
            for row, found in moved
        ),
    )


def _write(
    tx: Tx, new: Sequence[tuple[Any, Reckoned]], moved: Sequence[tuple[Any, Reckoned]], now: datetime
) -> None:
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row, found in new:
        named = {f"new_{name}": value for name, value in found.values.items()}
        alike.setdefault(tuple(found.values), []).append(named | {"which": row.id})
    for names, rows in alike.items():
        changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        tx.execute(update(t.promise).where(_p.id == bindparam("which")).values(changed), rows)
    lines = [
        {
            "at": now,
            "kind": "promise",
            "thread_id": row.thread_id,
            "ticket_id": row.ticket_id,
            "actor": "system",
            "because": f"{BECAUSE}: {found.because}",
            "data": {"what": "reckoned", **changes_of(row, found)},
        }
        for row, found in moved
    ]
    if lines:
        tx.execute(insert(t.event), lines)
        keep_next_dues(tx, sorted({row.ticket_id for row, _ in moved}))
