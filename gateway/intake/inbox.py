"""receive(): store an Inbound once, however often it is delivered; only then may anybody say "got it"."""

import sqlite3

import structlog
from sqlalchemy.exc import IntegrityError

from adapters.contract import Accepted, IdTaken, Inbound, NotStored
from gateway.house import LEASE, House
from gateway.intake.arrival import make_arrival
from gateway.intake.worker import Worker
from gateway.store import receiving
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.feed import Committed
from gateway.store.readership import is_reader
from gateway.store.receiving import Received

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

REPLACED = "another gateway reads this channel now"


class Inbox:
    """The one door in: used by every adapter's context."""

    def __init__(self, house: House, worker: Worker) -> None:
        self._house = house
        self._worker = worker

    async def receive(
        self, inbound: Inbound, cursor: str | None = None, fence: int | None = None
    ) -> Accepted:
        """Store ``inbound`` and ``cursor`` in one transaction, then hand it to the worker.

        Raises:
            NotStored: nothing was stored, nothing may be acknowledged.
            IdTaken: the id was used before for other content.
        """
        house = self._house
        owner = house.owner if self._worker.has_room else None
        served = house.is_served(inbound.channel)
        try:
            arrival = await make_arrival(house, inbound, cursor)
            now = house.clock.now()
            received = await house.database.write(
                lambda tx: (
                    None
                    if fence is not None and not is_reader(tx, inbound.channel, fence)
                    else receiving.receive(
                        tx,
                        arrival,
                        now=now,
                        zone=house.zone,
                        owner=owner,
                        until=now + LEASE,
                        keep_ref=not served,
                    )
                )
            )
        except StoreUnavailable as error:
            house.metrics.channel_events.labels(inbound.channel, "not_stored").inc()
            log.error("inbox.not_stored", channel=inbound.channel, error=str(error))
            raise NotStored(str(error)) from error
        except (
            IntegrityError,
            sqlite3.IntegrityError,
        ) as error:  # an id that the thread has for somebody else's message
            raise IdTaken(f"id {inbound.own_id} is in use on this thread: send it with a new id") from error
        if received is None:
            raise NotStored(REPLACED)
        if received.id_taken:
            raise IdTaken(
                f"id {inbound.external_id} was used before for other content: send it with a new id"
            )
        if received.duplicate:
            house.metrics.duplicates.labels(inbound.channel).inc()
        else:
            self._announce(arrival.inbound, received)
            if owner:
                self._worker.hand(arrival, received)
        return Accepted(id=received.inbox_id, seq=received.seq, duplicate=received.duplicate)

    async def keep_cursor(self, channel: str, cursor: str, fence: int | None = None) -> None:
        """Store only how far a channel has been read."""
        now = self._house.clock.now()

        def keep(tx: Tx) -> bool:
            if fence is not None and not is_reader(tx, channel, fence):
                return False
            receiving.save_cursor(tx, channel, cursor, now)
            return True

        try:
            is_kept = await self._house.database.write(keep)
        except StoreUnavailable as error:
            raise NotStored(str(error)) from error
        if not is_kept:
            raise NotStored(REPLACED)

    def _announce(self, inbound: Inbound, received: Received) -> None:
        """The contact's other windows, and agents, see the message as soon as it is stored."""
        self._house.metrics.messages_in.labels(inbound.channel).inc()
        if received.snapshot is None or received.shown is None:
            return
        conversation = received.snapshot.conversation
        ticket = received.snapshot.ticket
        self._house.feed.publish(
            Committed(
                channel=inbound.channel,
                thread_id=received.snapshot.thread_id,
                thread_key=received.snapshot.key,
                conversation_id=conversation.id if conversation else 0,
                ticket=ticket.number if ticket else None,
                shown=(received.shown,),
                reasons=("",),
            )
        )
