"""How sure we are who asks, and what that allows: levels L0 to L4, one table, one function. Pure.

Source: docs/howto/customer-directory.md#what-each-level-allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

ChannelKind = Literal["chat", "social", "mail"]
"""How fast an answer is expected: web chat, messengers, mail."""


class Level(StrEnum):
    """How sure we are; they compare by their names."""

    L0 = "L0"
    """Nothing is proven."""
    L1 = "L1"
    """Somebody who knows what is printed on the parcel of one order: no authentication, and read only."""
    L2 = "L2"
    """Whoever reads the contact on file, at this moment."""
    L3 = "L3"
    """Signed in at the site with its own second factor, or two contacts on file."""
    L4 = "L4"
    """Two people of the house are convinced, for one action."""


LEVEL_OF: Mapping[str, Level] = {
    # public
    "ask": Level.L0,
    "open_ticket": Level.L0,
    "leave_message": Level.L0,
    # that one order, nothing its asker did not know
    "order_status": Level.L1,
    "delivery_remark": Level.L1,
    "order_ticket": Level.L1,
    # that customer, masked
    "own_orders": Level.L2,
    "order_details": Level.L2,
    "ticket_history": Level.L2,
    "cancel_order": Level.L2,
    "invoice_title": Level.L2,
    "return_request": Level.L2,
    "delivery_date": Level.L2,
    # what would hurt
    "reveal_own_data": Level.L3,
    "change_address": Level.L3,
    "export_data": Level.L3,
    "erase_data": Level.L3,
    # people only
    "refund_elsewhere": Level.L4,
    "change_phone": Level.L4,
    "change_email": Level.L4,
    "recover_account": Level.L4,
}
"""The least level of each action the house knows of; configuration may ask for more and never for less."""

CHANGES = frozenset({"change_address", "export_data", "erase_data"})
"""Of a proof at L3 these need a fresh one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What has been proven, by whom, and until when: made of a row of ``proof``; the default is nothing at all."""

    level: Level = Level.L0
    conversation: int = 0
    identity: str = ""
    """The channel identity that proved it: who writes there, on that channel."""
    customer: str = ""
    """L2 and more: whose it is, as the directory names them (``customer_ref``)."""
    order: str = ""
    """L1: the one order it is for (``order_ref``)."""
    action: str = ""
    """L4: the one action it is for."""
    granted_at: datetime | None = None
    idle_until: datetime | None = None
    ends_at: datetime | None = None


NOBODY = Standing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants, where, and whose it is; the owner comes from the directory and never from the asker."""

    action: str
    conversation: int
    identity: str
    kind: ChannelKind
    order: str = ""
    customer: str = ""
    """The owner of the order or of the data asked for; empty where nobody is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRules:
    """The policy table: which level each action needs, and how far each kind of channel carries a proof."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    """The house's own actions, and those it asks more for."""
    highest: Mapping[ChannelKind, Level] = field(default_factory=lambda: {"mail": Level.L2})
    """Mail is a postcard: more than this is never shown or done there. Kinds not named carry all."""
    fresh: timedelta = timedelta(minutes=15)
    """So old may a proof at L3 be for what changes something."""

    def level(self, action: str) -> Level:
        """Return what an action needs: never less than the table's, and L4 where nobody ever heard of it."""
        least = LEVEL_OF.get(action)
        chosen = self.levels.get(action, least)
        if chosen is None:
            return Level.L4
        return max(chosen, least) if least is not None else chosen

    def knows(self, action: str) -> bool:
        """Return whether an action is in the table."""
        return action in LEVEL_OF or action in self.levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether it may be done, and what is missing where it may not."""

    allowed: bool
    needs: Level
    has: Level
    because: str


def may(asked: Asked, standing: Standing, rules: IdentityRules, now: datetime) -> Verdict:
    """Decide whether what has been proven is enough for what is asked: here, now, and for whose it is."""
    needs = rules.level(asked.action)
    has, because = _held(asked, standing, rules, now)
    if needs is Level.L0:
        return Verdict(allowed=True, needs=needs, has=has, because=f"{asked.action} is open to everybody")
    allowed = has >= needs
    return Verdict(
        allowed=allowed,
        needs=needs,
        has=has,
        because=f"{asked.action} needs {needs}, proven is {has}" + (f": {because}" if because else ""),
    )


def _held(asked: Asked, standing: Standing, rules: IdentityRules, now: datetime) -> tuple[Level, str]:
    """Return the level that counts for this very question, and why it is less than was once proven."""
    if standing.level is Level.L0:
        return Level.L0, ""
    if (standing.conversation, standing.identity) != (asked.conversation, asked.identity):
        return Level.L0, "it was proven elsewhere"
    if standing.granted_at is None or now < standing.granted_at or not _lasts(standing, now):
        return Level.L0, "the proof has expired"
    level, why = _for_this_owner(asked, standing)
    if level is Level.L4 and standing.action != asked.action:
        level, why = Level.L3, "the confirmation is for another action"
    if level is Level.L3 and asked.action in CHANGES and now - standing.granted_at > rules.fresh:
        level, why = Level.L2, "the proof is not fresh enough for a change"
    highest = rules.highest.get(asked.kind, Level.L4)
    return (level, why) if level <= highest else (highest, f"{asked.kind} carries no more than {highest}")


def _lasts(standing: Standing, now: datetime) -> bool:
    """A proof without an end is none."""
    ends = (standing.idle_until, standing.ends_at)
    return all(end is not None and now < end for end in ends)


def _for_this_owner(asked: Asked, standing: Standing) -> tuple[Level, str]:
    if standing.level is Level.L1:
        same = bool(standing.order) and standing.order == asked.order
        return (Level.L1, "") if same else (Level.L0, "it was proven for another order")
    same = bool(standing.customer) and standing.customer == asked.customer
    return (standing.level, "") if same else (Level.L0, "it was proven by another customer")
