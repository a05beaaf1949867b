"""How often each knowledge entry was the answer, from what was recorded with the answers themselves (rule N1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from gateway.store import tables as t
from gateway.store.database import Tx

LOOK_BACK = timedelta(days=91)
"""Three months, as the handbooks count the use of an entry."""

_u = t.knowledge_use.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What became of one entry within the time asked about."""

    times: int
    last_at: datetime


def usage(tx: Tx, *, since: datetime) -> Mapping[str, Use]:
    """Return for each entry how often it was given as an answer from ``since`` on; the unused are not in it.

    Ids are those of the day they were used: an entry renamed since is counted under its old name. Reads one
    narrow tree in the order of time (0.3 to 0.6 s for 700,000 answers on SQLite): ask once a minute, not once a row.
    """
    counted = select(_u.entry, func.count(), func.max(_u.at)).where(_u.at >= since).group_by(_u.entry)
    return {row[0]: Use(times=row[1], last_at=row[2]) for row in tx.execute(counted)}
