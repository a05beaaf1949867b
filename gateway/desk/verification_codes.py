"""Codes and notices leave for the contact on file: made at the moment of sending, kept as marks only."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from adapters.contract import Adapter, AdapterError, Outbound, Refused, SendFailed
from gateway.desk.verification_looking import way_to
from gateway.domain.claims import phone_of
from gateway.domain.records import Found, Unavailable
from gateway.house import House
from gateway.sms.contract import ShortMessage, Sms, SmsFailed, SmsRefused
from gateway.store import codes
from gateway.store.codes import Due
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST = timedelta(seconds=30)
IN_HAND = timedelta(minutes=1)
AGAIN = timedelta(seconds=10)
TRIES = 3


class Codes:
    """The one task that sends them."""

    def __init__(
        self, house: House, adapters: Mapping[str, Adapter], sms: Sms | None, *, mailbox: str, region: str
    ) -> None:
        self._house, self._adapters, self._sms = house, adapters, sms
        self._mailbox, self._region = mailbox, region
        self._changed = asyncio.Event()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            self._changed.clear()
            next_at = None
            try:
                while await self.send_due():
                    pass
                next_at = await self._house.database.read(codes.next_send)
            except StoreUnavailable as error:
                log.warning("codes.unavailable", error=str(error))
            await self._sleep(next_at)

    async def send_due(self) -> int:
        """Send what is due; return how many that were."""
        now = self._house.clock.now()
        due = await self._house.database.write(partial(codes.take_due, now=now, until=now + IN_HAND))
        for one in due:
            state, again, way = await self._one(one)
            await self._house.database.write(partial(codes.finish, due=one, state=state, again=again))
            self._house.metrics.codes_sent.labels(way, "again" if again else state).inc()
        return len(due)

    async def _one(self, due: Due) -> tuple[str, datetime | None, str]:
        """Return what became of it, when to try again, and by which way it went."""
        house, now = self._house, self._house.clock.now()
        again = now + AGAIN if due.attempts < TRIES and now + AGAIN < due.ends_at else None
        found = await house.directory.find(due.order)
        if isinstance(found, Unavailable):
            return "over", again, "none"
        way = way_to(found, house.policy.verification) if isinstance(found, Found) else None
        if way is None:
            return "over", None, "none"
        code = link = ""
        if due.kind == "code":
            code = f"{int.from_bytes(house.clock.chance(8), 'big') % 1_000_000:06d}"
            link = house.clock.chance(32).hex()
        begin = partial(
            codes.begin,
            due=due,
            way=way[0],
            to=way[1],
            code=code,
            link=link,
            rules=house.policy.verification,
            now=now,
        )
        if not await house.database.write(begin):
            log.warning("codes.too_many", way=way[0])
            return "over", None, way[0]
        try:
            await self._hand_over(due, way, code, link)
        except (SmsRefused, Refused) as error:
            log.error("codes.refused", way=way[0], error=str(error))
            return "over", None, way[0]
        except (SmsFailed, AdapterError) as error:
            log.warning("codes.not_sent", way=way[0], error=str(error))
            maybe = isinstance(error, SmsFailed | SendFailed) and error.maybe_sent
            return ("sent", None, way[0]) if maybe else ("over", again, way[0])
        return "sent", None, way[0]

    async def _hand_over(self, due: Due, way: tuple[str, str], code: str, link: str) -> None:
        texts, rules = self._house.texts, self._house.policy.verification
        house_name = texts.adapt(self._house.policy.house.in_(due.lang), due.lang)
        minutes = round(rules.code_life.total_seconds() / 60)
        if due.kind == "notice":
            text = texts.say("verify.notice", due.lang, house=house_name)
        else:
            text = texts.say("verify.sent", due.lang, house=house_name, code=code, minutes=minutes)
        if way[0] == "sms":
            assert self._sms is not None
            to = phone_of(way[1], self._region)
            if not to:
                raise SmsRefused("the telephone on file is none that can be written to")
            await self._sms.send(ShortMessage(to=to, text=text, code=code, minutes=minutes))
            return
        if link and rules.page:
            url = f"{rules.page}/link/{link}"
            text = f"{text}\n\n{texts.say('verify.sent.link', due.lang, link=url, number=due.number)}"
        await self._adapters[self._mailbox].send(
            Outbound(
                key=f"code{due.id}.{due.attempts}",
                channel=self._mailbox,
                address=way[1],
                thread=f"code-{due.id}",
                text=text,
                lang=due.lang,
                author="system",
                subject=texts.say("verify.subject", due.lang, house=house_name),
                attempt=due.attempts,
                created_at=self._house.clock.now(),
            )
        )

    async def _sleep(self, next_at: datetime | None) -> None:
        left = LONGEST if next_at is None else min(LONGEST, next_at - self._house.clock.now())
        tick = asyncio.ensure_future(self._house.clock.wait(max(left, timedelta(milliseconds=50))))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((tick, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            changed.cancel()

    def _heard(self, committed: Committed) -> None:
        if any(one.kind == "verification" for one in committed.events):
            self._changed.set()
