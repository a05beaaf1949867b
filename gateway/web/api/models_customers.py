"""What is said about customers and tags, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.api.models_base import Model

TagName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class TagsBody(Model):
    """Tags to be given and taken, of the ticket or of its customer."""

    on: Literal["contact", "ticket"] = "ticket"
    add: Annotated[list[TagName], Field(max_length=20)] = Field(default_factory=list)
    remove: Annotated[list[TagName], Field(max_length=20)] = Field(default_factory=list)


class Tag(Model):
    """A tag, why it was given, and by whom: ``rule`` or ``agent:1001``."""

    name: str
    because: str
    by: str
    at: datetime


class Tags(Model):
    """All tags of a ticket and of its customer."""

    ticket: list[Tag]
    contact: list[Tag]


class Preference(Model):
    """How or when a customer likes to be reached; ``proposed`` until an agent keeps it."""

    kind: Literal["channel", "time", "other"]
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    text: Annotated[str, StringConstraints(max_length=200)] = ""
    state: Literal["proposed", "kept"] = "kept"
    by: Annotated[str, StringConstraints(max_length=64)] = ""
    at: datetime | None = None


class CustomerBody(Model):
    """The whole list of preferences, and the channel on which outcomes are told; null takes it away."""

    preferences: Annotated[list[Preference], Field(max_length=50)] = Field(default_factory=list)
    preferred_channel: Annotated[str, StringConstraints(max_length=64)] | None = None


class Card(Model):
    """A customer, in a ticket's page."""

    number: str
    name: str
    tags: list[Tag]
    preferences: list[Preference]
    preferred_channel: str | None


class Address(Model):
    """Where a customer has written from, covered."""

    channel: str
    address: str
