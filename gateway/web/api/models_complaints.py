"""What is said about a complaint's record, in and out."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.web.api.models import Model

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]


class ComplaintBody(Model):
    """The record's version, and the fields to be written; null or an empty text takes a person's word back."""

    version: Annotated[int, Field(ge=0)]
    content: Long | None = None
    happened_at: AwareDatetime | None = None
    contact: Short | None = None
    order: Short | None = None
    product: Short | None = None
    wanted: Long | None = None
    first_handler: Short | None = None
    escalated_at: AwareDatetime | None = None
    escalated_because: Long | None = None
    responsible: Annotated[str, StringConstraints(max_length=64)] | None = None
    solution: Long | None = None
    response: Long | None = None


class TextField(Model):
    """A text of the record, and whether a person wrote it."""

    value: str | None
    by_person: bool


class TimeField(Model):
    """An instant of the record, likewise."""

    value: datetime | None
    by_person: bool


class Fields(Model):
    """The record's fields, in the order of the printed form."""

    content: TextField
    happened_at: TimeField
    contact: TextField
    order: TextField
    product: TextField
    wanted: TextField
    first_handler: TextField
    escalated_at: TimeField
    escalated_because: TextField
    responsible: TextField
    solution: TextField
    response: TextField


class Complaint(Model):
    """A complaint's record; ``required`` are the fields it must hold to be resolved, ``missing`` those that lack."""

    number: str
    version: int
    fields: Fields
    closed_at: datetime | None
    required: list[str]
    missing: list[str]
