"""What the house's customer records say about an order, and what a customer claims to know of it.

Plain values: who asks the records is ``gateway.directory``, and what may be shown of them ``domain.actions``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ATTRS = (
    "status",
    "date",
    "carrier",
    "tracking",
    "items",
    "private",
    "amount",
    "name",
    "phone",
    "address",
    "email",
    "contact_changed",
)
"""All that is ever taken out of a record besides the order and the customer; ``private``: items are not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An order on file. ``attrs`` holds the configured ones of ``ATTRS``, none empty, as the records write them."""

    customer_ref: str
    """Whose it is, by the records' own key; equal for all orders of one customer. Never shown to anybody."""
    order_ref: str
    """The order's number as the records write it."""
    attrs: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class NotFound:
    """The records are whole, and there is no such order."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The records could not be asked: nothing is proven by it, and no attempt is counted."""

    because: str = ""
    """For the operator; never anything of a customer's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What somebody says of the recipient of an order; all that is given must be right, and at least one thing."""

    phone_tail: str = field(default="", repr=False)
    """The last four digits of the telephone."""
    name: str = field(default="", repr=False)
    """The recipient's full name."""
    phone: str = field(default="", repr=False)
    """The whole telephone, such as a messenger vouches for."""
    email: str = field(default="", repr=False)
    """The whole address of mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """All that was claimed is so."""

    customer_ref: str
    order_ref: str


@dataclass(frozen=True, slots=True)
class NoMatch:
    """There is no such order, or something claimed is not so; which of them, nobody is told."""


Lookup = Found | NotFound | Unavailable
Comparison = Match | NoMatch | Unavailable
