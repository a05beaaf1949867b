"""What is said about triage and its corrections, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.domain.ticket import Anomaly, TicketType, Urgency
from gateway.web.api.models import Model, Person

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]


class CorrectionBody(Model):
    """The ticket's version, what it is about (only what is wrong need be said), and why."""

    version: int
    type: TicketType | None = None
    subtype: Name | None = None
    urgency: Urgency | None = None
    anomaly: Anomaly | None = None
    department: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    needs_identity: bool | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Said(Model):
    """What triage said when the ticket began."""

    version: str
    type: str
    subtype: str | None
    urgency: str
    anomaly: str
    department: str
    needs_identity: bool
    sensitive: list[str]
    lang: str
    confidence: dict[str, float]
    at: datetime


class Holds(Model):
    """What the ticket is about now."""

    type: str
    subtype: str | None
    urgency: str
    anomaly: str
    department: str
    needs_identity: bool


class Correction(Model):
    """One field that a person corrected."""

    field: str
    was: str
    value: str
    reason: str
    agent: Person | None
    version: str
    at: datetime


class Classification(Model):
    """What triage said (null where it was not asked), what holds, and who corrected what; ``subtypes`` may be chosen."""

    number: str
    version: int
    said: Said | None
    holds: Holds
    corrections: list[Correction]
    subtypes: list[str]


class TriageQuery(Model):
    """Since when; without it, of the last 30 days."""

    since: AwareDatetime | None = None


class Confusion(Model):
    """How often triage said ``said`` where people say ``holds``."""

    said: str
    holds: str
    count: int


class FieldAccuracy(Model):
    """One field: ``accuracy`` is the share of tickets seen by a person that nobody corrected."""

    field: Literal["type", "subtype", "urgency", "anomaly", "department", "needs_identity"]
    accuracy: Annotated[float, Field(ge=0, le=1)] | None
    corrected: int
    confused: list[Confusion]


class TriageReport(Model):
    """Triage against people's corrections; tickets that no person has had in hand count for nothing."""

    since: datetime
    tickets: int
    seen: int
    corrected: int
    version: str
    versions: dict[str, int]
    fields: list[FieldAccuracy]
