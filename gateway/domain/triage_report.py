"""How often triage was right, by what people corrected."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FIELDS = ("type", "subtype", "urgency", "anomaly", "department", "needs_identity")
"""What triage says of a ticket and a person may correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What triage said of a ticket, and what holds now; ``seen``: a person has had the ticket in hand."""

    ticket_id: int
    version: str
    said: Mapping[str, str]
    holds: Mapping[str, str]
    corrected: frozenset[str]
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """One field: of how many tickets people saw it was right, and what was taken for what."""

    seen: int
    corrected: int
    confused: Mapping[tuple[str, str], int]
    """How often triage said the first where people say the second."""

    @property
    def accuracy(self) -> float | None:
        """The share that nobody corrected; None while nobody has seen any."""
        return 1 - self.corrected / self.seen if self.seen else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageReport:
    """What triage said of tickets, and what people made of it."""

    tickets: int
    seen: int
    """Of these, how many a person has taken or corrected: the others say nothing."""
    corrected: int
    fields: Mapping[str, FieldReport]
    versions: Mapping[str, int]
    """How many tickets each version of rules and model decided."""


def report(judged: Iterable[Judged]) -> TriageReport:
    """Count; a correction that was taken back again is none."""
    everything = list(judged)
    seen = [one for one in everything if one.seen]
    fields = {}
    for field in FIELDS:
        confused = Counter(
            (one.said[field], one.holds[field]) for one in seen if one.said[field] != one.holds[field]
        )
        fields[field] = FieldReport(
            seen=len(seen), corrected=confused.total(), confused=dict(sorted(confused.items()))
        )
    return TriageReport(
        tickets=len(everything),
        seen=len(seen),
        corrected=sum(one.said != one.holds for one in seen),
        fields=fields,
        versions=dict(Counter(one.version for one in everything)),
    )
