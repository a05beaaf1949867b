"""Alarms leave the house: by mail through one of its mailboxes, to a webhook; each until it is taken or hopeless."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from adapters.contract import Adapter, AdapterError, Outbound, Refused, SendFailed
from gateway.desk.alarm_hook import AlarmHook
from gateway.domain.alarm import Alarm
from gateway.domain.alarm_words import Sentence, alarm_words
from gateway.house import House
from gateway.store.alarms import Owed, next_due, raise_alarm, settle, take_due
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(seconds=30)
IN_HAND = timedelta(minutes=2)
"""Put off so long while it is tried: after a crash it is tried again then."""
BATCH = 20
GIVE_UP = timedelta(days=1)
"""An alarm a day old is news to nobody; the desk still shows it."""


async def raise_now(house: House, alarm: Alarm, because: str) -> bool:
    """Raise an alarm that concerns no ticket; False if its name was raised before."""
    unit = partial(
        raise_alarm, alarm=alarm, ways=house.policy.alarms.ways, now=house.clock.now(), because=because
    )
    happened = await house.database.write(unit)
    if happened is not None:
        house.feed.publish(Committed(events=(happened,)))
    return happened is not None


class Alarms:
    """The one task that carries alarms out of the house."""

    def __init__(
        self, house: House, adapters: Mapping[str, Adapter], *, base: str, hook: AlarmHook | None
    ) -> None:
        self._house, self._adapters, self._base, self._hook = house, adapters, base, hook
        self._changed = asyncio.Event()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self._changed.clear()
            due_at = None
            try:
                while await self.deliver():
                    pass
                due_at = await self._house.database.read(next_due)
            except StoreUnavailable as error:
                log.warning("alarms.unavailable", error=str(error))
            await self._sleep(due_at)

    async def deliver(self) -> int:
        """Try what is due; return how many."""
        house, now = self._house, self._house.clock.now()
        take = partial(take_due, now=now, until=now + IN_HAND, limit=BATCH)
        owed = await house.database.write(take)
        for one in owed:
            await self._one(one)
        return len(owed)

    async def _one(self, owed: Owed) -> None:
        house = self._house
        error, wait = None, None
        try:
            await self._send(owed)
        except Refused as refusal:
            error = str(refusal)
        except AdapterError as failure:
            error, wait = str(failure), self._again(owed, failure)
        except Exception as unknown:  # one way out that fails must not silence the others
            log.exception("alarms.failed", way=owed.way.partition(":")[0])
            error, wait = repr(unknown), self._again(owed, SendFailed(repr(unknown)))
        if error is not None:
            house.metrics.alarms_failed.labels(owed.way.partition(":")[0]).inc()
            log.warning(
                "alarms.not_delivered", alarm=owed.told.id, way=owed.way.partition(":")[0], error=error
            )
        await house.database.write(partial(settle, owed=owed, now=house.clock.now(), error=error, wait=wait))

    def _again(self, owed: Owed, failure: AdapterError) -> timedelta | None:
        """When to try again; None once nobody is helped by it any more."""
        if self._house.clock.now() - owed.told.at > GIVE_UP:
            return None
        asked = failure.retry_after if isinstance(failure, SendFailed) else None
        return asked or min(timedelta(seconds=15) * 2 ** min(owed.attempts, 8), timedelta(hours=1))

    async def _send(self, owed: Owed) -> None:
        way, _, address = owed.way.partition(":")
        if way == "webhook":
            if self._hook is None:
                raise Refused("alarms.webhook is not set any more")
            told = owed.told
            texts = {lang: self._sentence(owed, lang).text for lang in ("zh-CN", "en")}
            body = {"id": told.id, "kind": told.kind, "ticket": told.ticket, "at": told.at.isoformat()}
            await self._hook.post(f"alarm-{told.id}", {**body, "text": texts, "because": told.because})
            return
        channel = self._mailbox()
        await self._adapters[channel].send(self._mail(owed, channel, address))

    def _mailbox(self) -> str:
        house = self._house
        wanted = house.policy.alarms.mail_channel
        boxes = [name for name in self._adapters if house.kind(name) == "mail" and wanted in ("", name)]
        if not boxes:
            raise Refused("no mail channel to send alarms from: add one, or correct alarms.mail_channel")
        return boxes[0]

    def _mail(self, owed: Owed, channel: str, address: str) -> Outbound:
        lang = self._house.policy.languages[0]
        sentence = self._sentence(owed, lang)
        return Outbound(
            key=f"alarm{owed.told.id}.{owed.id}",
            channel=channel,
            address=address,
            thread=f"alarm-{owed.told.id}",
            text="\n\n".join(filter(None, (sentence.text, sentence.because, sentence.link))),
            lang=lang,
            author="system",
            subject=self._house.texts.say("alarm.subject", lang, text=sentence.text),
            attempt=owed.attempts,
            created_at=owed.told.at,
        )

    def _sentence(self, owed: Owed, lang: str) -> Sentence:
        return alarm_words(owed.told, self._house.policy, self._house.texts, lang, base=self._base)

    async def _sleep(self, due_at: datetime | None) -> None:
        left = LONGEST if due_at is None else min(LONGEST, due_at - self._house.clock.now())
        tick = asyncio.ensure_future(self._house.clock.wait(max(left, timedelta(milliseconds=50))))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((tick, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            changed.cancel()

    def _heard(self, committed: Committed) -> None:
        alarms: Sequence[str] = [one.kind for one in committed.events if one.kind == "alarm"]
        if alarms:
            self._changed.set()
