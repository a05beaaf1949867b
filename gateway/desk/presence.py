"""Nobody waits for an agent who is gone: what they left unanswered goes back to the front of the queue."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.desk.as_house import act_as_house
from gateway.desk.waking import wait_for
from gateway.domain.calendar import is_open
from gateway.domain.conversation import State
from gateway.domain.routing import promised_by, round_up
from gateway.domain.ticket import Status
from gateway.errors import Conflict, NotFound
from gateway.house import House
from gateway.pipeline.effects_routing import Requeue
from gateway.pipeline.plan import Effect, MoveConversation, Plan, SystemNotice
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed
from gateway.store.left import Left, next_to_be_gone, read_left
from gateway.store.load import read_load
from gateway.store.snapshot import Snapshot

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(seconds=30)
GATHER = timedelta(milliseconds=50)
GONE = "the agent is gone and has not answered"
DISABLED = "the agent's account is disabled"


class Presence:
    """The one task that takes tickets back from agents who are gone."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed = asyncio.Event()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Look whenever somebody came or went, until cancelled."""
        while True:
            longest = LONGEST
            try:
                await self.look()
                longest = await self._until_next()
            except StoreUnavailable as error:
                log.warning("presence.unavailable", error=str(error))
            await wait_for(self._house.clock, self._changed, longest, gather=GATHER)

    def nudge(self) -> None:
        """Somebody was shut out: look now."""
        self._changed.set()

    async def look(self) -> int:
        """Give back what is left behind; return how many tickets."""
        house, rules, now = self._house, self._house.policy.dispatch, self._house.clock.now()
        channels = [name for name in house.capabilities if house.kind(name) in rules.requeue_kinds]
        unit = partial(read_left, gone_since=now - rules.requeue_after, channels=channels)
        given = 0
        for one in await house.database.read(unit):
            at = None if one.requeued_before else await self._expected(now, one)
            try:
                await act_as_house(house, one.number, partial(self._plan, one, at))
            except (Conflict, NotFound) as error:
                log.info("presence.overtaken", ticket=one.number, error=str(error))
                continue
            given += 1
        return given

    async def _expected(self, now: datetime, one: Left) -> datetime:
        """When the customer, now first in the queue, can expect somebody.

        With nobody there it is no chat any more: then the time is that of a channel where people wait.
        """
        policy = self._house.policy
        load = await self._house.database.read(lambda tx: read_load(tx, policy.handling_default))
        if load.online and is_open(now, policy.hours):
            return max(one.due_at or now, now + round_up(load.handling))
        spans = policy.spans
        return promised_by(now, spans.first_response["mail"], spans.first_response_latest, policy.hours)

    async def _until_next(self) -> timedelta:
        """How long until the next of those who left has been gone for long enough."""
        now, after = self._house.clock.now(), self._house.policy.dispatch.requeue_after
        left_at = await self._house.database.read(partial(next_to_be_gone, since=now - after))
        return LONGEST if left_at is None else max(GATHER, min(LONGEST, left_at + after - now))

    def _plan(self, one: Left, at: datetime | None, snapshot: Snapshot) -> Plan:
        ticket, house = snapshot.ticket, self._house
        if ticket is None or ticket.status is not Status.IN_PROGRESS or ticket.agent_id != one.agent_id:
            raise Conflict(f"{one.number} is not with that agent any more")
        because = DISABLED if one.is_disabled else GONE
        rank = house.policy.dispatch.rank(
            urgency=ticket.urgency, is_vip=snapshot.contact.vip, tags=snapshot.contact.tags, returned=True
        )
        lang = snapshot.conversation.lang if snapshot.conversation else house.policy.languages[0]
        effects: list[Effect] = [
            Requeue(rank=rank, because=because),
            MoveConversation(to=State.QUEUED, because=because),
        ]
        if at is not None and house.kind(snapshot.channel) != "mail":
            clock = house.texts.time(at, house.clock.now(), house.zone, lang)
            told = house.texts.say("requeued", lang, number=ticket.number, at=clock)
            effects.append(SystemNotice(text=told, because=because))
        return Plan(lang=lang).then(*effects)

    def _heard(self, committed: Committed) -> None:
        if any(one.kind == "agent" for one in committed.events):
            self._changed.set()
