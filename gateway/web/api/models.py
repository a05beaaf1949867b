"""What goes in and out of the desk's interface. What comes in is checked by these; what goes out is tested to fit."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from gateway.desk.actions import MAX_TEXT
from gateway.domain.recipients import MOST
from gateway.web.api.models_base import Model as Model
from gateway.web.api.models_base import Person as Person
from gateway.web.api.models_base import Words as Words
from gateway.web.api.models_customers import Address, Card, Tag
from gateway.web.api.models_entities import Entity
from gateway.web.api.models_merging import Suggestion
from gateway.web.api.models_tasks import Task

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
StaffNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,20}$")]
ClientId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{8,64}$")]
Addresses = Annotated[list[Annotated[str, StringConstraints(max_length=254)]], Field(max_length=MOST)]
Presence = Literal["online", "away", "offline"]


class SignIn(Model):
    """Login and password."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class SetUp(Model):
    """The first administrator, with the token of the one-time link."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    login: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=128)]
    name: Name
    number: StaffNumber
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class State(Model):
    """Whether an agent takes part, and when somebody away means to be back."""

    state: Presence
    back_at: AwareDatetime | None = None


class TicketQuery(Model):
    """Which tickets, in which queue, from which cursor on."""

    queue: Annotated[str, StringConstraints(max_length=64)] = "all"
    status: Annotated[str, StringConstraints(max_length=64)] = ""
    q: Annotated[str, StringConstraints(max_length=100)] = ""
    tag: Annotated[str, StringConstraints(max_length=64)] = ""
    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Version(Model):
    """The version of the ticket that the agent looked at."""

    version: int


class GivenPromise(Model):
    """A promise in a reply, confirmed with one click: it is owed from then on."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    due_at: AwareDatetime


class Reply(Model):
    """Words to the customer; ``id`` is made by the client, ``seen_seq`` is the last message it had shown."""

    id: ClientId
    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)]
    seen_seq: Annotated[int, Field(ge=0)]
    attachments: Annotated[list[Annotated[str, StringConstraints(max_length=64)]], Field(max_length=5)] = (
        Field(default_factory=list)
    )
    cc: Addresses = Field(default_factory=list)
    bcc: Addresses = Field(default_factory=list)
    promises: Annotated[list[GivenPromise], Field(max_length=10)] = Field(default_factory=list)


class ForwardBody(Model):
    """A message (by its ``id``) for somebody outside, with words above it; ``id`` is made by the client."""

    id: ClientId
    message: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    to: Addresses
    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)] = ""


class NoteBody(Model):
    """Words for colleagues."""

    text: Words


class TransferBody(Model):
    """Where to: a department or an agent's number, and why."""

    department: Annotated[str, StringConstraints(max_length=64)] | None = None
    agent: StaffNumber | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Outcome(Model):
    """What came of it, as the customer is told."""

    outcome: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    version: int


class Reason(Model):
    """Why."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Typing(Model):
    """The ticket in which an agent is writing."""

    number: Annotated[str, StringConstraints(max_length=24)]


class EventQuery(Model):
    """The last event the client heard, for clients that cannot send ``Last-Event-ID``."""

    since: Annotated[str, StringConstraints(max_length=20)] = ""


class Self(Person):
    """The agent who is signed in."""

    login: str
    role: str
    roles: list[str]
    """All they hold; ``role`` is the highest."""
    state: Presence


class Label(Model):
    """A department."""

    id: str
    label: dict[str, str]


class Me(Model):
    """Who is signed in, and what the desk needs to begin."""

    agent: Self
    stage: Literal["second", "enrol", "password", "in"] = "in"
    """How far the sign-in has come: a second factor is owed, is to be set up, or the password is too old."""
    factors: list[str] = Field(default_factory=list)
    """Kinds of second factor they have: ``passkey``, ``totp``."""
    may_put_off: bool = False
    """Whether the second factor may be set up later: on the gateway's own machine."""
    password_is_due: bool = False
    """Whether the password is old enough to be reminded of it."""
    rights: list[str]
    csrf: str
    version: str
    languages: list[str]
    departments: list[Label]


class DuePromise(Model):
    """What is owed next."""

    kind: str
    due_at: datetime
    state: str


class Ticket(Model):
    """A ticket as lists show it."""

    number: str
    status: Literal["open", "in_progress", "resolved", "closed"]
    type: str
    subtype: str | None
    urgency: Literal["normal", "urgent", "critical"]
    anomaly: str
    department: str
    subject: str
    summary: str
    channel: str
    lang: str
    contact: Person
    agent: Person | None
    waiting_on: Literal["agent", "contact", "department"] | None
    waiting_since: datetime | None
    reopens: int
    merged_into: str | None
    closes_at: datetime | None
    answered_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    opened_at: datetime
    last_at: datetime
    last_text: str
    promise: DuePromise | None
    suggested: Person | None
    """Who was asked to take it."""
    supervisor: Person | None
    """Who watches it."""
    first_agent: Person | None
    line: int
    escalation: int
    spam: str | None
    version: int


class Counts(Model):
    """How many tickets wait for anybody, are one's own, are at work, lie in the spam view; waiting ones by department."""

    queue: int
    mine: int
    all: int
    spam: int
    departments: dict[str, int]


class Tickets(Model):
    """One page of the list."""

    tickets: list[Ticket]
    next: str | None
    counts: Counts


class Talk(Model):
    """The conversation a ticket is about."""

    id: str
    state: str
    topic: str | None
    started_at: datetime


class File(Model):
    """A file, fetched from ``/attachments/{id}``; ``inline`` where the text shows it, or it is a signature."""

    id: str
    name: str
    media_type: str
    size: int | None
    inline: bool = False
    scanned: bool = False
    """A virus scanner found it clean; the desk marks all others."""


class OfferedChoice(Model):
    """One answer that was offered."""

    id: str
    label: str


DeliveryState = Literal["due", "sending", "delivered", "bounced", "refused", "unknown", "cancelled", "held"]


class Copy(Model):
    """What became of the copy for one recipient; ``id`` is what to retry, ``code`` the mail server's own."""

    id: str
    to: str
    role: Literal["to", "cc", "bcc"]
    state: DeliveryState
    error: str | None
    code: str | None
    reason: str | None


class Delivery(Model):
    """What became of a message that somebody has to carry: the worst of its copies, then each of them."""

    state: DeliveryState
    error: str | None
    code: str | None
    reason: str | None
    copies: list[Copy]


class Message(Model):
    """One message; ``raw`` when it could not be read, ``problems`` when it did not come whole: sentences in English."""

    seq: int
    id: str
    author: Literal["customer", "bot", "agent", "system"]
    agent: Person | None
    text: str
    html: str | None
    choices: list[OfferedChoice]
    attachments: list[File]
    problems: list[str]
    labels: list[str]
    more: bool
    covered: bool
    """Whether something in it was covered whose original can be revealed."""
    at: datetime
    because: str | None
    edited: bool
    delivery: Delivery | None
    raw: bool


class Body(Model):
    """A message as it came whole; ``html`` is cleaned, and shows nothing that is not fetched on purpose."""

    text: str
    html: str | None


class Forwarded(Model):
    """Which message went to whom outside, and whether it arrived."""

    message: str
    to: list[str]
    delivery: Delivery | None


class Note(Model):
    """A line only agents see; with ``forward`` it stood above a message that was passed on, with ``task`` it is about one."""

    id: str
    agent: Person
    text: str
    covered: bool
    forward: Forwarded | None
    task: str | None
    at: datetime


class Promised(DuePromise):
    """One promise of a ticket."""

    id: str
    owner: str
    because: str


class HistoryLine(Model):
    """One line of the audit trail."""

    id: str
    at: datetime
    kind: str
    actor: str
    because: str | None


class MergedTalk(Model):
    """What was said on a ticket that was merged into this one; ``seq`` counts on that ticket's own thread."""

    number: str
    channel: str
    subject: str
    messages: list[Message]


class TicketPage(Model):
    """All about one ticket; ``address`` is what its customer mails from."""

    ticket: Ticket
    address: str | None
    conversation: Talk
    entities: list[Entity]
    messages: list[Message]
    notes: list[Note]
    tasks: list[Task]
    tags: list[Tag]
    customer: Card
    merged: list[MergedTalk]
    reply_to: str
    suggestions: list[Suggestion]
    promises: list[Promised]
    events: list[HistoryLine]
    last_seq: int


class Customer(Card):
    """A customer's card with their addresses and their latest tickets."""

    addresses: list[Address]
    tickets: list[Ticket]


class Stored(Model):
    """A reply's place in its thread."""

    id: str
    seq: int


class Taken(Model):
    """What the client asked for is stored under its own id."""

    id: str


class Colleague(Person):
    """An agent, and how many tickets they have open."""

    role: str
    state: Presence
    open: int


class Colleagues(Model):
    """Everybody who can sign in."""

    agents: list[Colleague]


class Channel(Model):
    """How one channel is."""

    name: str
    kind: str
    state: Literal["up", "down", "starting", "bad_credentials"]
    detail: str | None
    remedy: str | None
    progress_at: datetime | None


class Channels(Model):
    """All channels."""

    channels: list[Channel]


class Problem(BaseModel):
    """A refusal (RFC 9457); some kinds carry more: ``missed``, ``by``, ``ticket``, ``problems``, ``field``."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    missed: list[Message] | None = None
    by: Person | None = None
    problems: list[dict[str, Any]] | None = None
