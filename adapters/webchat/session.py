"""One open socket, kept small: thousands of them are idle at any time."""

from asyncio import BaseTransport, WriteTransport
from collections.abc import Callable
from typing import cast

from adapters.contract import LiveNotice, Shown
from adapters.webchat.frames import notice_frame
from adapters.webchat.wire import close_frame, text_frame
from adapters.webchat.words import Language

MAX_BACKLOG = 1024 * 1024
"""Bytes that may wait for a slow reader, however few frames they are."""

SLOW_READER = 4008


class Session:
    """What is known of one socket, and the writing to it.

    Frames go straight to the transport, which keeps what the peer does not read; that backlog is the
    bounded queue, so no socket needs a task or a list of its own. ``visitor`` is empty until hello.
    """

    __slots__ = (
        "_backlog",
        "_encode",
        "_frames_waiting",
        "_held",
        "_now",
        "_transport",
        "active_at",
        "closed_at",
        "heard_at",
        "lang",
        "pinged",
        "strikes",
        "unsubscribe",
        "visitor",
        "words",
        "writing_id",
    )

    def __init__(
        self,
        transport: BaseTransport,
        now: Callable[[], float],
        encode: Callable[[Shown], bytes],
        backlog: int,
    ) -> None:
        # uvloop's transports are WriteTransports in all but name.
        self._transport = cast("WriteTransport", transport)
        self._now = now
        self._encode = encode
        self._backlog = backlog
        self._frames_waiting = 0
        self._held: list[Shown] | None = None
        self.visitor = ""
        self.lang: str | None = None
        self.words: Language = "zh-CN"
        self.writing_id = ""
        self.heard_at = self.active_at = now()
        self.closed_at: float | None = None
        self.pinged = False
        self.strikes = 0
        self.unsubscribe: Callable[[], None] | None = None

    def send(self, payload: bytes) -> None:
        """Send one JSON text frame; see `write`."""
        self.write(text_frame(payload))

    def write(self, frames: bytes) -> None:
        """Write ready-made frames; a peer that has not read for too long is closed instead."""
        transport = self._transport
        if self.closed_at is not None or transport.is_closing():
            return
        waiting = transport.get_write_buffer_size()
        if waiting == 0:
            self._frames_waiting = 0
        else:
            self._frames_waiting += 1
            if self._frames_waiting > self._backlog or waiting > MAX_BACKLOG:
                self.close(SLOW_READER, "you read too slowly: connect again and say since")
                return
        transport.write(frames)

    def push(self, it: Shown | LiveNotice) -> None:
        """Send something new of the thread; while history is being replayed, keep it for after."""
        if isinstance(it, LiveNotice):
            self.send(notice_frame(it))
        elif self._held is not None:
            self._held.append(it)
        elif it.author != "customer" or it.id.rpartition(":")[2] != self.writing_id:
            # A socket's own message is not sent back to it: the ack says it all.
            self.send(self._encode(it))

    def hold(self) -> None:
        """Keep what is pushed until `let_go`."""
        self._held = []

    def let_go(self, since: int) -> int:
        """Send what was kept and is later than ``since``; return the last ``seq`` sent."""
        held, self._held = self._held or [], None
        for it in held:
            if it.seq > since:
                self.send(self._encode(it))
                since = it.seq
        return since

    def close(self, code: int, reason: str) -> None:
        """Say goodbye and send nothing more; the peer's answer, or `abort`, ends the socket."""
        if self.closed_at is None:
            self.closed_at = self._now()
            if not self._transport.is_closing():
                self._transport.write(close_frame(code, reason))
        self.leave()

    def leave(self) -> None:
        """Stop being told of the thread."""
        if self.unsubscribe is not None:
            self.unsubscribe()
            self.unsubscribe = None

    def abort(self) -> None:
        """Drop the connection and whatever was still to be written."""
        self._transport.abort()
