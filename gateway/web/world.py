"""What the web server is given: values and ports, no module of its own making."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal, Protocol

from aiohttp import web

from adapters.contract import Outbound, Rendered
from adapters.outgoing import Outgoing
from adapters.text import to_plain, with_choices
from gateway.desk.accounts import Accounts
from gateway.desk.accounts_staff import Staff
from gateway.desk.factors import Factors
from gateway.desk.files import Files
from gateway.desk.invitations import Invitations
from gateway.desk.logging_calls import CallLog
from gateway.desk.oidc import SignOn
from gateway.desk.post import NoPost, Post
from gateway.desk.reveal import Reveals
from gateway.desk.senders import Senders
from gateway.desk.tickets import Desk
from gateway.directory.contract import Directory, Nowhere
from gateway.domain.account_rules import AccountRules
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.wording import Texts
from gateway.editing.workshop import Workshop
from gateway.library import Library
from gateway.metrics import Metrics
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.feed import Feed
from gateway.triage.shipped import shipped_triager
from gateway.triage.triage import Triager
from gateway.uploads import Uploads
from gateway.web.denials import Denials
from gateway.web.limits import Limits, Paces
from gateway.web.live import Hub
from gateway.web.published import Published
from gateway.web.statics import Statics
from gateway.web.typing import Typing

STATIC = Path(__file__).parent / "static"


class Clock(Protocol):
    """What the web server needs of the clock."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    async def wait(self, span: timedelta) -> None:
        """Return after ``span``."""
        ...

    def chance(self, nbytes: int) -> bytes:
        """Return bytes that nobody can guess."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How one channel is, as the keeper of its adapter knows it."""

    name: str
    kind: str
    state: Literal["up", "down", "starting", "bad_credentials"]
    detail: str | None = None
    remedy: str | None = None
    progress_at: datetime | None = None

    def face(self) -> dict[str, Any]:
        """Return it as it is sent."""
        return {
            "name": self.name,
            "kind": self.kind,
            "state": self.state,
            "detail": self.detail or None,
            "remedy": self.remedy,
            "progress_at": self.progress_at,
        }


def as_text(channel: str, outbound: Outbound) -> Sequence[Rendered]:
    """Return a message as plain text: for channels that do not say how they would show it."""
    content = with_choices(to_plain(outbound.text), outbound.choices)
    return (Rendered(form="text", content=content),)


def _nobody_types(channel: str, thread: str, agent_name: str) -> None:
    """For a gateway without channels that can show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything outside the web server that it may touch."""

    database: Database
    feed: Feed
    blobs: Blobs
    policy: Policy
    texts: Texts
    library: Library
    clock: Clock
    metrics: Metrics
    version: str
    channels: Callable[[], Sequence[ChannelState]]
    is_served: Callable[[str], bool]
    """Whether a channel's clients fetch for themselves."""
    kind: Callable[[str], ChannelKind]
    """How fast an answer is expected on a channel."""
    tell_typing: Callable[[str, str, str], None] = _nobody_types
    """Called with channel, thread key and the agent's name while an agent writes."""
    render: Callable[[str, Outbound], Sequence[Rendered]] = as_text
    """What would leave on a channel for a message, as its adapter makes it."""
    triager: Triager = field(default_factory=shipped_triager)
    uploads: Uploads = field(default_factory=Uploads)
    directory: Directory = field(default_factory=Nowhere)
    """The customer records, as an agent may ask them."""
    limits: Limits = field(default_factory=Limits)
    accounts: AccountRules = field(default_factory=AccountRules)
    outgoing: Outgoing = field(default_factory=Outgoing)
    post: Post = field(default_factory=NoPost)
    """Who carries letters to the people of the house."""
    public_url: str = ""
    local_url: str = ""
    """Where this machine finds us: what links begin with while there is no public address."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    static: Path = field(default=STATIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What handlers share; built once by ``server.build_app``."""

    world: World
    accounts: Accounts
    factors: Factors
    invitations: Invitations
    staff: Staff
    sign_on: SignOn
    desk: Desk
    calls: CallLog
    files: Files
    senders: Senders
    reveals: Reveals
    workshop: Workshop
    hub: Hub
    typing: Typing
    statics: Statics
    paces: Paces
    published: Published
    denials: Denials


PARTS = web.AppKey("parts", Parts)
REQUEST_ID = web.RequestKey("request_id", str)
WHO = web.RequestKey("who", str)
"""Who asked, for the log: an agent's number or a token's name."""
