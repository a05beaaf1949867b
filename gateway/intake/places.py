"""Queue places: told when they change (rulebook I7); chat by event, messengers by editing one message, mail not."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from adapters.contract import LiveNotice
from gateway.domain.calendar import next_opening
from gateway.domain.conversation import State
from gateway.domain.routing import round_up
from gateway.domain.telling import Standing, Wait, answer_by, contradicts, not_later, to_whole_minutes
from gateway.house import House
from gateway.intake.context import Live
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed
from gateway.store.waiting import Waiting, edit_place, read_places

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

GATHER = timedelta(seconds=1)
"""Changes within a second are told together."""


class Places:
    """Tells everybody who waits how many are before them, whenever that changes."""

    def __init__(self, house: House, live: Live) -> None:
        self._house = house
        self._live = live
        self._changed = asyncio.Event()
        self._told: dict[int, int] = {}
        self._edited: dict[int, datetime] = {}
        self._gone: set[int] = set()
        """Who was taken over while we read: they are told no place any more."""
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Tell, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self.tell()
            except StoreUnavailable as error:
                log.warning("places.unavailable", error=str(error))
                self._changed.set()
            await self._house.clock.wait(GATHER)

    async def tell(self) -> None:
        """Tell each waiting contact their place, if it is another than they were told."""
        default = self._house.policy.handling_default
        self._gone.clear()
        places, changed = await self._house.database.read(
            partial(read_places, told=self._told, default=default)
        )
        told = {key: place for key, place in self._told.items() if key in places}
        for one in changed:
            place = places[one.conversation_id]
            if await self._tell_one(one, place):
                told[one.conversation_id] = place
        self._told = told
        self._edited = {key: at for key, at in self._edited.items() if key in places}

    async def _tell_one(self, one: Waiting, place: int) -> bool:
        """Return whether the contact knows their place now."""
        house = self._house
        now = house.clock.now()
        at = self._time(one, place, now)
        capabilities = house.capabilities.get(one.channel)
        standing = Standing(state=State.QUEUED, told_at=one.told_at)
        if capabilities is None or one.conversation_id in self._gone:
            return True
        if contradicts(standing, "place", at, now) is not None:
            return True
        if capabilities.served:
            self._live.tell(
                one.channel, one.thread_key, LiveNotice(kind="queue", place=place, expected_at=at)
            )
        elif capabilities.edits and one.conversation_id in self._told:
            last = self._edited.get(one.conversation_id)
            if last is not None and now - last < house.policy.queue_update:
                self._changed.set()  # too soon for this one: look again
                return False
            key = "queue.place" if place > 1 else "queue.place.next"
            clock = house.texts.time(at, now, house.zone, one.lang)
            text = house.texts.say(key, one.lang, ahead=place - 1, at=clock)
            unit = partial(edit_place, waiting=one, text=text, key=house.fresh_key(), now=now)
            committed = await house.database.write(unit)
            if committed is None:
                return False  # the message to be edited has not arrived yet
            self._edited[one.conversation_id] = now
            house.feed.publish(committed)
        return True

    def _time(self, one: Waiting, place: int, now: datetime) -> datetime:
        """Return the expected time: never later than they were told, unless that has passed."""
        hours, rules = self._house.policy.hours, self._house.policy.spans
        wait = Wait(
            ahead=place - 1,
            online=one.online,
            handling=one.handling,
            promised=next_opening(now, hours) + round_up(one.handling),
            latest=rules.first_response_latest,
            staff=one.staff,
        )
        return not_later(to_whole_minutes(answer_by(wait, now, hours)), one.told_at, now)

    def _heard(self, committed: Committed) -> None:
        if committed.state is not None and committed.state != State.QUEUED:
            self._gone.add(committed.conversation_id)
        if committed.queue_delta or any(one.kind == "agent" for one in committed.events):
            self._changed.set()
