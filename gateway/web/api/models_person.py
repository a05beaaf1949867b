"""What is said about a person's data as a whole and about the audit, in and out."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.web.api.models_base import Model

Word = Annotated[str, StringConstraints(max_length=128)]


class ApprovedBody(Model):
    """Which approved request this is."""

    approval: Annotated[int, Field(ge=1)]


class Erased(Model):
    """Who is erased, and up to when."""

    number: str
    upto: datetime


class AuditQuery(Model):
    """Which acts, the newest first; ``before`` is ``next`` of the page before."""

    actor: Word | None = None
    act: Word | None = None
    about: Word | None = None
    outcome: Word | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: Annotated[int, Field(ge=1)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class AuditedAct(Model):
    """One row; ``reason`` is a person's own words, masked, and may have been erased."""

    seq: int
    at: datetime
    actor: str
    act: str
    about: str | None
    outcome: str
    details: dict[str, Any]
    reason: str | None
    reason_erased: bool
    hash: str


class AuditPage(Model):
    """A page of acts."""

    acts: list[AuditedAct]
    next: int | None
