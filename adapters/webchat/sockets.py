"""The chat over WebSocket: one reader loop a socket, no other task, everything pushed as it is committed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSMsgType, web

from adapters.contract import Context, IdTaken, NotStored, Shown
from adapters.webchat import frames
from adapters.webchat.door import Door
from adapters.webchat.frames import BadMessage, ack_frame, error_frame, read_message, read_object, ready_frame
from adapters.webchat.problems import Problem
from adapters.webchat.session import Session
from adapters.webchat.settings import WebchatSettings
from adapters.webchat.talk import RETRY_NOT_STORED, Talk, TooFast
from adapters.webchat.tokens import BadToken
from adapters.webchat.wire import PING, pong_frame, text_frame
from adapters.webchat.words import language, preferred

GOING_AWAY = 1001
NOT_TEXT = 1003
NO_HELLO = 4000
BAD_TOKEN = 4001
IDLE = 4002
TOO_MANY = 4009
FLOODING = 4029

STRIKES = 60
"""Frames refused in a row before a flooding socket is closed."""

LINGER = 10.0
"""Seconds a closed socket may take to answer before it is dropped."""


class Sockets:
    """All open sockets of the channel."""

    def __init__(self, settings: WebchatSettings, context: Context, door: Door, talk: Talk) -> None:
        self._settings = settings
        self._context = context
        self._door = door
        self._talk = talk
        self._now = context.clock.monotonic
        self._max_text = settings.max_text
        self._max_files = settings.attachments.max_files
        self._all: set[Session] = set()
        self._by_visitor: dict[str, list[Session]] = {}
        self._encoded: tuple[Shown | None, bytes] = (None, b"")
        self._stopping = False
        self._emptied = asyncio.Event()
        self._emptied.set()

    def __len__(self) -> int:
        return len(self._all)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk with one client until either side leaves."""
        if self._stopping:
            raise Problem("stopping", retry_after=RETRY_NOT_STORED)
        if len(self._all) >= self._settings.max_sockets:
            raise Problem("too-many-sockets", retry_after=30)
        socket = web.WebSocketResponse(
            compress=False,
            autoping=False,
            decode_text=False,
            timeout=2,
            max_msg_size=self._settings.max_frame,
        )
        stream = await socket.prepare(request)
        transport = request.transport
        if transport is None:
            return socket
        session = Session(transport, self._now, self._frame_of, self._settings.backlog_frames)
        session.lang = preferred(request.headers.get("Accept-Language", ""))
        session.words = language(session.lang)
        self._all.add(session)
        self._emptied.clear()
        try:
            async for received in socket:
                session.heard_at = self._now()
                session.pinged = False
                if received.type is WSMsgType.TEXT:
                    if session.closed_at is None:
                        session.active_at = session.heard_at
                        await self._hear(session, received.data, stream.drain)
                elif received.type is WSMsgType.PING:
                    session.write(pong_frame(bytes(received.data)))
                elif received.type is WSMsgType.BINARY:
                    session.close(NOT_TEXT, "send text frames")
                elif received.type is WSMsgType.ERROR:
                    break
        finally:
            self._forget(session)
        return socket

    # --- what a client says -----------------------------------------------------------------------

    async def _hear(self, session: Session, payload: bytes, drained: Callable[[], Awaitable[None]]) -> None:
        data: dict[str, Any] = {}
        try:
            data = read_object(payload)
            kind = data.get("type")
            if not session.visitor:
                if kind != "hello":
                    self._refuse(session, "hello-first")
                    session.close(NO_HELLO, "send hello first")
                    return
                await self._hello(session, data, drained)
                return
            self._talk.pace(session.visitor)
            if kind == "message":
                await self._message(session, data)
                session.strikes = 0
            elif kind == "typing":
                self._context.typing(session.visitor)
            elif kind == "ping":
                session.send(frames.PONG)
            else:
                self._refuse(session, "hello-again" if kind == "hello" else "bad-type")
        except BadMessage as error:
            self._refuse(session, error.code, id=data.get("id"), detail=error.detail)
            self._strike(session, NO_HELLO if not session.visitor else FLOODING)
        except TooFast as error:
            self._too_fast(session, data, error.retry_after)

    async def _message(self, session: Session, data: dict[str, Any]) -> None:
        said = read_message(data, self._max_text, self._max_files)
        session.writing_id = said.id
        try:
            accepted = await self._talk.take(session.visitor, said, session.lang)
        except IdTaken:
            self._refuse(session, "id-taken", id=said.id)
        except NotStored:
            self._refuse(session, "not-stored", id=said.id, retry_after=RETRY_NOT_STORED)
        else:
            session.send(ack_frame(said.id, accepted.seq))

    async def _hello(
        self, session: Session, data: dict[str, Any], drained: Callable[[], Awaitable[None]]
    ) -> None:
        token, since, lang = data.get("token"), data.get("since", 0), data.get("lang")
        if not data.keys() <= {"type", "token", "since", "lang"}:
            raise BadMessage("bad-message", "hello has the keys token, since and lang")
        if type(since) is not int or not 0 <= since < 2**53:
            raise BadMessage("bad-since")
        if lang is not None:
            session.lang = preferred(lang) if type(lang) is str else None
            session.words = language(session.lang)
        try:
            visitor = self._door.visitor_of(token if type(token) is str else "")
        except BadToken:
            self._refuse(session, "bad-token")
            session.close(BAD_TOKEN, "this token is not valid")
            return
        self._join(session, visitor)
        await self._replay(session, since, drained)

    def _join(self, session: Session, visitor: str) -> None:
        session.visitor = visitor
        theirs = self._by_visitor.setdefault(visitor, [])
        theirs.append(session)
        while len(theirs) > self._settings.sockets_per_visitor:
            # The oldest goes: most often it is the half-dead one a phone left behind.
            theirs.pop(0).close(TOO_MANY, "this visitor opened newer sockets")
        session.hold()
        session.unsubscribe = self._context.subscribe(visitor, session.push)

    async def _replay(self, session: Session, since: int, drained: Callable[[], Awaitable[None]]) -> None:
        while True:
            page = await self._context.history(session.visitor, since)
            if page.messages:
                session.write(b"".join(text_frame(self._frame_of(it)) for it in page.messages))
                since = page.messages[-1].seq
                await drained()
            if not page.messages or since >= page.last_seq:
                break
        last = session.let_go(since)
        session.send(ready_frame(max(last, page.last_seq)))

    # --- what a client is told --------------------------------------------------------------------

    def _frame_of(self, shown: Shown) -> bytes:
        # The subscribers of a thread are told one after the other: remembering one message is enough.
        known, frame = self._encoded
        if known is not shown:
            frame = frames.message_frame(shown)
            self._encoded = (shown, frame)
        return frame

    def _refuse(
        self,
        session: Session,
        code: str,
        *,
        id: object = None,
        detail: str = "",
        retry_after: int | None = None,
    ) -> None:
        session.send(error_frame(code, session.words, id=id, detail=detail, retry_after=retry_after))

    def _too_fast(self, session: Session, data: dict[str, Any], retry_after: int) -> None:
        if data.get("type") != "typing":
            self._refuse(session, "flood", id=data.get("id"), retry_after=retry_after)
        self._strike(session, FLOODING)

    def _strike(self, session: Session, code: int) -> None:
        session.strikes += 1
        if session.strikes > STRIKES or not session.visitor:
            session.close(code, "too many frames that were refused")

    # --- keeping house ----------------------------------------------------------------------------

    def sweep(self) -> None:
        """Ping the quiet, close the idle and those that never said hello, drop the dead."""
        now = self._now()
        beat = self._settings.heartbeat.total_seconds()
        idle = self._settings.idle.total_seconds()
        hello = self._settings.hello_within.total_seconds()
        for session in tuple(self._all):
            if session.closed_at is not None:
                if now - session.closed_at >= LINGER:
                    session.abort()
            elif not session.visitor:
                if now - session.active_at >= hello:
                    session.close(NO_HELLO, "no hello came")
            elif now - session.active_at >= idle:
                session.close(IDLE, "idle")
            elif now - session.heard_at >= (2 * beat if session.pinged else beat):
                if session.pinged:
                    session.abort()
                else:
                    session.pinged = True
                    session.write(PING)

    def close(self) -> None:
        """Send every client away, to come back when the gateway does; take no new ones."""
        self._stopping = True
        for session in tuple(self._all):
            session.close(GOING_AWAY, "restarting")

    async def emptied(self) -> None:
        """Return once the last client has gone."""
        await self._emptied.wait()

    def abort(self) -> None:
        """Drop whoever has not gone by now."""
        for session in tuple(self._all):
            session.abort()

    def _forget(self, session: Session) -> None:
        session.leave()
        self._all.discard(session)
        if not self._all:
            self._emptied.set()
        theirs = self._by_visitor.get(session.visitor)
        if theirs is not None:
            if session in theirs:
                theirs.remove(session)
            if not theirs:
                del self._by_visitor[session.visitor]
