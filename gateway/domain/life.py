"""The house rules of a ticket's life as plain values: closing, complaints, tags, what agents log (rulebook L1-L6, S5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

DAY = timedelta(days=1)
YEAR = 365 * DAY
FOLLOW_CLOSELY = "重点跟进"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """A tag given by itself when all that is named here holds (S5); what is None or empty asks nothing."""

    tag: str
    on: Literal["contact", "ticket"] = "contact"
    complaints_at_least: int | None = None
    within: timedelta = YEAR
    """How far back complaints are counted."""
    reopens_at_least: int | None = None
    amount_at_least: Decimal | None = None
    """In any currency: a customer who speaks of so much money is to be seen."""
    products: tuple[str, ...] = ()
    """Any of these is named in the message."""
    words: tuple[str, ...] = ()
    """Any of these is said in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a house may choose about its tickets' lives; ``Policy`` holds one."""

    close_after: timedelta = 3 * DAY
    """A resolved ticket nobody wrote on is closed after this."""
    close_notice: timedelta | None = DAY
    """So long before closing the contact is told, once; None for never."""
    complaint_required: tuple[str, ...] = ()
    """Fields of the complaint's record (L6) without which it cannot be resolved."""
    tag_rules: tuple[TagRule, ...] = (TagRule(tag=FOLLOW_CLOSELY, complaints_at_least=3),)
    logged: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "phone": {"zh-CN": "电话", "en": "Phone"},
                "walk_in": {"zh-CN": "到店", "en": "Walk-in"},
                "sms": {"zh-CN": "短信", "en": "SMS"},
            }
        )
    )
    """Channels that no adapter reads: agents write down what came in there (I1), each with labels by language."""
    merge_notice: bool = False
    """Whether a contact is told that two of their tickets became one."""
