"""Verification: how sure the house is of who asks, by what, for how long; and how often one may try. Pure.

What is asked for here (order number with the telephone's tail or the recipient's name) is printed on the parcel's
label: knowledge, not authentication (ASVS 6.4.2). Hence level L1 reads one order and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.domain.identity import NOBODY, Level, Standing


class Method(StrEnum):
    """What a level was proven by."""

    PHONE = "order_phone"
    NAME = "order_name"
    MAIL_CODE = "mail_code"
    SMS_CODE = "sms_code"
    LINK = "link"
    SHARE = "contact_share"
    MAIL = "mail_reply"
    SITE = "site"
    PEOPLE = "people"


class Kind(StrEnum):
    """What an attempt asks the house to do."""

    CLAIMS = "claims"
    """Compare what was given with an order."""
    SEND = "send"
    """Send a code to the contact on file."""
    CODE = "code"
    """Compare a code with the newest one sent."""
    SHARE = "share"
    """Compare a telephone number that the provider vouches for."""
    SHOW = "show"
    """Nothing is to be proven any more: carry out what was asked."""


class Outcome(StrEnum):
    """How an attempt ended."""

    MATCH = "match"
    MISS = "miss"
    BLOCKED = "blocked"
    """Not even looked up; told apart from a miss in the audit trail only."""
    UNAVAILABLE = "unavailable"
    """The directory did not answer: nothing is verified, and nothing counts as a try."""


class Why(StrEnum):
    """Which limit stands in the way."""

    PAUSED = "paused"
    PERSON = "person"
    ORDER = "order"
    ORDERS = "orders"
    SITE = "site"
    CODE = "code"
    SENDS = "sends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How long a level lasts: while something is said every ``idle``, and never longer than ``most``."""

    idle: timedelta
    most: timedelta


_HALF, _HOUR, _QUARTER = timedelta(minutes=30), timedelta(hours=1), timedelta(minutes=15)
SPANS: Mapping[Level, Span] = {
    Level.L1: Span(idle=_HALF, most=_HOUR),
    Level.L2: Span(idle=_HALF, most=4 * _HOUR),
    Level.L3: Span(idle=_QUARTER, most=_QUARTER),
    Level.L4: Span(idle=_QUARTER, most=_QUARTER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationRules:
    """The house's rules of verification; the defaults are those of docs/howto/verify-customers.md."""

    enabled: bool = False
    """Whether there is a directory to ask: without one a person verifies, as ever."""
    sends_by: tuple[str, ...] = ()
    """How a code is sent to the contact on file, what is preferred first: ``sms``, ``mail``."""
    mail_proves: bool = True
    """Whether who writes from the address on file, with our reply token and an aligned pass, has proven L2."""
    page: str = ""
    """Where the secure page is, as the world reaches it; empty: nowhere."""
    pause_after: int = 3
    pause: timedelta = timedelta(minutes=15)
    person_after: int = 5
    order_misses: int = 5
    order_within: timedelta = timedelta(hours=24)
    orders_each: int = 3
    """So many different orders may one identity name within ``order_within``."""
    site_misses: int = 20
    site_factor: float = 5.0
    site_within: timedelta = timedelta(minutes=10)
    deadline: timedelta = timedelta(milliseconds=800)
    code_life: timedelta = timedelta(minutes=10)
    code_tries: int = 5
    sends_per_hour: int = 3
    sends_per_day: int = 6
    page_life: timedelta = timedelta(minutes=15)
    fresh_contact: timedelta = timedelta(days=7)
    """A contact on file that changed more recently than this proves no more than L1."""
    share_again: timedelta = timedelta(days=90)
    spans: Mapping[Level, Span] = field(default_factory=lambda: SPANS)

    @property
    def sends(self) -> bool:
        """Whether a code can be sent at all."""
        return bool(self.sends_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What the conversation was asked to prove, and what for."""

    step: str = "order"
    """``order``: the order with a detail; ``number``: only the order; ``code``: the six digits."""
    level: Level = Level.L1
    entry: str | None = None
    """The knowledge entry that answers once it is proven."""
    action: str | None = None
    """The action of the configuration that does."""
    order: str | None = None
    """The order number given so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of an attempt, when the time has come to say so."""

    kind: Kind
    outcome: Outcome
    awaited: Awaited
    attempt_id: int
    why: Why | None = None
    standing: Standing = NOBODY
    """What is proven by now."""
    method: Method | None = None
    """What it was proven by, where this attempt did."""
    code_id: int | None = None
    """The code that fitted."""
    misses: int = 0
    """How many this conversation has by now, this one counted."""
    number: str = ""
    """The two digits that the page shows, too."""
    hint: str = ""
    """Where the code went, masked; only for somebody with L1 already."""
    said: str = ""
    """What the action shows, in the customer's language."""
    is_first: bool = False
    """The house has said nothing in this conversation yet."""
    lock_order: bool = False
    """This was the miss that closes L1 for its order: whoever is on file is told."""

    @property
    def level(self) -> Level:
        """The level that holds by now."""
        return self.standing.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What has been tried lately; attempts in hand count as misses until they are settled."""

    misses: int = 0
    """In this conversation."""
    last_miss_at: datetime | None = None
    order_misses: int = 0
    orders: int = 0
    """Different orders this identity named, this one counted."""
    site_misses: int = 0
    site_norm: float = 0.0
    """Misses an hour, usually."""


def stands_in_the_way(tally: Tally, rules: VerificationRules, now: datetime) -> Why | None:
    """Return which limit forbids one more comparison; None where it may be made."""
    if tally.misses >= rules.person_after:
        return Why.PERSON
    last = tally.last_miss_at
    if tally.misses >= rules.pause_after and last is not None and now - last < rules.pause:
        return Why.PAUSED
    if tally.order_misses >= rules.order_misses:
        return Why.ORDER
    if tally.orders > rules.orders_each:
        return Why.ORDERS
    if is_storm(tally, rules):
        return Why.SITE
    return None


def is_storm(tally: Tally, rules: VerificationRules) -> bool:
    """Say whether so many miss in the whole house that somebody must be guessing."""
    return tally.site_misses >= max(rules.site_misses, rules.site_factor * tally.site_norm)


def granted(
    level: Level,
    rules: VerificationRules,
    now: datetime,
    *,
    conversation: int,
    identity: str,
    order: str = "",
    customer: str = "",
    action: str = "",
) -> Standing:
    """Return a level proven just now, with its ends."""
    span = rules.spans[level]
    return Standing(
        level=level,
        conversation=conversation,
        identity=identity,
        customer=customer,
        order=order,
        action=action,
        granted_at=now,
        idle_until=now + span.idle,
        ends_at=now + span.most,
    )


def say_at(reserved_at: datetime, ready_at: datetime, deadline: timedelta) -> datetime:
    """Return when an outcome is said: at the deadline, or at the next multiple of it where looking up took longer.

    The steps keep a slow answer from telling more than that it was slow.
    """
    steps = max(1, -((reserved_at - ready_at) // deadline))
    return reserved_at + steps * deadline
