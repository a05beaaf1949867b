"""What is said about merging, in and out."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from gateway.web.api.models_base import Model, Person

Number = Annotated[str, StringConstraints(min_length=1, max_length=24)]


class MergeBody(Model):
    """Into which ticket, and why."""

    into: Number
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Suggestion(Model):
    """A ticket that may be about the same; ``because`` are ``order``, ``tracking``, ``phone``, ``email``, ``words``."""

    number: str
    subject: str
    channel: str
    status: str
    opened_at: datetime
    contact: Person
    because: list[str]
