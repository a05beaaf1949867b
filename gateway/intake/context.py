"""What one adapter instance is lent: its own door in, its history, its clients' live line, its secrets."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from functools import partial

from sqlalchemy import insert

from adapters.contract import (
    Accepted,
    Blob,
    Clock,
    History,
    Inbound,
    LiveNotice,
    NotStored,
    Push,
    Shown,
    Vouched,
)
from gateway.house import House
from gateway.intake.inbox import Inbox
from gateway.store import file_cells, keys, receiving
from gateway.store import tables as t
from gateway.store.attachments import used_by_visitor
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.feed import Committed
from gateway.store.history import read_file, read_history
from gateway.store.vouching import vouch

LONGEST_NAME = 24
"""With a channel's name (32) and a colon it fits the cursor's key."""
OnProgress = Callable[[str], None]
OnTyping = Callable[[str, str], None]


class Live:
    """Who listens to which thread in this process."""

    def __init__(self, house: House) -> None:
        self._pushes: dict[tuple[str, str], list[Push]] = {}
        self._places: dict[tuple[str, str], LiveNotice] = {}
        """The last queue place told to those who still wait: a client that comes back hears it at once."""
        house.feed.subscribe(self._heard)

    def subscribe(self, channel: str, thread: str, push: Push) -> Callable[[], None]:
        """Call ``push`` for everything new in the thread, until the returned function is called."""
        listeners = self._pushes.setdefault((channel, thread), [])
        listeners.append(push)
        place = self._places.get((channel, thread))
        if place is not None:
            push(place)

        def leave() -> None:
            if push in listeners:
                listeners.remove(push)
            if not listeners:
                self._pushes.pop((channel, thread), None)

        return leave

    def listeners(self, channel: str) -> int:
        """Return how many clients of a channel listen just now."""
        return sum(len(pushes) for (name, _), pushes in self._pushes.items() if name == channel)

    def tell(self, channel: str, thread: str, what: Shown | LiveNotice) -> None:
        """Push one thing to those who listen to the thread."""
        if isinstance(what, LiveNotice) and what.kind == "queue":
            self._places[channel, thread] = what
        for push in tuple(self._pushes.get((channel, thread), ())):
            push(what)

    def _heard(self, committed: Committed) -> None:
        if committed.queue_delta < 0:
            self._places.pop((committed.channel, committed.thread_key), None)
        listeners = self._pushes.get((committed.channel, committed.thread_key))
        if not listeners:
            return
        for shown in committed.shown:
            for push in tuple(listeners):
                push(shown)
        if committed.state is not None:
            for push in tuple(listeners):
                push(LiveNotice(kind="state", state=committed.state))


class ChannelContext:
    """One Channel's context, as ``adapters.contract.Context`` describes it."""

    def __init__(
        self,
        channel: str,
        house: House,
        inbox: Inbox,
        live: Live,
        *,
        root_secret: bytes,
        public_url: str,
        consent: str = "",
        on_progress: OnProgress,
        on_typing: OnTyping,
    ) -> None:
        self.channel = channel
        self.clock: Clock = house.clock
        self.public_url = public_url
        self.consent = consent
        self._house = house
        self._inbox = inbox
        self._live = live
        self._root = root_secret
        self._secrets: dict[str, bytes] = {}
        self._fence: int | None = None
        self._on_progress = on_progress
        self._on_typing = on_typing

    def read_under(self, number: int) -> None:
        """Store from now on only while the readership of the channel has this number."""
        self._fence = number

    async def deliver(self, inbound: Inbound | None, cursor: str | None = None) -> Accepted | None:
        """Store it once; see the contract."""
        if inbound is not None:
            return await self._inbox.receive(inbound, cursor, self._fence)
        if cursor is not None:
            await self._inbox.keep_cursor(self.channel, cursor, self._fence)
        return None

    async def cursor(self) -> str | None:
        """Return the cursor last stored."""
        return await self._house.database.read(partial(receiving.read_cursor, channel=self.channel))

    async def known(self, ids: Collection[str]) -> frozenset[str]:
        """Return which of these messages are stored."""
        return await self._house.database.read(
            partial(receiving.read_known, channel=self.channel, ids=tuple(ids))
        )

    async def recall(self, name: str) -> str | None:
        """Return what was remembered; it lies beside the cursor."""
        return await self._house.database.read(partial(receiving.read_cursor, channel=self._drawer(name)))

    async def remember(self, name: str, value: str) -> None:
        """Keep it."""
        await self._inbox.keep_cursor(self._drawer(name), value)

    def _drawer(self, name: str) -> str:
        if len(name) > LONGEST_NAME:
            raise ValueError(f"{name!r} is too long a name to remember something by")
        return f"{self.channel}:{name}"

    def progress(self, detail: str = "") -> None:
        """The adapter's loop has come round."""
        self._on_progress(detail)

    def secret(self, purpose: str) -> bytes:
        """Derive a key from the gateway's root secret; kept, because each mail asks for two."""
        found = self._secrets.get(purpose)
        if found is None:
            found = hmac.digest(self._root, f"{self.channel}\x00{purpose}".encode(), hashlib.sha256)
            self._secrets[purpose] = found
        return found

    def chance(self, nbytes: int) -> bytes:
        """Return fresh random bytes."""
        return self._house.clock.chance(nbytes)

    async def history(self, thread: str, since: int = 0, limit: int = 200) -> History:
        """Return a stretch of the thread."""
        try:
            return await self._house.database.read(
                lambda tx: read_history(tx, self.channel, thread, since, limit)
            )
        except StoreUnavailable as error:
            raise NotStored(str(error)) from error

    def subscribe(self, thread: str, push: Push) -> Callable[[], None]:
        """Listen to the thread."""
        return self._live.subscribe(self.channel, thread, push)

    def typing(self, thread: str) -> None:
        """Tell agents that the customer is writing."""
        self._on_typing(self.channel, thread)

    async def put_blob(self, thread: str, name: str, media_type: str, chunks: AsyncIterator[bytes]) -> str:
        """Store a file for the thread."""
        house = self._house
        file_id = house.clock.chance(16).hex()
        try:
            at: datetime = house.clock.now()
            used = await house.database.read(lambda tx: used_by_visitor(tx, self.channel, thread, at))
            passing = house.uploads.passing(chunks, media_type, used)
            digest, size = await house.blobs.put_chunks(passing.run())
            row = {"id": file_id, "media_type": media_type, "size": size, "scanned": passing.is_scanned}
            home = {"channel": self.channel, "thread_key": thread, "at": at}

            def keep(tx: Tx) -> None:
                named = file_cells.sealed(keys.for_arrival(tx), file_id, name, digest)
                tx.execute(insert(t.attachment).values(row | home | named))

            await house.database.write(keep)
        except StoreUnavailable as error:
            raise NotStored(str(error)) from error
        return file_id

    async def get_blob(self, thread: str, id: str) -> Blob | None:
        """Return a file of this very thread."""
        row = await self._house.database.read(lambda tx: read_file(tx, self.channel, thread, id))
        if row is None:
            return None
        digest = row["blob"]
        return Blob(
            id=id,
            name=row["name"],
            media_type=row["media_type"],
            size=row["size"],
            chunks=lambda: self._house.blobs.chunks(digest),
        )

    async def vouch(self, thread: str, fresh: str, who: Vouched) -> str | None:
        """Store whom the site vouches for; see the contract."""
        rules, now = self._house.policy.verification, self._house.clock.now()
        try:
            return await self._house.database.write(
                partial(
                    vouch, channel=self.channel, thread=thread, fresh=fresh, who=who, rules=rules, now=now
                )
            )
        except StoreUnavailable as error:
            raise NotStored(str(error)) from error

    async def count(self, name: str, amount: int = 1) -> None:
        """Add to a counter of this channel."""
        self._house.metrics.channel_events.labels(self.channel, name).inc(amount)
