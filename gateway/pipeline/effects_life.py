"""Effects of a ticket's life besides the turn itself: records, tasks, merging, tags, closing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditComplaint:
    """A person writes into the complaint's record; None takes their word back, and the ticket's counts again.

    Carried out only while the record is at ``version`` (0: nobody has written into it yet).
    """

    changes: Mapping[str, str | datetime | None] = field(default_factory=dict)
    version: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequireRecord:
    """Go on only if these fields of the complaint's record hold something; the outcome being told is its solution."""

    fields: tuple[str, ...]
    because: str


LifeEffect = EditComplaint | RequireRecord
