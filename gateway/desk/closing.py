"""Close resolved tickets on which nobody writes, having told the contact once and in time (rulebook L5)."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.desk.as_house import act_as_house
from gateway.domain.conversation import State
from gateway.domain.solved import asked_if_solved
from gateway.errors import Conflict
from gateway.house import House
from gateway.pipeline.effects_life import CloseForSilence, TellClosing
from gateway.pipeline.plan import CloseTicket, Effect, MoveConversation, Plan, SystemNotice
from gateway.store.closing import Due, due_closings, next_closing
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed
from gateway.store.snapshot import Snapshot

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(minutes=1)
"""Looked at again after so long at the latest: clocks jump, and other nodes resolve tickets too."""
BATCH = 100


class Closing:
    """The clock of silence."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed = asyncio.Event()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Tell and close what is due, until cancelled."""
        while True:
            self._changed.clear()
            due_at: datetime | None = None
            try:
                while await self.once():
                    pass
                due_at = await self._house.database.read(
                    partial(next_closing, notice=self._house.policy.life.close_notice)
                )
            except StoreUnavailable as error:
                log.warning("closing.unavailable", error=str(error))
            await self._sleep(due_at)

    async def once(self) -> int:
        """Tell and close one batch; return how many of it changed."""
        house, life = self._house, self._house.policy.life
        unit = partial(
            due_closings,
            now=house.clock.now(),
            notice=life.close_notice,
            limits_on=lambda channel: house.policy.automatic_mail if house.kind(channel) == "mail" else (),
            limit=BATCH,
        )
        changed = 0
        for due in await house.database.read(unit):
            try:
                await act_as_house(house, due.number, partial(self._plan, due=due))
            except Conflict as error:  # a customer or a colleague was quicker
                log.info("closing.not_now", ticket=due.number, because=str(error))
                continue
            changed += 1
            how = "told" if self._is_to_be_told(due) else "silence"
            house.metrics.closing.labels(how).inc()
        return changed

    def _is_to_be_told(self, due: Due) -> bool:
        return self._house.policy.life.close_notice is not None and not due.is_told

    def _plan(self, snapshot: Snapshot, *, due: Due) -> Plan:
        return Plan(lang=due.lang).then(*(self._tell(due) if self._is_to_be_told(due) else self._close()))

    def _tell(self, due: Due) -> tuple[Effect, ...]:
        """After downtime the notice comes late, and the closing so much later: never less than was promised."""
        house = self._house
        notice, now = house.policy.life.close_notice or timedelta(), house.clock.now()
        closes_at = max(due.closes_at, now + notice)
        silence = due.silent_because
        if due.channel in house.policy.life.logged:
            silence = "nothing can be sent there"
        because = (
            f"nobody wrote: no notice, for {silence}" if silence else "nobody wrote: closing is announced"
        )
        told = TellClosing(closes_at=closes_at if silence is None else due.closes_at, because=because)
        if silence is not None:
            return (told,)
        at = house.texts.time(closes_at.replace(second=0, microsecond=0), now, house.zone, due.lang)
        text = house.texts.say("closing.notice", due.lang, number=due.number, at=at)
        return told, SystemNotice(text=text, choices=asked_if_solved(house.texts, due.lang), because=because)

    def _close(self) -> tuple[Effect, ...]:
        because = "nobody wrote after it was resolved"
        return (
            CloseForSilence(because=because),
            CloseTicket(because=because),
            MoveConversation(to=State.CLOSED, because=because),
        )

    async def _sleep(self, due_at: datetime | None) -> None:
        left = LONGEST if due_at is None else min(LONGEST, due_at - self._house.clock.now())
        tick = asyncio.ensure_future(self._house.clock.wait(max(left, timedelta(seconds=1))))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((tick, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            changed.cancel()

    def _heard(self, committed: Committed) -> None:
        if any(one.kind == "ticket" and one.data.get("what") == "resolved" for one in committed.events):
            self._changed.set()
