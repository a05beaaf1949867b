"""The people at the desk: what each can do, when each works, and how much each has in hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.calendar import BusinessHours, closing_time, is_open, next_opening

PRESENT = "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One agent, as far as routing needs to know them."""

    id: int
    number: str
    role: str = "agent"
    """agent or supervisor; who holds both watches over others."""
    state: str = "offline"
    """online, away or offline."""
    departments: frozenset[str] = frozenset()
    """Empty: every department."""
    skills: frozenset[str] = frozenset()
    """Empty: general matters only."""
    languages: tuple[str, ...] = ()
    """Empty: every language."""
    capacity: Mapping[str, int] = field(default_factory=dict)
    """By kind of channel, where it is not the house's."""
    hours: BusinessHours | None = None
    """None: the house's."""
    line: int = 1
    supervises: frozenset[str] = frozenset()
    """For supervisors; empty: every department."""
    load: float = 0.0
    """How much of their capacity is in use: 1 is full."""
    turn: int = 0
    """When they were last given something, as a number that only grows."""

    @property
    def is_supervisor(self) -> bool:
        """Whether complaints can go to them."""
        return self.role == "supervisor"

    def works_in(self, department: str) -> bool:
        """Return whether they take the department's tickets."""
        return not self.departments or department in self.departments

    def watches(self, department: str) -> bool:
        """Return whether they supervise the department."""
        return self.is_supervisor and (not self.supervises or department in self.supervises)

    def speaks(self, lang: str) -> bool:
        """Return whether they answer in ``lang``; zh-CN does for zh-TW."""
        family = lang.partition("-")[0].lower()
        return not self.languages or any(one.partition("-")[0].lower() == family for one in self.languages)

    def is_due_now(self, now: datetime) -> bool:
        """Return whether their own hours say that they work; without hours of their own, presence says it."""
        return self.hours is None or is_open(now, self.hours)


def share_of(kind: str, own: Mapping[str, int], usual: Mapping[str, int]) -> float | None:
    """Return how much of a person's capacity one ticket of this kind takes; None if they take none at all."""
    limit = own.get(kind, usual.get(kind, 1))
    return 1 / limit if limit > 0 else None


def shift_end(now: datetime, hours: BusinessHours) -> datetime | None:
    """Return when the working day that ``now`` lies in ends; None outside working hours, or for those without end.

    A break ends no day: what opens again on the same local date belongs to it.
    """
    ends = closing_time(now, hours)
    while ends is not None:
        try:
            again = next_opening(ends, hours)
        except ValueError:
            break
        if again.astimezone(hours.zone).date() != now.astimezone(hours.zone).date():
            break
        ends = closing_time(again, hours)
    return ends
