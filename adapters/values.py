"""The values that cross the border between an adapter and the gateway; they know neither."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

SHARE_PHONE = "verify:share"
"""The id of the choice that shares the customer's own telephone."""

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
    consent: str | None = None
    """The version of the privacy notice that the customer agreed to before writing; None where none was asked for."""
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
    shares_phone: bool = False
    """It can ask for the customer's own telephone, vouched for: by a choice with the id ``SHARE_PHONE``."""
    chat_like: bool = True
    """Answers are expected within minutes (messenger) rather than hours (mail)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who a site says its visitor is, by a token whose signature, times and audience were right."""

    subject: str
    """The customer, as the house's records name them."""
    jti: str
    """The token's own id: it counts once."""
    expires_at: datetime
    signed_in_at: datetime | None = None
    """When they last proved it to the site, if the site says so."""


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
