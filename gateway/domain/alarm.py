"""Alarms: what a supervisor must hear of at once, at the desk and outside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What is told; each has a sentence ``alarm.<kind>`` in the catalogue, in every language."""

    URGENT = "urgent"
    """T5: an urgent matter came in; with its summary and the reason."""
    SERIOUS = "serious"
    """T9: a serious case, a failure or a matter of the media: to be verified."""
    LATE = "late"
    """L2: a promise is broken."""
    UNOWNED = "unowned"
    """Nobody can take a ticket: its department has no people."""
    HANDOVER = "handover"
    """L7: a shift ends and nobody has accepted what is open."""
    EMERGENCY = "emergency"
    """X1: an emergency is proposed, has begun or has ended."""
    VERIFICATION = "verification"
    """V1: somebody guesses at identities all over the house."""
    CHANNEL = "channel"
    """A channel has failed for longer than the house bears."""
    REVEALS = "reveals"
    """One person opened as many covered values in an hour as nobody needs."""
    AUDIT = "audit"
    """Rows of the audit were changed, removed or cut off."""
    SEALING = "sealing"
    """A sealed value does not open though its key is known: it was changed, or moved here from elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm; a second one of the same ``name`` is not raised."""

    kind: AlarmKind
    name: str
    gaps: Mapping[str, str] = field(default_factory=dict)
    """What the sentence leaves open besides the ticket's own fields; never a customer's words. Instants are ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alarm as it was raised, with all that its sentence needs."""

    id: int
    kind: str
    at: datetime
    because: str
    gaps: Mapping[str, str] = field(default_factory=dict)
    ticket: str | None = None
    summary: str = ""
    """The customer's words, not covered yet."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The ticket's type, urgency, anomaly and department; empty without a ticket."""
    seen_by: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRules:
    """Where alarms go besides the desks."""

    mail: tuple[str, ...] = ()
    mail_channel: str = ""
    """The mailbox they are sent from; the first mail channel if empty."""
    webhook: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """Every way out, by a word that is kept with each delivery: ``mail:<address>``, ``webhook``."""
        return (*(f"mail:{address}" for address in self.mail), *(("webhook",) if self.webhook else ()))
