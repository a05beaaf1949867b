"""What was refused to whom: counted always, written into the audit as far as that cannot be used to fill it."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from gateway.desk.accounts import Clock
from gateway.desk.rights import Action, Unseen, Who
from gateway.errors import GatewayError
from gateway.metrics import Metrics
from gateway.store import audit
from gateway.store.database import Database, Tx

SAME_WITHIN = timedelta(minutes=1)
"""The same refusal to the same person is one row for so long."""
MOST = 60
WITHIN = timedelta(hours=1)
"""So many rows somebody may cause within that; the next row says how many were left out."""
KEPT = 10_000
"""So many people's and refusals' times are remembered; the longest untouched goes first."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Tally:
    since: datetime
    rows: int = 0
    left_out: int = 0


class Denials:
    """The door's memory of whom it turned away."""

    def __init__(self, database: Database, clock: Clock, metrics: Metrics) -> None:
        self._database, self._clock, self._metrics = database, clock, metrics
        self._lately: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()

    async def note(self, who: Who, action: Action, error: GatewayError) -> None:
        """Count a refusal; keep it, unless the same was kept just now or they cause too many.

        A refusal stands whether it can be written down or not.
        """
        why = "unseen" if isinstance(error, Unseen) else error.kind
        self._metrics.denied.labels(action.value, why).inc()
        about = _about(error)
        actor = f"agent:{who.number}" if who.agent_id is not None else "token"
        now = self._clock.now()
        left_out = self._room(actor, action, about or "", now)
        if left_out is None:
            return
        more: dict[str, Any] = {"right": action.value, "why": why}
        more |= {"left_out": left_out} if left_out else {}
        more |= {"token": who.name} if who.agent_id is None else {}

        def unit(tx: Tx) -> None:
            audit.write(tx, actor=actor, act="denied", about=about, outcome="refused", now=now, **more)

        try:
            await self._database.write(unit)
        except GatewayError as failed:
            _log.warning("denial.not_kept", error=str(failed))

    def unknown(self, action: Action) -> None:
        """Count a question about what is not there at all: many of them are somebody's guessing."""
        self._metrics.denied.labels(action.value, "unknown").inc()

    def _room(self, actor: str, action: Action, about: str, now: datetime) -> int | None:
        """How many were left out before, if this one is to be kept."""
        tally = self._tallies.pop(actor, None) or _Tally(since=now)
        if now - tally.since >= WITHIN:
            tally = _Tally(since=now, left_out=tally.left_out)
        self._tallies[actor] = tally
        key = (actor, action.value, about)
        before = self._lately.get(key)
        if (before is not None and now - before < SAME_WITHIN) or tally.rows >= MOST:
            tally.left_out += 1
            return None
        self._lately.pop(key, None)
        self._lately[key] = now
        for kept in (self._lately, self._tallies):
            while len(kept) > KEPT:
                kept.popitem(last=False)
        left_out, tally.left_out = tally.left_out, 0
        tally.rows += 1
        return left_out


def _about(error: GatewayError) -> str | None:
    for kind in ("ticket", "contact"):
        if error.fields.get(kind):
            return f"{kind}:{error.fields[kind]}"
    return None
