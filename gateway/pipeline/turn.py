"""All that a step may know about one inbound message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from adapters.contract import Capabilities, Inbound
from gateway.domain.calendar import is_open
from gateway.domain.contact import Contact
from gateway.domain.conversation import Conversation
from gateway.domain.emergency import Emergency
from gateway.domain.identity import NOBODY, Standing
from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.routing_rules import LAST_RANK
from gateway.domain.ticket import Ticket
from gateway.domain.verification import Awaited, Checked
from gateway.domain.verification_claims import Given
from gateway.domain.wording import Texts
from gateway.triage.shipped import shipped_triager
from gateway.triage.triage import Triager
from knowledge.entry import KnowledgeEntry
from knowledge.match import Outcome


class Knows(Protocol):
    """The knowledge base, as a step sees it."""

    def match(
        self, text: str, *, lang: str | None = None, topic: str | None = None, channel: str | None = None
    ) -> Outcome:
        """Return what the house knows about ``text``."""
        ...

    def entry(self, id: str) -> KnowledgeEntry:
        """Return an entry by its id; KeyError if there is none (any more)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How busy the people are: what a computed waiting time is made of."""

    online: int = 0
    waiting: int = 0
    """Customers in the queue before this one."""
    ranked: Mapping[int, int] = field(default_factory=dict)
    """How many of them are there by a rank that is taken before others (``Dispatch.rank``)."""
    staff: int = 1
    """How many people the house has in all."""
    next_person: datetime | None = None
    """Where nobody is online: when somebody is next due to work by hours of their own, or said to be back."""
    handling: timedelta
    """Median time a person needed for each of the last 50."""

    def ahead_of(self, rank: int) -> int:
        """Return how many are taken before somebody who joins the queue with this rank."""
        if rank >= LAST_RANK:
            return self.waiting
        return min(self.waiting, sum(count for lane, count in self.ranked.items() if lane <= rank))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One inbound message and everything a step needs to decide about it."""

    inbound: Inbound
    now: datetime
    kind: ChannelKind
    capabilities: Capabilities
    contact: Contact
    conversation: Conversation | None
    """The thread's latest Conversation, perhaps closed."""
    ticket: Ticket | None
    """That Conversation's ticket."""
    load: Load
    policy: Policy
    texts: Texts
    knowledge: Knows
    blocked: str | None = None
    """The pattern on the list of blocked senders that fits this one."""
    no_mail: str | None = None
    """Why nothing is mailed to this contact unless an agent insists; None if that is not so."""
    automatic_sent: tuple[int, ...] = ()
    """Automatic messages to this sender within each of the policy's ``automatic_mail`` limits."""
    rules: str = ""
    """The version of the rules in force."""
    emergencies: tuple[Emergency, ...] = ()
    """Those that run."""
    concerned: frozenset[int] = frozenset()
    """Of which this conversation was told."""
    triager: Triager = field(default_factory=shipped_triager)
    """Says what a first message is about."""
    standing: Standing = NOBODY
    """What is proven of who writes here, and still holds."""
    awaited: Awaited | None = None
    """What the contact was asked to prove."""
    given: Given | None = None
    """What the message gives for a check; ``inbound.text`` is without it."""
    page_ticket: str = ""
    """Fresh, for the secure page of this conversation; empty where there is none."""
    checked: Checked | None = None
    """What became of an attempt: only where the house speaks of it, and nobody wrote."""
    stopped: str | None = None
    """Why automatic mail to the sender's domain, or to everybody, is stopped now."""

    @property
    def question(self) -> str:
        """The text to decide on: without what it gives for a check, and without stars, which would match anything."""
        return self.given.question if self.given is not None and self.given.is_secret else self.inbound.text

    @property
    def is_open(self) -> bool:
        """Whether people are at work now."""
        return is_open(self.now, self.policy.hours)

    @property
    def today(self) -> date:
        """The day it is where the house is."""
        return self.now.astimezone(self.policy.hours.zone).date()

    def say(self, key: str, lang: str, /, **gaps: object) -> str:
        """Return a sentence of the catalogue."""
        return self.texts.say(key, lang, **gaps)

    def clock_time(self, at: datetime, lang: str) -> str:
        """Return ``at`` as the house's customers say it."""
        return self.texts.time(at, self.now, self.policy.hours.zone, lang)
