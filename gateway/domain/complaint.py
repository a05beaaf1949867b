"""The complaint's record (rulebook L6): its fields, what the ticket says of each, and what a person wrote instead. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.ticket import Anomaly, TicketType

FIELDS = (
    "content",
    "happened_at",
    "contact",
    "order",
    "product",
    "wanted",
    "first_handler",
    "escalated_at",
    "escalated_because",
    "responsible",
    "solution",
    "response",
)
"""What agents may write, in the order of the printed form; ``closed_at`` follows and is the ticket's own."""
TIMES = ("happened_at", "escalated_at")
"""Those of them that are instants."""

Value = str | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One field of the record: ``by_person`` where somebody wrote it, else it is what the ticket says."""

    value: Value
    by_person: bool = False


def is_complaint(type: TicketType, anomaly: Anomaly) -> bool:
    """Return whether such a ticket has a record: complaints, and every anomaly."""
    return type is TicketType.COMPLAINT or anomaly is not Anomaly.NONE


def record(said: Mapping[str, Value], known: Mapping[str, Value]) -> dict[str, Filled]:
    """Return every field: a person's word, else what is ``known`` from the ticket, else nothing."""
    return {
        field: Filled(value=said[field], by_person=True)
        if said.get(field) is not None
        else Filled(value=known.get(field))
        for field in FIELDS
    }


def missing(filled: Mapping[str, Filled], required: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``required`` fields that hold nothing."""
    return tuple(field for field in required if filled[field].value in (None, ""))
