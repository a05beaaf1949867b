"""A person has a covered value shown: with a reason, within a budget, and only after the audit has it on disk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.desk.accounts import Clock
from gateway.desk.actions import words_of
from gateway.desk.rights import Action, Who, authorize
from gateway.domain.policy import Policy
from gateway.errors import NotFound, Said, TooMany
from gateway.metrics import Metrics
from gateway.store.database import Database, Tx
from gateway.store.feed import Committed, Feed
from gateway.store.reveals import Noted, Wanted, note_reveal, read_revealed
from gateway.store.visible_sight import standing_of

_STOPPED = Said(
    "一小时内查看的敏感信息已达上限，主管已收到通知；请稍后再试。",
    "You have opened as many covered values as an hour allows. Your supervisors have been told.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """Original values by name, and until when they may stand on a screen."""

    values: dict[str, str]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveals:
    """The one way from a covered value to its original."""

    database: Database
    clock: Clock
    feed: Feed
    policy: Policy
    metrics: Metrics

    async def show(self, who: Who, number: str, wanted: Wanted, reason: str) -> Revealed:
        """Audit and count it; once that is committed, return the originals.

        Raises:
            Forbidden, NotFound: it is not for them, not there, or not covered.
            TooMany: the hour's budget is used up; that is audited, too, and supervisors are alarmed.
            StoreUnavailable: the audit could not be written; nothing is shown.
        """
        reason, now, rules = words_of(reason, "reason"), self.clock.now(), self.policy.reveal

        def note(tx: Tx) -> Noted:
            _must_be_theirs(tx, who, number)
            assert who.agent_id is not None
            return note_reveal(
                tx,
                wanted,
                number=number,
                agent_id=who.agent_id,
                agent=who.number,
                reason=reason,
                rules=rules,
                ways=self.policy.alarms.ways,
                now=now,
            )

        noted = await self.database.write(note)
        self.metrics.reveals.labels("refused" if noted.verdict == "stopped" else "shown").inc()
        if noted.alarm is not None:
            self.feed.publish(Committed(events=(noted.alarm,)))
        if noted.verdict == "stopped":
            raise TooMany(
                f"agent {who.number} opened {rules.stop_after} values within {rules.within}",
                retry_after=timedelta(minutes=10),
                public=_STOPPED,
            )
        values = await self.database.read(lambda tx: read_revealed(tx, wanted, number))
        return Revealed(values=values, until=now + rules.shown_for)


def _must_be_theirs(tx: Tx, who: Who, number: str) -> None:
    standing = standing_of(tx, number)
    if standing is None:
        raise NotFound(f"no ticket {number}")
    authorize(who, Action.REVEAL, standing)
