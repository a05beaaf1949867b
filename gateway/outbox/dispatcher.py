"""dispatch(): lease an outbox row, send it, or plan the next try, or park it and tell somebody."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from adapters.contract import (
    Adapter,
    BadCredentials,
    Choice,
    Forwarded,
    Outbound,
    OutboundAttachment,
    Receipt,
    Refused,
    SendFailed,
)
from gateway.domain.notices import Notice
from gateway.errors import Said
from gateway.house import LEASE, House
from gateway.outbox.backoff import Pause, is_hopeless, next_try
from gateway.store import lease
from gateway.store.database import StoreUnavailable
from gateway.store.feed import Committed
from gateway.store.lease import SILENCES, LeasedOutbound
from gateway.store.outcomes import record_outcome

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


AT_ONCE = 8
"""So many sends run side by side on one channel; a thread's messages still go one after the other.

Mail goes one at a time: it shares one connection, and a row that only waits for it would be of unknown fate
after a crash although nothing of it was sent.
"""
TICK = timedelta(seconds=1)


class Dispatcher:
    """Sends what one channel owes, in order within each thread."""

    def __init__(self, house: House, channel: str, adapter: Adapter) -> None:
        self._house = house
        self._channel = channel
        self._adapter = adapter
        self._due = asyncio.Event()
        self._busy: set[int] = set()
        self._at_once = 1 if house.kind(channel) == "mail" else AT_ONCE
        self._stopping = False
        self._pause = Pause()
        house.feed.subscribe(self._heard)

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while not self._stopping:
                self._due.clear()
                taken = await self._take()
                for row in taken:
                    self._busy.add(row.thread_id)
                    tasks.create_task(self.dispatch(row))
                if not taken:
                    await self._sleep()
                while len(self._busy) >= self._at_once:
                    self._due.clear()  # else news that cannot be taken yet would keep this loop spinning
                    await self._sleep()

    async def finish(self) -> None:
        """Take nothing more and wait for the sends in hand."""
        self._stopping = True
        self._due.set()
        while self._busy:
            await self._house.clock.wait(timedelta(milliseconds=20))

    def _heard(self, committed: Committed) -> None:
        if committed.has_outgoing and committed.channel == self._channel:
            self._due.set()

    async def _take(self) -> tuple[LeasedOutbound, ...]:
        house, now = self._house, self._house.clock.now()
        if self._pause.holds(now):
            return ()
        take = partial(
            lease.take_outbound,
            owner=house.owner,
            now=now,
            until=now + LEASE,
            channel=self._channel,
            limit=self._at_once - len(self._busy),
            busy=tuple(self._busy),
        )
        try:
            return tuple(await house.database.write(take))
        except StoreUnavailable as error:
            log.error("outbox.unavailable", channel=self._channel, error=str(error))
            return ()

    async def _sleep(self) -> None:
        """Until something falls due, a send ends, or a second has passed."""
        tick = asyncio.ensure_future(self._house.clock.wait(TICK))
        due = asyncio.ensure_future(self._due.wait())
        try:
            await asyncio.wait((tick, due), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            due.cancel()

    async def dispatch(self, row: LeasedOutbound) -> None:
        """One row, one try; what became of it is written before anything else is sent on its thread."""
        try:
            await self._try(row)
        except Exception:
            log.exception("outbox.failed", key=row.key, channel=self._channel)
        finally:
            self._busy.discard(row.thread_id)
            self._due.set()

    async def _try(self, row: LeasedOutbound) -> None:
        try:
            receipt = await self._adapter.send(await self._outbound(row))
        except Refused as error:
            await self._settle(row, "refused", error=str(error), code=error.code)
        except SendFailed as error:
            await self._again(row, error)
        except BadCredentials as error:
            await self._again(row, SendFailed(str(error), retry_after=timedelta(minutes=5)))
        except Exception as error:
            # Unknown means temporary, and it may have been sent.
            await self._again(row, SendFailed(repr(error), maybe_sent=True))
            raise
        else:
            self._pause = Pause()
            house = self._house
            house.metrics.channel_paused.labels(self._channel).set(0)
            await self._settle(row, "delivered", receipt=receipt)

    async def _again(self, row: LeasedOutbound, error: SendFailed) -> None:
        house = self._house
        now = house.clock.now()
        if error.channel_wide:
            await self._rest(row, error)
        elif error.maybe_sent and row.silences + 1 >= SILENCES:
            await self._settle(
                row, "held", error=f"of unknown fate twice, please check: {error}", code=error.code
            )
        elif is_hopeless(row.created_at, now):
            await self._settle(row, "refused", error=f"given up after four days: {error}", code=error.code)
        else:
            mail = house.kind(self._channel) == "mail"
            wait = next_try(
                row.attempts, mail=mail, jitter=house.clock.fraction(), retry_after=error.retry_after
            )
            state = "unknown" if error.maybe_sent else "due"
            await self._settle(row, state, error=str(error), code=error.code, wait=wait)

    async def _rest(self, row: LeasedOutbound, error: SendFailed) -> None:
        """Leave the whole channel alone for a while; the message waits as long as it takes, and is never dropped."""
        house, now = self._house, self._house.clock.now()
        self._pause = self._pause.longer(now, error.retry_after)
        wait = max((self._pause.until or now) - now, timedelta(seconds=1))
        house.metrics.channel_paused.labels(self._channel).set(wait.total_seconds())
        house.notices.put(self._channel, paused(error, wait, now))
        log.warning("outbox.paused", channel=self._channel, seconds=wait.total_seconds(), error=str(error))
        await self._settle(row, "due", error=str(error), code=error.code, wait=wait)

    async def _settle(
        self,
        row: LeasedOutbound,
        state: str,
        *,
        receipt: Receipt | None = None,
        error: str | None = None,
        code: str = "",
        wait: timedelta | None = None,
    ) -> None:
        """Write it down until the database takes it: a send that is not written down would be sent again."""
        house = self._house
        if state == "due":
            house.metrics.sends_failed.labels(self._channel).inc()
        else:
            house.metrics.messages_out.labels(self._channel, state).inc()
        if error:
            log.warning("outbox.not_delivered", key=row.key, channel=self._channel, state=state, error=error)
        refused = "; ".join(f"{who}: {why}" for who, why in (receipt.refused if receipt else {}).items())
        unit = partial(
            record_outcome,
            leased=row,
            owner=house.owner,
            state=state,
            now=house.clock.now(),
            wait=wait,
            error=error or refused or None,
            code=code,
            provider_ids=receipt.provider_ids if receipt else (),
        )
        while True:
            try:
                committed = await house.database.write(unit)
            except StoreUnavailable:
                await house.clock.wait(TICK)
                continue
            if committed is not None:
                house.feed.publish(committed)
            return

    async def _outbound(self, row: LeasedOutbound) -> Outbound:
        body = row.body
        to: tuple[str, ...] = ()
        if "to" in body:
            to = tuple(body["to"]) if body.get("forwarded") else (row.contact_address, *body["to"])
        return Outbound(
            key=row.key,
            channel=row.channel,
            address=row.address,
            thread=row.thread_key,
            text=body["text"],
            lang=body["lang"],
            author=body["author"],
            automatic=body["automatic"],
            agent_name=body.get("agent_name"),
            agent_number=body.get("agent_number"),
            choices=tuple(Choice(id=one["id"], label=one["label"]) for one in body["choices"]),
            attachments=tuple([await self._file(one) for one in body["attachments"]]),
            subject=row.subject,
            name=row.name,
            replies_to=row.replies_to,
            edits=body.get("edits"),
            ticket=body.get("ticket"),
            attempt=row.attempts,
            created_at=row.created_at,
            to=to,
            cc=tuple(body.get("cc", ())),
            copy=row.copy,
            forwarded=_forwarded(body),
        )

    async def _file(self, listed: Mapping[str, Any]) -> OutboundAttachment:
        digest = await self._house.database.read(partial(lease.blob_of, id=listed["id"]))
        return OutboundAttachment(
            id=listed["id"],
            name=listed["name"],
            media_type=listed["media_type"],
            size=listed["size"],
            read=partial(self._house.blobs.read, digest),
        )


def _forwarded(body: Mapping[str, Any]) -> Forwarded | None:
    shown = body.get("forwarded")
    return Forwarded(**shown | {"at": datetime.fromisoformat(shown["at"])}) if shown else None


def paused(error: SendFailed, wait: timedelta, now: datetime) -> Notice:
    """Return what the desks are told while a channel rests."""
    minutes = max(1, round(wait / timedelta(minutes=1)))
    return Notice(
        found=Said(
            f"服务商要求放慢发送，{minutes} 分钟后继续；待发消息不会丢失。（{error}）",
            f"The provider wants us to send less: sending goes on in {minutes} min, nothing is lost. ({error})",
        ),
        remedy=Said(
            "请按服务商的限额设置 smtp.per_minute 与 smtp.daily_limit，或申请更高限额。",
            "Set smtp.per_minute and smtp.daily_limit to the provider's limits, or ask it for higher ones.",
        ),
        until=now + wait,
    )
