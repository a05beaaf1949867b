"""The effect of a person's correcting what triage said."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """What a ticket is about, as a person says: new values by field, and the reason in their words.

    The reason stays with the correction; the audit trail names fields and values alone.
    """

    changes: Mapping[str, str]
    reason: str
    agent_id: int
    because: str
