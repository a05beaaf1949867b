"""Erase people, and let go of what is over its time: what was begun is finished, however often the house falls."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from gateway.store import erasure, tombstones
from gateway.store.audit_key import key_of, newest_key
from gateway.store.blobs import Blobs
from gateway.store.database import Database, Tx
from gateway.store.doomed import remove_doomed
from gateway.store.erasure import Erasing
from gateway.store.feed import Committed, Feed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Clock(Protocol):
    """What this needs of the clock."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...

    async def wait(self, span: timedelta) -> None:
        """Return after ``span``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """What erasing needs, whether a gateway runs or not."""

    database: Database
    blobs: Blobs
    clock: Clock
    folder: Path
    """The data folder: tombstones are kept there, outside the database."""
    is_served: Callable[[str], bool]
    feed: Feed | None = None

    async def erase(
        self,
        number: str,
        *,
        by: str,
        approved_by: str | None = None,
        ticket_id: int | None = None,
        allowed: Callable[[Tx], str | None] | None = None,
    ) -> Erasing:
        """Erase everything of a contact up to now; may be asked again, and finishes what was begun.

        ``allowed`` is called in the transaction that begins it: it raises, or returns who approved.

        Raises:
            NotFound: there is no such contact.
            OnHold: a legal hold stands.
        """
        now = self.clock.now()

        def begin(tx: Tx) -> Erasing:
            agreed = allowed(tx) if allowed is not None else approved_by
            return erasure.begin(tx, number, by=by, approved_by=agreed, ticket_id=ticket_id, now=now)

        one = await self.database.write(begin)
        await self.finish(one)
        return one

    async def resume(self) -> int:
        """Finish what was begun before a crash; return how many people."""
        left = await self.database.read(erasure.running)
        for one in left:
            await self.finish(one)
        return len(left)

    async def repeat(self) -> int:
        """Erase again whom a restored backup brought back; return how many people.

        A legal hold put since does not stop it: what was erased lawfully stays erased.
        """
        stones = await asyncio.to_thread(tombstones.read, self.folder)

        def brought_back(tx: Tx) -> list[tuple[str, datetime]]:
            ours = [(one.number, one.upto) for one in stones if one.holds(partial(key_of, tx))]
            return erasure.to_be_erased_again(tx, ours)

        again = await self.database.read(brought_back)
        for number, upto in again:
            begin = partial(
                erasure.begin,
                number=number,
                by="tombstone",
                now=self.clock.now(),
                upto=upto,
                despite_hold=True,
            )
            await self.finish(await self.database.write(begin))
        return len(again)

    async def finish(self, one: Erasing) -> None:
        """Carry an erasure to its end."""
        kid, key = await self.database.read(newest_key)
        await asyncio.to_thread(tombstones.set_up, self.folder, one.number, one.upto, kid, key)
        now = self.clock.now()
        await self.database.write(lambda tx: erasure.erase_keys_and_names(tx, one, self.is_served, now))
        while await self.database.write(lambda tx: erasure.erase_words(tx, one, self.clock.now())):
            pass
        happened = await self.database.write(lambda tx: erasure.finish(tx, one, self.clock.now()))
        await remove_doomed(self.database, self.blobs)
        await self.database.leave_nothing()
        if self.feed is not None:
            self.feed.publish(Committed(events=(happened,)))
        log.info("person.erased", contact=one.number)
