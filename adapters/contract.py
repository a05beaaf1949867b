"""What an adapter is: the values that cross the border, the context it is given, and its errors.

This module imports nothing of ours, so an adapter can be written and published without the gateway.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable

from aiohttp import web
from pydantic import BaseModel

Author = Literal["customer", "bot", "agent", "system"]
InboundKind = Literal["message", "edit", "contact_share", "raw"]


class AutomaticKind(StrEnum):
    """What an inbound message is when no human wrote it (RFC 3834, RFC 3464, RFC 8098, RFC 5965)."""

    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    RECEIPT = "receipt"
    COMPLAINT = "complaint"
    LIST = "list"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundAttachment:
    """A file that came with a message.

    Exactly one of ``content`` (bytes in hand), ``ref`` (the provider's handle, fetched in ``complete``)
    or ``blob`` (id already returned by ``Context.put_blob``) is set; a file that could not be had has
    none of them and says why in ``error``.
    """

    name: str
    media_type: str = "application/octet-stream"
    content: bytes | None = None
    ref: str | None = None
    blob: str | None = None
    size: int | None = None
    inline: bool = False
    error: str | None = None
    content_id: str | None = None
    """How the message's ``html`` names it (``cid:…``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that a message speaks of; ``method`` and ``answer`` are the words of RFC 5546.

    Instants are UTC, None where the message does not say them beyond doubt. Of a whole day only the dates count.
    """

    method: str
    uid: str = ""
    summary: str = ""
    where: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_whole_day: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderCheck:
    """What the receiving server says of the sender's address: ``pass``, ``fail`` or ``none`` (not said)."""

    aligned: Literal["pass", "fail", "none"] = "none"
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message at the border, on its way in.

    ``external_id`` is unique in its channel and the same however often the provider delivers it.
    ``thread`` is the channel's name of the line it belongs to (visitor, chat); None when only its
    content can tell (mail). ``refs`` are ids of earlier messages it refers to, nearest first; an id that
    was made from an ``Outbound.key`` comes back as that key. ``raw`` is kept as it came.
    """

    channel: str
    external_id: str
    address: str = ""
    thread: str | None = None
    kind: InboundKind = "message"
    text: str = ""
    html: str | None = None
    choice: str | None = None
    attachments: tuple[InboundAttachment, ...] = ()
    name: str | None = None
    lang: str | None = None
    sent_at: datetime | None = None
    raw: bytes | None = None
    subject: str | None = None
    full_text: str | None = None
    """The whole body where ``text`` is only the new part of a reply."""
    own_id: str | None = None
    """The provider's public id of this message (a mail's Message-ID, ``<chat>/<message>``)."""
    refs: tuple[str, ...] = ()
    token: str | None = None
    """A thread key taken from a reply token whose signature was right."""
    edits: str | None = None
    """``own_id`` of the earlier message this one replaces."""
    automatic: AutomaticKind | None = None
    may_autorespond: bool = True
    sender: SenderCheck = field(default_factory=SenderCheck)
    recipients: tuple[str, ...] = ()
    phone: str | None = None
    """A phone number the provider itself vouches for (``contact_share``)."""
    bounced: tuple["Bounced", ...] = ()
    defects: tuple[str, ...] = ()
    """What was wrong with it or is missing, each a sentence for an agent."""
    labels: tuple[str, ...] = ()
    """What an agent is to see at a glance: ``encrypted``, ``signed``, ``calendar`` and the like."""
    forwarded_from: tuple[str, str] | None = None
    """Address and name of who wrote the mail that this one forwards, as far as its text tells: no proof of anything."""
    meetings: tuple[Meeting, ...] = ()
    """What it asks, changes or answers in somebody's calendar; nothing is ever accepted by itself."""
    spam: str | None = None
    """Why the receiving server takes it for spam; None if it does not."""
    over_limit: int | None = None
    """The most bytes the channel takes, where it was larger and only its beginning was fetched."""

    def with_(self, **changes: Any) -> "Inbound":
        """Return a copy with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    """One recipient a bounce speaks of; ``status`` is RFC 3463's x.y.z or empty."""

    address: str
    status: str = ""
    hard: bool = False
    detail: str = ""
    copy: int | None = None
    """``Outbound.copy``, where the bounce came back to an address made for that copy alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers offered; ``id`` is what comes back in ``Inbound.choice``."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundAttachment:
    """A file to send; ``read`` gives its bytes."""

    id: str
    name: str
    media_type: str
    size: int
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """A message that is passed on to somebody outside, whole: who wrote it, when, and its text."""

    address: str
    text: str
    name: str | None = None
    subject: str | None = None
    to: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message at the border, on its way out.

    ``key`` is the same on every try and safe as the local part of a Message-ID. ``text`` is Markdown
    (CommonMark). ``replies_to`` are ``own_id`` values of the thread, oldest first, the last one being
    the message answered. ``edits`` is the provider id of our own earlier message to be replaced.
    """

    key: str
    channel: str
    address: str
    thread: str
    text: str
    lang: str = "zh-CN"
    author: Author = "bot"
    agent_name: str | None = None
    agent_number: str | None = None
    automatic: bool = True
    choices: tuple[Choice, ...] = ()
    attachments: tuple[OutboundAttachment, ...] = ()
    subject: str | None = None
    name: str | None = None
    replies_to: tuple[str, ...] = ()
    edits: str | None = None
    ticket: str | None = None
    attempt: int = 1
    created_at: datetime | None = None
    to: tuple[str, ...] = ()
    """Whom all recipients see as addressed; only ``address`` itself if empty. It may be without ``address``."""
    cc: tuple[str, ...] = ()
    """Whom all recipients see as copied in; who got a blind copy stands in neither."""
    copy: int = 0
    """Which of the copies made under this ``key`` it is: one for each recipient, 0 for the first."""
    forwarded: Forwarded | None = None
    """The message that goes below ``text``, to somebody who has not seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The provider's word for having taken a message.

    ``provider_ids`` are its ids as they would appear in a later ``Inbound.refs``; ``refused`` names the
    recipients of a partly delivered message that were refused, with the provider's reason.
    """

    provider_ids: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a kind of channel can do; the gateway composes messages to fit.

    ``served`` channels have clients that fetch their history and are told of new messages; what is
    committed is theirs, and nothing is ever sent by ``Adapter.send``. ``buttons`` is the most that fit
    under one message, 0 for none (choices become a numbered list). ``max_text`` counts characters.
    """

    max_text: int = 4000
    markdown: bool = False
    media: tuple[str, ...] = ()
    max_media_bytes: int = 0
    buttons: int = 0
    edits: bool = False
    receipts: Literal["none", "sent", "delivered", "read"] = "sent"
    served: bool = False
    subject: bool = False
    typing: bool = False
    encrypted: bool = True
    chat_like: bool = True
    """Answers are expected within minutes (messenger) rather than hours (mail)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The gateway's word that an Inbound is stored for good; ``seq`` is its place in the thread, if known."""

    id: int
    seq: int | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAttachment:
    """An attachment as a client sees it."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message as a client of the thread sees it; ``id`` is the client's own id for its messages."""

    seq: int
    id: str
    author: Author
    text: str
    at: datetime
    agent_name: str | None = None
    agent_number: str | None = None
    choices: tuple[Choice, ...] = ()
    attachments: tuple[ShownAttachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A stretch of a thread in order of ``seq``, and the highest ``seq`` the thread has."""

    messages: tuple[Shown, ...]
    last_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveNotice:
    """Something of the moment, never stored: ``typing`` or a changed place in the ``queue``."""

    kind: Literal["typing", "queue", "state"]
    place: int | None = None
    expected_at: datetime | None = None
    agent_name: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One piece of what leaves for one Outbound: HTML, plain text, or JSON for an app; ``buttons`` stand under it."""

    form: Literal["html", "text", "json"]
    content: str
    buttons: tuple[str, ...] = ()


Push = Callable[[Shown | LiveNotice], None]
"""Called on the event loop after a commit; must return at once and never raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A stored file: its description and its bytes in chunks."""

    id: str
    name: str
    media_type: str
    size: int
    chunks: Callable[[], AsyncIterator[bytes]]


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
        """Store a file for a thread and return its id; raises NotStored when the disk will not have it."""
        ...

    async def get_blob(self, thread: str, id: str) -> Blob | None:
        """Return a file of this very thread, or None."""
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
