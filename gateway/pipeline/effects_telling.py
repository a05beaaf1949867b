"""The effect by which a customer is told that it takes longer."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceDelay:
    """A time that the customer was told gets a later one; whoever decides this tells them in the same plan."""

    promise_id: int
    due_at: datetime
    because: str
