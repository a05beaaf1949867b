"""What an adapter is: the context it is given, what it may offer, its errors, and the values of ``adapters.values``.

Neither module imports anything of ours, so an adapter can be written and published without the gateway; it needs
this one only.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from aiohttp import web
from pydantic import BaseModel

from adapters.values import (
    SHARE_PHONE,
    Accepted,
    Author,
    AutomaticKind,
    Blob,
    Bounced,
    Capabilities,
    Choice,
    Forwarded,
    History,
    Inbound,
    InboundAttachment,
    InboundKind,
    LiveNotice,
    Meeting,
    Outbound,
    OutboundAttachment,
    Push,
    Receipt,
    Rendered,
    SenderCheck,
    Shown,
    ShownAttachment,
    Vouched,
)

__all__ = [
    "SHARE_PHONE",
    "Accepted",
    "Adapter",
    "AdapterError",
    "AdapterSpec",
    "Author",
    "AutomaticKind",
    "BadCredentials",
    "Blob",
    "Bounced",
    "CanProbe",
    "Capabilities",
    "Choice",
    "Clock",
    "Completes",
    "Context",
    "Forwarded",
    "HasRoutes",
    "History",
    "IdTaken",
    "Inbound",
    "InboundAttachment",
    "InboundKind",
    "LiveNotice",
    "Meeting",
    "NotStored",
    "NotTaken",
    "Outbound",
    "OutboundAttachment",
    "Push",
    "Receipt",
    "Refused",
    "Rendered",
    "Renders",
    "SendFailed",
    "SenderCheck",
    "Shown",
    "ShownAttachment",
    "Unreadable",
    "Vouched",
]


class Clock(Protocol):
    """What time it is, and how to wait: handed in, so that tests own the time."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go backwards, for measuring spans."""
        ...

    async def wait(self, span: timedelta) -> None:
        """Return after ``span``."""
        ...


class Context(Protocol):
    """What the gateway lends to one adapter instance (one configured Channel)."""

    channel: str
    clock: Clock
    public_url: str
    """Where the world reaches this gateway, without a trailing slash; empty when not configured."""
    consent: str
    """The version of the privacy notice one must agree to before writing; empty when none is asked for."""

    async def deliver(self, inbound: Inbound | None, cursor: str | None = None) -> Accepted | None:
        """Store ``inbound`` once, and ``cursor`` with it in the same transaction.

        Only after this returns may the adapter tell its provider "got it". ``None`` stores only the cursor.

        Raises:
            NotStored: nothing was stored; say so to the provider and let it come again.
            IdTaken: the same ``external_id`` was stored before with other content.
        """
        ...

    async def cursor(self) -> str | None:
        """Return the cursor last stored for this channel."""
        ...

    async def known(self, ids: Collection[str]) -> frozenset[str]:
        """Return those of these ``own_id`` values of which the channel has a message stored."""
        ...

    async def recall(self, name: str) -> str | None:
        """Return what was remembered under ``name``, also by an earlier process."""
        ...

    async def remember(self, name: str, value: str) -> None:
        """Keep a few words for the channel beyond its cursor; ``name`` has at most 24 characters."""
        ...

    def progress(self, detail: str = "") -> None:
        """Say that the adapter's loop has come round: what `/readyz` reports as its last progress."""
        ...

    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes, always the same for this channel and purpose, known to nobody else."""
        ...

    def chance(self, nbytes: int) -> bytes:
        """Return fresh random bytes."""
        ...

    async def history(self, thread: str, since: int = 0, limit: int = 200) -> History:
        """Return messages with ``seq > since``, oldest first; an unknown thread is an empty one."""
        ...

    def subscribe(self, thread: str, push: Push) -> Callable[[], None]:
        """Call ``push`` for everything new in ``thread`` until the returned function is called."""
        ...

    def typing(self, thread: str) -> None:
        """Tell agents that the customer is writing; of the moment, never stored."""
        ...

    async def put_blob(self, thread: str, name: str, media_type: str, chunks: AsyncIterator[bytes]) -> str:
        """Store a file for a thread and return its id.

        Raises:
            NotStored: the disk will not have it; it may be sent again.
            NotTaken: a picture that cannot be read, something infected, or too much for one day.
        """
        ...

    async def get_blob(self, thread: str, id: str) -> Blob | None:
        """Return a file of this very thread, or None."""
        ...

    async def vouch(self, thread: str, fresh: str, who: Vouched) -> str | None:
        """Store that a site vouches for who writes on ``thread``; return the thread that is theirs from now on.

        That is ``fresh`` where somebody else was vouched for on ``thread`` before: two people never share one. None:
        the token was shown before, and nothing has changed.

        Raises:
            NotStored: nothing was stored.
        """
        ...

    async def count(self, name: str, amount: int = 1) -> None:
        """Add to the channel's counter ``name`` in the metrics."""
        ...


@runtime_checkable
class Adapter(Protocol):
    """One configured Channel at work. It never sleeps, never retries, never asks the time: it raises."""

    async def run(self) -> None:
        """Fetch from the provider until cancelled; return at once if there is nothing to fetch.

        An error ends the run; the keeper reports it and starts it again after a back-off.
        """
        ...

    async def send(self, outbound: Outbound) -> Receipt:
        """Make one Outbound one provider call.

        Raises:
            SendFailed: not taken; ``maybe_sent`` when silence followed the last byte.
            Refused: the provider will never take it.
            BadCredentials: the operator must act.
        """
        ...

    async def close(self) -> None:
        """Let go of connections; called once, after ``run`` has ended."""
        ...


@runtime_checkable
class HasRoutes(Protocol):
    """An adapter that serves HTTP: webhooks, a public protocol."""

    def routes(self) -> Sequence[web.RouteDef]:
        """Return routes to be mounted at the root of the gateway's web application."""
        ...


@runtime_checkable
class Completes(Protocol):
    """An adapter whose Inbounds need work that must not happen before they are stored."""

    async def complete(self, inbound: Inbound) -> Inbound:
        """Parse raw bytes, fetch files; called after the commit, perhaps more than once.

        Raises:
            Unreadable: it never will be; an agent is shown the raw message.
            SendFailed: try again later.
        """
        ...


@runtime_checkable
class CanProbe(Protocol):
    """An adapter that can say in words whether its provider can be reached."""

    async def probe(self) -> Sequence[str]:
        """Return findings, each a sentence; empty means all is well."""
        ...


@runtime_checkable
class Renders(Protocol):
    """An adapter that can show what it would send, for an editor's preview."""

    def render(self, outbound: Outbound) -> Sequence[Rendered]:
        """Return the pieces in the order in which they would be seen; must not touch the network."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterSpec:
    """What an entry point of group ``gateway.adapters`` must be."""

    kind: str
    settings: type[BaseModel]
    create: Callable[[Any, Context], Adapter]
    """Called with the validated settings and the context; must not touch the network."""
    capabilities: Capabilities
    exclusive: bool = False
    """Whether only one gateway process at a time may run it: a mailbox has one reader."""


class AdapterError(Exception):
    """Root of what adapters and their context raise on purpose; ``str`` of it is for the operator's log."""


class NotStored(AdapterError):
    """The gateway could not store it; nothing may be acknowledged (HTTP 503)."""


class NotTaken(AdapterError):
    """A file that the gateway does not keep, and never will: its sender is told why by ``code``."""

    def __init__(self, code: Literal["picture", "infected", "budget"], message: str) -> None:
        super().__init__(message)
        self.code = code


class IdTaken(AdapterError):
    """The id was used before for other content (HTTP 409)."""


class Unreadable(AdapterError):
    """The message can never be read; the raw form is kept and shown to an agent."""


class SendFailed(AdapterError):
    """Not taken this time; ``retry_after`` is the provider's wish, ``maybe_sent`` marks an unknown fate."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        maybe_sent: bool = False,
        code: str = "",
        channel_wide: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.maybe_sent = maybe_sent
        self.code = code
        """The provider's own word for it: an SMTP code, with RFC 3463's x.y.z behind it where it gave one."""
        self.channel_wide = channel_wide
        """It is not about this message: nothing else on the channel need be tried before ``retry_after``."""


class Refused(SendFailed):
    """The provider will never take this message."""


class BadCredentials(AdapterError):
    """The provider does not accept our credentials: stop, and call the operator."""
