"""What is said about calls and walk-ins that agents write down, in and out."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from gateway.domain.ticket import Anomaly, TicketType, Urgency
from gateway.web.api.models import ClientId
from gateway.web.api.models_base import Model, Words

Optional = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class LoggedContact(Model):
    """Who it was: a customer's ``number``, or a phone and perhaps a name."""

    number: Optional = ""
    name: Optional = ""
    phone: Optional = ""


class LoggedBody(Model):
    """What was heard, where, from whom; ``id`` is made by the client. What is not judged here the rules judge."""

    id: ClientId
    channel: Annotated[str, StringConstraints(max_length=64)]
    contact: LoggedContact
    text: Words
    lang: Literal["zh-CN", "zh-TW", "en"] | None = None
    at: AwareDatetime | None = None
    type: TicketType | None = None
    subtype: Annotated[str, StringConstraints(max_length=64)] | None = None
    urgency: Urgency | None = None
    anomaly: Anomaly | None = None
    department: Annotated[str, StringConstraints(max_length=64)] | None = None
    answer: Annotated[str, StringConstraints(max_length=10_000)] = ""
    outcome: Annotated[str, StringConstraints(max_length=2_000)] = ""
    take: bool = True


class CallBody(Model):
    """A further call about a ticket: theirs (``in``) or ours; with ``answers`` ours keeps what was owed."""

    id: ClientId
    direction: Literal["in", "out"]
    text: Words
    answers: bool = True


class LoggedChannel(Model):
    """A channel that agents write down, and what people call it."""

    name: str
    label: dict[str, str]


class LoggedChannels(Model):
    """All of them."""

    channels: list[LoggedChannel]
