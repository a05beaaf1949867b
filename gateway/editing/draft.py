"""From a gap to the file an editor only has to finish."""

from dataclasses import dataclass
from datetime import date

from gateway.editing.gaps import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A knowledge file to be: ``_name.md``, which the gateway does not read until the ``_`` is taken away."""

    name: str
    text: str


def draft_of(gap: Gap, today: date, *, taken: frozenset[str] = frozenset()) -> Draft:
    """Return the draft that would close ``gap``; ``taken`` are the ids that are in use."""
    raise NotImplementedError
