"""What intake, outbox and desk share: the open database, the rules, the channels, the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo

from adapters.contract import Capabilities
from adapters.outgoing import Outgoing
from gateway.clock import SystemClock
from gateway.directory.contract import Directory, Nowhere
from gateway.domain.emergency import Running
from gateway.domain.notices import Notices
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.wording import Texts
from gateway.library import Library
from gateway.metrics import Metrics
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.feed import Feed
from gateway.triage.shipped import shipped_triager
from gateway.triage.triage import Triager
from gateway.uploads import Uploads

LEASE = timedelta(minutes=2)
"""How long a row is one worker's; longer than any parse, fetch or send may take."""


def kind_of(capabilities: Capabilities | None) -> ChannelKind:
    """Return how fast an answer is expected on a channel; one that is not configured any more is like a messenger."""
    if capabilities is None:
        return "social"
    if capabilities.subject:
        return "mail"
    return "chat" if capabilities.served and capabilities.chat_like else "social"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Built once by ``app``; nothing in it changes but what it holds."""

    database: Database
    feed: Feed
    blobs: Blobs
    policy: Policy
    texts: Texts
    library: Library
    clock: SystemClock
    metrics: Metrics
    capabilities: Mapping[str, Capabilities]
    """By the channel's name."""
    owner: str
    """This process, as leases name it."""
    triager: Triager = field(default_factory=shipped_triager)
    notices: Notices = field(default_factory=Notices)
    emergencies: Running = field(default_factory=Running)
    outgoing: Outgoing = field(default_factory=Outgoing)
    """The one way out over HTTP."""
    directory: Directory = field(default_factory=Nowhere)
    """The customer records; asked outside every transaction."""
    uploads: Uploads = field(default_factory=Uploads)

    @property
    def zone(self) -> tzinfo:
        """The house's own time zone."""
        return self.policy.hours.zone

    def is_served(self, channel: str) -> bool:
        """Whether the channel's clients fetch for themselves; an unknown channel's do not."""
        found = self.capabilities.get(channel)
        return found is not None and found.served

    def kind(self, channel: str) -> ChannelKind:
        """How fast an answer is expected there."""
        return kind_of(self.capabilities.get(channel))

    def siblings(self, channel: str) -> tuple[str, ...]:
        """Return the mailboxes among the channels, if this is one: a mail to two of them is one message."""
        if self.kind(channel) != "mail":
            return ()
        return tuple(name for name in self.capabilities if self.kind(name) == "mail")

    def fresh_key(self) -> str:
        """Return a new id, safe as the local part of a Message-ID."""
        return "g" + self.clock.chance(12).hex()
