"""What is said about spam and blocked senders, in and out; checked by the same models that make the OpenAPI page."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from gateway.web.api.models import Model, Person, Version


class SpamBody(Version):
    """The version looked at, and whether its sender is to be blocked, or the sender's whole domain."""

    block: Literal["no", "address", "domain"] = "no"


class NotSpamBody(Version):
    """The version looked at, and whether whatever blocks its sender is to be taken off the list."""

    unblock: bool = False


class BlockBody(Model):
    """An address or a domain, and why."""

    sender: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=320)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


class Sender(Model):
    """Who is to be unblocked: ``pattern`` as it is listed."""

    pattern: Annotated[str, StringConstraints(min_length=1, max_length=320)]


class Blocked(Model):
    """One blocked sender: an address, or ``@`` and a domain with all below it."""

    pattern: str
    agent: Person | None
    reason: str
    at: datetime


class BlockedSenders(Model):
    """All blocked senders, the latest first."""

    blocked: list[Blocked]
