"""What is said about enquiries, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from gateway.web.api.models_base import Model, Person


class EnquiryQuery(Model):
    """Which enquiries, from ``cursor`` on, as JSON (a page) or CSV (all of them)."""

    since: AwareDatetime
    until: AwareDatetime | None = None
    format: Literal["json", "csv"] = "json"
    lang: Literal["zh-CN", "en"] = "zh-CN"
    cursor: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class Enquiry(Model):
    """The record of one conversation; ``status`` is ``bot`` while nobody but the bot was needed."""

    id: str
    ticket: str | None
    contact: Person
    address: str
    channel: str
    at: datetime
    agent: str | None
    type: str | None
    subtype: str | None
    label: dict[str, str]
    description: str
    done: str
    outcome: str | None
    rating: int | None
    status: Literal["open", "in_progress", "resolved", "closed", "bot"]


class Enquiries(Model):
    """A page of records, the oldest first; ``next`` is the cursor of the page after it."""

    enquiries: list[Enquiry]
    next: int | None
