"""A context in memory: what the gateway lends an adapter, with everything it was told kept for the test to see."""

import asyncio
import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from adapters.contract import (
    Accepted,
    AdapterError,
    Blob,
    Clock,
    History,
    IdTaken,
    Inbound,
    LiveNotice,
    Push,
    Shown,
    ShownAttachment,
    Vouched,
)
from adapters.testing.clock import FakeClock


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """A file put into the context, with the thread it belongs to."""

    thread: str
    name: str
    media_type: str
    content: bytes


class FakeContext:
    """One channel's context, kept in memory.

    ``delivered`` holds what was stored, once each; ``attempts`` every Inbound offered, stored or not;
    ``deliveries`` the pairs that were committed together. Tell it to fail with ``fail_next``, to hold
    every delivery with ``hold`` and ``release``; wait for it with ``stored``. ``say`` writes to a thread
    as the bot or an agent would.
    """

    def __init__(
        self,
        channel: str = "test",
        *,
        clock: Clock | None = None,
        public_url: str = "https://gateway.example",
        cursor: str | None = None,
        consent: str = "",
    ) -> None:
        self.channel = channel
        self.consent = consent
        self.clock: Clock = clock or FakeClock()
        self.public_url = public_url
        self.delivered: list[Inbound] = []
        self.attempts: list[Inbound] = []
        self.deliveries: list[tuple[Inbound | None, str | None]] = []
        self.blobs: dict[str, StoredBlob] = {}
        self.counts: Counter[str] = Counter()
        self.progressed: list[str] = []
        self.typed: list[str] = []
        self.remembered: dict[str, str] = {}
        self.vouched: dict[str, Vouched] = {}
        self.used: set[str] = set()
        self.known_ids: set[str] = set()
        self._cursor = cursor
        self._accepted: dict[str, Accepted] = {}
        self._fates: deque[AdapterError | None] = deque()
        self._threads: defaultdict[str, list[Shown]] = defaultdict(list)
        self._pushes: defaultdict[str, list[Push]] = defaultdict(list)
        self._open = asyncio.Event()
        self._open.set()
        self._changed = asyncio.Condition()
        self._drawn = 0

    # --- what the test does ---------------------------------------------------------------------

    def fail_next(self, error: AdapterError, times: int = 1, *, after: int = 0) -> None:
        """Let ``after`` deliveries (and stored files) pass, then have ``times`` raise ``error`` and store nothing."""
        self._fates.extend([None] * after + [error] * times)

    def hold(self) -> None:
        """Keep every delivery waiting before it is stored, until ``release``."""
        self._open.clear()

    def release(self) -> None:
        """Let held deliveries go on."""
        self._open.set()

    async def stored(self, count: int = 1, *, seconds: float = 10) -> list[Inbound]:
        """Return what was stored, once that is at least ``count`` messages."""
        return await self._until(lambda: len(self.delivered) >= count, seconds)

    async def attempted(self, count: int = 1, *, seconds: float = 10) -> list[Inbound]:
        """Return what was stored, once at least ``count`` deliveries were tried."""
        return await self._until(lambda: len(self.attempts) >= count, seconds)

    async def _until(self, holds: Callable[[], bool], seconds: float) -> list[Inbound]:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(holds)
        return self.delivered

    def say(self, thread: str, text: str, **fields: Any) -> Shown:
        """Add a message by the bot (or ``author=``) to ``thread`` and push it to whoever subscribed."""
        values: dict[str, Any] = {"author": "bot", "id": f"m{self._last_seq(thread) + 1}"} | fields
        shown = Shown(seq=self._last_seq(thread) + 1, text=text, at=self.clock.now(), **values)
        self._threads[thread].append(shown)
        self.notify(thread, shown)
        return shown

    def notify(self, thread: str, it: Shown | LiveNotice) -> None:
        """Push ``it`` to whoever subscribed to ``thread``; nothing is stored."""
        for push in tuple(self._pushes[thread]):
            push(it)

    def subscribers(self, thread: str) -> int:
        """Return how many subscriptions to ``thread`` are alive."""
        return len(self._pushes[thread])

    # --- what the adapter sees (adapters.contract.Context) --------------------------------------

    async def deliver(self, inbound: Inbound | None, cursor: str | None = None) -> Accepted | None:
        """Store once, or raise what the test asked for."""
        if inbound is not None:
            self.attempts.append(inbound)
            await self._tell()
        await self._open.wait()
        self._meet_fate()
        accepted = self._store(inbound) if inbound is not None else None
        if cursor is not None:
            self._cursor = cursor
        self.deliveries.append((inbound, cursor))
        await self._tell()
        return accepted

    def _meet_fate(self) -> None:
        if self._fates and (error := self._fates.popleft()) is not None:
            raise error

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _store(self, inbound: Inbound) -> Accepted:
        known = self._accepted.get(inbound.external_id)
        if known is not None:
            if content(self.delivered[known.id - 1]) != content(inbound):
                raise IdTaken(f"{inbound.external_id} was stored before with other content")
            return replace(known, duplicate=True)
        self.delivered.append(inbound)
        seq = self._show(inbound.thread, inbound) if inbound.thread is not None else None
        accepted = Accepted(id=len(self.delivered), seq=seq)
        self._accepted[inbound.external_id] = accepted
        return accepted

    def _show(self, thread: str, inbound: Inbound) -> int:
        attachments = tuple(
            ShownAttachment(id=it.blob or it.name, name=it.name, media_type=it.media_type, size=it.size or 0)
            for it in inbound.attachments
        )
        own_id = inbound.own_id or inbound.external_id
        text = inbound.text or inbound.choice or ""
        return self.say(thread, text, author="customer", id=own_id, attachments=attachments).seq

    async def cursor(self) -> str | None:
        """Return the cursor last stored."""
        return self._cursor

    async def known(self, ids: Collection[str]) -> frozenset[str]:
        """Return those that the test put into ``known_ids``."""
        return frozenset(self.known_ids & set(ids))

    async def recall(self, name: str) -> str | None:
        """Return what was remembered."""
        return self.remembered.get(name)

    async def remember(self, name: str, value: str) -> None:
        """Keep it, or raise what the test asked for."""
        self.remembered[name] = value

    def progress(self, detail: str = "") -> None:
        """Note that the loop has come round."""
        self.progressed.append(detail)

    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes made from the channel's name and the purpose."""
        return hashlib.sha256(f"{self.channel}/{purpose}".encode()).digest()

    def chance(self, nbytes: int) -> bytes:
        """Return bytes that differ each time, and are the same in each run of a test."""
        self._drawn += 1
        return hashlib.shake_256(f"chance {self._drawn}".encode()).digest(nbytes)

    async def history(self, thread: str, since: int = 0, limit: int = 200) -> History:
        """Return a stretch of what was delivered and said."""
        messages = [shown for shown in self._threads.get(thread, ()) if shown.seq > since]
        return History(messages=tuple(messages[:limit]), last_seq=self._last_seq(thread))

    def _last_seq(self, thread: str) -> int:
        return len(self._threads.get(thread, ()))

    def subscribe(self, thread: str, push: Push) -> Callable[[], None]:
        """Call ``push`` for what is new in ``thread``; unsubscribing twice does no harm."""
        pushes = self._pushes[thread]
        pushes.append(push)

        def unsubscribe() -> None:
            if push in pushes:
                pushes.remove(push)

        return unsubscribe

    def typing(self, thread: str) -> None:
        """Note that the customer is writing."""
        self.typed.append(thread)

    async def put_blob(self, thread: str, name: str, media_type: str, chunks: AsyncIterator[bytes]) -> str:
        """Keep a file, or raise what the test asked for."""
        read = b"".join([chunk async for chunk in chunks])
        self._meet_fate()
        blob = f"blob{len(self.blobs) + 1}"
        self.blobs[blob] = StoredBlob(thread=thread, name=name, media_type=media_type, content=read)
        return blob

    async def get_blob(self, thread: str, id: str) -> Blob | None:
        """Return a file of this very thread, or None."""
        found = self.blobs.get(id)
        if found is None or found.thread != thread:
            return None

        async def chunks() -> AsyncIterator[bytes]:
            yield found.content

        return Blob(
            id=id, name=found.name, media_type=found.media_type, size=len(found.content), chunks=chunks
        )

    async def vouch(self, thread: str, fresh: str, who: Vouched) -> str | None:
        """Keep who was vouched for; a token counts once, and two people never share a thread."""
        if who.jti in self.used:
            return None
        self.used.add(who.jti)
        before = self.vouched.get(thread)
        mine = thread if before is None or before.subject == who.subject else fresh
        self.vouched[mine] = who
        return mine

    async def count(self, name: str, amount: int = 1) -> None:
        """Add to the channel's counter ``name``."""
        self.counts[name] += amount


def content(inbound: Inbound) -> tuple[object, ...]:
    """Return what must be equal for two Inbounds of one id to be the same message."""
    return (inbound.kind, inbound.thread, inbound.text, inbound.choice, inbound.attachments)
