"""The effect that ties a customer to an emergency."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """This conversation is concerned by an emergency: it gets the news and the end of it, each once.

    Its ticket, if it has one or gets one in this turn, is grouped and tagged.
    """

    emergency_id: int
    updates: int
    """The news given so far, which the notice of this turn holds already."""
    because: str
