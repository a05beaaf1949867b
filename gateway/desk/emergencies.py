"""Watches for emergencies, keeps what runs at hand for the steps, and carries news to all who are concerned."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from gateway.desk import emergency_verbs as verbs
from gateway.desk.emergency_verbs import Hand
from gateway.domain.emergency import Cause, bursts
from gateway.house import House
from gateway.store import emergencies as rows
from gateway.store.alive import last_alive, show_alive
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.emergency_counts import seen
from gateway.store.emergency_news import Pending, pending, tell
from gateway.store.feed import Committed, Happened

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

EVERY = timedelta(seconds=15)
BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Ill:
    """A channel that does not work, and since when."""

    channel: str
    since: datetime
    detail: str


class Emergencies:
    """The one task that watches; supervisors act through the same verbs."""

    def __init__(self, house: House, states: Callable[[], Sequence[tuple[str, bool, str]]]) -> None:
        """``states`` tells each channel's name, whether it works, and what is said of it."""
        self._house, self._states = house, states
        self._since: dict[str, datetime] = {}
        self._changed = asyncio.Event()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Watch until cancelled."""
        began = False
        while True:
            self._changed.clear()
            try:
                if not began:
                    await self.own_outage()
                    began = True
                await self.look()
            except StoreUnavailable as error:
                log.warning("emergencies.unavailable", error=str(error))
            await self._sleep()

    async def look(self) -> None:
        """Look once: what runs, what came in bursts, which channels fail, who has not heard the news."""
        house, now = self._house, self._house.clock.now()
        await house.database.write(partial(show_alive, now=now))
        await self.refresh()
        rules = house.policy.emergency
        # What bursts at once is one emergency: complaints with a loss are complaints too.
        if found := bursts(await house.database.read(partial(seen, rules=rules, now=now)), rules):
            minutes = round(rules.window / timedelta(minutes=1))
            told = [
                f"{one.topic}: {one.count} within {minutes} min, usually {one.usual:.2f}" for one in found
            ]
            await self._propose(Cause.BURST, tuple(one.topic for one in found), "", "; ".join(told))
        for ill in self._ill(now):
            because = f"channel {ill.channel} fails since {ill.since:%H:%M} UTC"
            await self._propose(Cause.CHANNEL, (), ill.channel, because)
        while await self.tell_news():
            pass

    async def refresh(self) -> None:
        """Keep the running ones at hand: no turn asks the database while there is none."""
        self._house.emergencies.now = await self._house.database.read(rows.running)

    async def own_outage(self) -> None:
        """Propose an emergency if the gateway was away for longer than the house bears."""
        house, now = self._house, self._house.clock.now()
        before = await house.database.read(last_alive)
        gap = now - before if before is not None else timedelta()
        if gap >= house.policy.emergency.own_gap:
            minutes = round(gap / timedelta(minutes=1))
            await self._propose(Cause.OWN, (), "", f"the gateway was away for {minutes} minutes until now")

    async def tell_news(self) -> int:
        """Tell the latest news to some who have not heard it; return how many were looked at."""
        house = self._house
        waiting = await house.database.read(partial(pending, limit=BATCH))
        for one in waiting:
            committed = await house.database.write(partial(self._tell, one=one))
            if committed is not None:
                house.feed.publish(committed)
        return len(waiting)

    def _tell(self, tx: Tx, one: Pending) -> Committed | None:
        house = self._house
        return tell(
            tx,
            one,
            lambda texts, lang: verbs.text_for(texts, lang, house.texts),
            now=house.clock.now(),
            policy=house.policy,
            kind=house.kind,
            key=house.fresh_key,
            is_served=house.is_served,
        )

    async def _propose(self, cause: Cause, topics: tuple[str, ...], channel: str, because: str) -> None:
        house = self._house
        hand = Hand(by="system", now=house.clock.now(), policy=house.policy, texts=house.texts)
        unit = partial(verbs.propose, hand=hand, cause=cause, topics=topics, channel=channel, because=because)
        happened: list[Happened] | None = await house.database.write(unit)
        if happened:
            log.error(
                "emergency.proposed", cause=cause.value, topics=topics, channel=channel, because=because
            )
            house.metrics.emergencies.labels(cause.value).inc()
            house.feed.publish(Committed(events=tuple(happened)))
            await self.refresh()

    def _ill(self, now: datetime) -> list[Ill]:
        """Channels that have not worked for longer than the house bears."""
        bears = self._house.policy.emergency.channel_down_after
        found = []
        for name, works, detail in self._states():
            if works:
                self._since.pop(name, None)
                continue
            since = self._since.setdefault(name, now)
            if now - since >= bears:
                found.append(Ill(channel=name, since=since, detail=detail))
        return found

    async def _sleep(self) -> None:
        tick = asyncio.ensure_future(self._house.clock.wait(EVERY))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((tick, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            changed.cancel()

    def _heard(self, committed: Committed) -> None:
        if any(one.kind == "emergency" for one in committed.events):
            self._changed.set()
