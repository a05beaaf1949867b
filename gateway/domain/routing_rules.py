"""The house's rules for who gets which ticket, and in what order customers are taken (rulebook T5, T6)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Mode = Literal["queue", "offer", "assign"]
"""``queue``: agents take what they like; ``offer``: one is suggested; ``assign``: one gets it at once."""
Lane = Literal["critical", "vip", "returned", "urgent", "short_way"]
"""Why a customer is taken before others."""
Oversight = Literal["assign", "watch", "no"]
"""What a supervisor does with such a ticket: has it, watches it, or is not told."""

LAST_RANK = 9
"""The rank of those with no claim to be taken before others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """How tickets find people."""

    mode: Mode = "offer"
    order: tuple[Lane, ...] = ("critical", "vip", "returned", "urgent", "short_way")
    """Who is taken first; whoever has none of these comes last, in the order of coming."""
    to_supervisor: Mapping[str, Oversight] = field(
        default_factory=lambda: {"complaint": "assign", "critical": "assign", "urgent": "assign"}
    )
    """By ``complaint`` (type or any anomaly), ``critical`` and ``urgent``."""
    skills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By sub-type: the skills that will do for it, besides one of its own name."""
    relax_after: timedelta = timedelta(minutes=10)
    """After so long in the queue, any agent who speaks the language will do."""
    remember: timedelta = timedelta(days=90)
    """For so long a customer is brought back to the agent who knows them."""
    requeue_after: timedelta = timedelta(minutes=2)
    """An agent gone for so long gives back the chats that wait for an answer."""
    requeue_kinds: tuple[str, ...] = ("chat",)
    short_way_tags: tuple[str, ...] = ("老年人", "特殊")
    capacity: Mapping[str, int] = field(default_factory=lambda: {"chat": 5, "social": 20, "mail": 20})
    """How many tickets of a kind of channel one person handles at once, unless theirs say otherwise."""

    def rank(
        self, *, urgency: str, is_vip: bool = False, tags: Collection[str] = (), returned: bool = False
    ) -> int:
        """Return the place of a waiting customer's lane: the smaller one is taken first."""
        holds: Mapping[Lane, bool] = {
            "critical": urgency == "critical",
            "vip": is_vip,
            "returned": returned,
            "urgent": urgency == "urgent",
            "short_way": self.is_short_way(tags),
        }
        return next((rank for rank, lane in enumerate(self.order) if holds[lane]), LAST_RANK)

    def is_short_way(self, tags: Collection[str]) -> bool:
        """Return whether somebody with these tags is led to a person the shorter way."""
        return any(tag in tags for tag in self.short_way_tags)

    def oversight(self, *, type: str, urgency: str, anomaly: str = "none") -> Oversight:
        """Return what a supervisor does with such a ticket, by the strictest rule that fits."""
        words = {urgency} | ({"complaint"} if type == "complaint" or anomaly != "none" else set())
        found = {self.to_supervisor.get(word, "no") for word in words}
        return "assign" if "assign" in found else "watch" if "watch" in found else "no"

    def skills_for(self, subtype: str | None) -> frozenset[str]:
        """Return the skills of which one will do; none for general matters."""
        return frozenset({subtype, *self.skills.get(subtype, ())}) if subtype else frozenset()
