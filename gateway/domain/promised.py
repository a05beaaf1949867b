"""A clause of a draft, and whose promise a time in it would be."""

from dataclasses import dataclass
from enum import Enum


class Stance(Enum):
    """``OPEN`` clauses say nothing of it: a bare "at the latest on Friday" belongs to its neighbour."""

    OURS = "ours"
    OTHER = "other"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause at ``[start, end)`` of a text."""

    start: int
    end: int
    stance: Stance
