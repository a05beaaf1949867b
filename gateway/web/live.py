"""Live events for desks: each change is read and encoded once, and handed to everybody who watches.

Who is told what is decided anew each time: a ticket that left somebody's sight is told of no more, and their desk is
to load anew.

A desk has a short queue. One that cannot keep up loses the queue and is told to load anew (``reset``); one that
does not even take that is cut off. Nothing is lost: the audit trail is there to be read from any event on.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from gateway.desk.accounts import Accounts
from gateway.desk.rights import Role, Who, sight_of
from gateway.domain.standing import Standing
from gateway.errors import GatewayError
from gateway.store import visible_live
from gateway.store.accounts import Reach, reaches_of
from gateway.store.database import Database, Tx
from gateway.store.feed import Committed, Feed, Happened
from gateway.store.visible import Face, Sight
from gateway.web.encode import encode, with_html

GATHER = timedelta(milliseconds=20)
PING = timedelta(seconds=15)
MOVES = frozenset(
    {"transferred", "assigned", "suggested", "requeued", "second_line", "corrected", "unmerged"}
)
"""What may take a ticket out of somebody's sight."""
REMEMBERED = 10_000
"""So many tickets' last standing is remembered, to tell whom one went away from."""
GONE_AFTER = timedelta(seconds=60)
"""An agent whose last desk has been gone this long is offline."""
QUEUE = 256
STALLED_PINGS = 4
"""A desk that took nothing for so many pings is dead."""

_END = b""
_PING = b": ping\n\n"
_log = structlog.get_logger(__name__)


class Clock(Protocol):
    """What the hub needs of the clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...

    async def wait(self, span: timedelta) -> None:
        """Return after ``span``."""
        ...


@dataclass(slots=True, kw_only=True, eq=False)
class Watcher:
    """One open stream."""

    who: Who
    sight: Sight
    cut: Callable[[], None]
    """Break the connection, for a client that does not read."""
    frames: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(QUEUE + 2))
    idle_pings: int = 0

    def look_again(self, reaches: Mapping[int, Reach]) -> bool:
        """Take what they see from what holds now, not from when they began to watch; False if that is nothing."""
        reach = reaches.get(self.who.agent_id or 0)
        if reach is not None:
            roles = frozenset(map(Role, reach.roles))
            self.who = replace(
                self.who,
                role=Role(reach.roles[0]),
                roles=roles,
                departments=reach.departments,
                supervises=reach.supervises,
            )
            self.sight = sight_of(self.who)
        return self.sight.tickets and (self.who.agent_id is None or reach is not None)

    @property
    def key(self) -> str:
        """The hash of what opened the door."""
        return self.who.session or self.who.token or ""

    def put(self, frame: bytes, reset: bytes) -> None:
        """Queue a frame; when there is no room left, only ``reset`` stays."""
        if self.frames.qsize() >= QUEUE:
            while not self.frames.empty():
                self.frames.get_nowait()
            frame = reset
        self.frames.put_nowait(frame)

    def end(self) -> None:
        """Let the stream come to its end."""
        while not self.frames.empty():
            self.frames.get_nowait()
        self.frames.put_nowait(_END)


class Hub:
    """Everybody who watches, and the few tasks that serve them all."""

    def __init__(
        self,
        *,
        database: Database,
        feed: Feed,
        clock: Clock,
        accounts: Accounts,
        count: Callable[[int], None] = lambda watching: None,
        channels: Callable[[], list[Face]] = list,
    ) -> None:
        self._database, self._feed, self._clock, self._accounts = database, feed, clock, accounts
        self._count, self._channels = count, channels
        self._told: dict[str, Face] = {}
        self._stood: dict[str, Standing] = {}
        self._watchers: set[Watcher] = set()
        self._pending: list[Happened] = []
        self._wanted = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving: dict[int, asyncio.Task[None]] = {}
        self._leave_feed: Callable[[], None] = lambda: None
        self._last_id = 0
        self._is_closed = False

    async def start(self) -> None:
        """Listen to the feed; agents who were present before a restart get a while to come back."""
        self._leave_feed = self._feed.subscribe(self._heard)
        self._run(self._serve())
        self._run(self._keep_alive())
        self._told = {face["name"]: face for face in self._channels()}
        for agent in await self._accounts.present():
            self._expect_back(agent.id)

    async def close(self) -> None:
        """End every stream and every task."""
        self._is_closed = True
        self._leave_feed()
        for watcher in tuple(self._watchers):
            watcher.end()
        tasks = [*self._tasks, *self._leaving.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def watch(
        self, who: Who, since: int | None, cut: Callable[[], None]
    ) -> AsyncGenerator[bytes, None]:
        """Yield frames from event ``since`` on (None: from now on) until the hub or the session ends."""
        watcher = Watcher(who=who, sight=sight_of(who), cut=cut)
        self._watchers.add(watcher)
        self._came(watcher)
        try:
            yield b"retry: 2000\n\n" + await self._first(watcher.sight, since)
            while not self._is_closed:
                frame = await watcher.frames.get()
                if frame is _END:
                    return
                watcher.idle_pings = 0
                yield frame
        finally:
            self._watchers.discard(watcher)
            self._went(watcher)

    async def _first(self, sight: Sight, since: int | None) -> bytes:
        def unit(tx: Tx) -> bytes:
            last = visible_live.last_event(tx)
            if since is None:
                return f"id: {last}\n\n".encode()
            missed = visible_live.missed_since(tx, since)
            if missed is None:
                return _reset(last)
            if not missed:
                return b": nothing missed\n\n"
            batch = visible_live.batch_of(tx, missed)
            return frames_of(batch.for_sight(sight), batch.last_id)

        return await self._database.read(unit)

    def _heard(self, committed: Committed) -> None:
        if committed.events:
            self._last_id = max(self._last_id, committed.events[-1].id)
            if self._watchers:
                self._pending.extend(committed.events)
                self._wanted.set()

    async def _serve(self) -> None:
        """The one ticker: gather for 20 ms, read once, hand out to each what is theirs."""
        while True:
            await self._wanted.wait()
            await self._clock.wait(GATHER)
            self._wanted.clear()
            pending, self._pending = self._pending, []
            try:
                await self._hand_out(pending)
            except Exception:  # the one ticker outlives any one batch
                # What could not be read now is read by the desks themselves when they load anew.
                _log.exception("live.not_read", events=len(pending))
                for watcher in self._watchers:
                    watcher.put(_reset(self._last_id), _reset(self._last_id))

    async def _hand_out(self, pending: Sequence[Happened]) -> None:
        if not pending or not self._watchers:
            return
        people = {one.who.agent_id for one in self._watchers if one.who.agent_id is not None}
        batch, reaches = await self._database.read(partial(_batch, people, pending))
        reset, frames = _reset(pending[-1].id), dict[Sight, bytes]()
        moved = {one.ticket for one in pending if one.data.get("what") in MOVES}
        for watcher in tuple(self._watchers):
            if not watcher.look_again(reaches):
                watcher.end()
                continue
            sight = watcher.sight
            if sight not in frames:
                frames[sight] = frames_of(batch.for_sight(sight), batch.last_id)
            watcher.put(frames[sight], reset)
            if sight.is_limited and any(
                self._went_out(sight, number, batch, number in moved) for number in batch.standings
            ):
                watcher.put(reset, reset)
        self._stood.update(batch.standings)
        while len(self._stood) > REMEMBERED:
            del self._stood[next(iter(self._stood))]

    def _went_out(self, sight: Sight, number: str, batch: visible_live.Batch, has_moved: bool) -> bool:
        """Whether a ticket was in somebody's sight and is not now; one that moved and was not known may have been."""
        if sight.sees(batch.standings[number]):
            return False
        before = self._stood.get(number)
        return has_moved if before is None else sight.sees(before)

    async def _keep_alive(self) -> None:
        while True:
            await self._clock.wait(PING)
            await self.recheck()
            self._tell_channels()
            for watcher in tuple(self._watchers):
                watcher.idle_pings += 1
                if watcher.idle_pings > STALLED_PINGS:
                    watcher.cut()
                elif watcher.frames.empty():
                    watcher.frames.put_nowait(_PING)

    def _tell_channels(self) -> None:
        """Channels leave no line in the audit trail; a desk that was away asks for their state anyway."""
        now = {face["name"]: face for face in self._channels()}
        changed = [face for name, face in now.items() if _notable(face) != _notable(self._told.get(name))]
        self._told = now
        for face in changed:
            frame = b"event: channel\ndata: %s\n\n" % encode(face)
            for watcher in self._watchers:
                watcher.put(frame, _reset(self._last_id))

    async def recheck(self) -> None:
        """End the streams of everybody whose session or token no longer holds."""
        watchers = tuple(self._watchers)
        if not watchers:
            return
        try:
            valid = await self._accounts.still_valid([one.key for one in watchers])
        except GatewayError as error:
            _log.warning("live.sessions_not_read", error=str(error))
            return
        for watcher in watchers:
            if watcher.key not in valid:
                watcher.end()

    @property
    def is_watched(self) -> bool:
        """Whether any desk is open."""
        return bool(self._watchers)

    def whisper(self, agent_id: int, frame: bytes) -> None:
        """Give one agent's desks something of the moment; a desk that is behind does without."""
        for watcher in self._watchers:
            if (
                watcher.who.agent_id == agent_id
                and watcher.sight.tickets
                and watcher.frames.qsize() < QUEUE // 2
            ):
                watcher.frames.put_nowait(frame)

    def shut_out(self, key: str) -> None:
        """End the streams of a session that was signed out or revoked, at once."""
        for watcher in tuple(self._watchers):
            if watcher.key == key:
                watcher.end()

    def _came(self, watcher: Watcher) -> None:
        self._count(len(self._watchers))
        if watcher.who.agent_id is not None:
            waiting = self._leaving.pop(watcher.who.agent_id, None)
            if waiting is not None:
                waiting.cancel()

    def _went(self, watcher: Watcher) -> None:
        self._count(len(self._watchers))
        agent_id = watcher.who.agent_id
        if agent_id is not None and not self._is_closed:
            self._expect_back(agent_id)

    def _expect_back(self, agent_id: int) -> None:
        if any(one.who.agent_id == agent_id for one in self._watchers) or agent_id in self._leaving:
            return
        task = asyncio.get_running_loop().create_task(self._leave(agent_id))
        self._leaving[agent_id] = task

    async def _leave(self, agent_id: int) -> None:
        await self._clock.wait(GONE_AFTER)
        self._leaving.pop(agent_id, None)
        if any(one.who.agent_id == agent_id for one in self._watchers):
            return
        try:
            await self._accounts.set_state(agent_id, "offline", "the last desk has been gone for a minute")
        except GatewayError as error:
            _log.warning("live.not_set_offline", error=str(error))
            self._expect_back(agent_id)

    def _run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _batch(
    people: Collection[int], pending: Sequence[Happened], tx: Tx
) -> tuple[visible_live.Batch, dict[int, Reach]]:
    return visible_live.batch_of(tx, pending), reaches_of(tx, people)


def frames_of(frames: Sequence[visible_live.Frame], last_id: int) -> bytes:
    """Return news as server-sent events.

    Only the last carries the id: a connection that breaks in the middle then gets all of it again.
    """
    if not frames:
        return f"id: {last_id}\n\n".encode()
    parts = [
        b"event: %s\ndata: %s\n\n" % (one.kind.encode(), encode(shown(one.kind, one.face))) for one in frames
    ]
    parts[-1] = b"id: %d\n" % last_id + parts[-1]
    return b"".join(parts)


def shown(kind: str, face: dict[str, Any]) -> dict[str, Any]:
    """Return a frame's data with the message's words made ready to be shown."""
    return face | {"message": with_html(face["message"])} if kind == "message" else face


def _notable(face: Face | None) -> tuple[object, ...]:
    """What of a channel is news; that its loop came round again is not."""
    return () if face is None else (face["state"], face["detail"])


def _reset(last_id: int) -> bytes:
    return b"id: %d\nevent: reset\ndata: {}\n\n" % last_id
