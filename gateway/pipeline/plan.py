"""All that a step may decide: a Plan is a list of Effects, each with its reason."""

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.conversation import OfferedChoice, State
from gateway.domain.promise import Promise
from gateway.domain.recipients import Recipient
from gateway.domain.ticket import Classification
from gateway.pipeline.effects_alarm import RaiseAlarm as RaiseAlarm
from gateway.pipeline.effects_emergency import Concern as Concern
from gateway.pipeline.effects_entities import NoteEntities as NoteEntities
from gateway.pipeline.effects_life import LifeEffect
from gateway.pipeline.effects_promises import ChangeUrgency, Explain, Miss, Reckon, Renegotiate, Settle
from gateway.pipeline.effects_routing import RoutingEffect
from gateway.pipeline.effects_telling import AnnounceDelay
from gateway.pipeline.effects_triage import Correct
from gateway.pipeline.effects_verify import VerifyEffect
from knowledge.match import Outcome

NUMBER = "\ue000"
"""Stands in a text for the ticket's number, which is known only inside the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartConversation:
    """Begin a new Conversation on the thread, linked to the one before it."""

    lang: str
    state: State = State.BOT
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveConversation:
    """Change who has the floor."""

    to: State
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    """Keep what later turns need: the topic, the choices on the table, how often the bot was at a loss."""

    topic: str | None = None
    offered: tuple[OfferedChoice, ...] = ()
    misses: int = 0
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The one automatic message of this turn. ``NUMBER`` in it becomes the ticket's number."""

    text: str
    lang: str
    choices: tuple[OfferedChoice, ...] = ()
    entries: tuple[str, ...] = ()
    """The knowledge entries it answers with: what usage is counted from."""
    told_at: datetime | None = None
    """The time by which it says that a person answers."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """Work is owed to the contact from now on."""

    classification: Classification
    subject: str
    summary: str
    lang: str
    spam: str | None = None
    """Why nothing is owed after all: it is closed at once and lies in the spam view."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSpam:
    """It is spam: the ticket is closed, nothing is owed any more, and it lies in the spam view."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTicket:
    """The contact says it is not solved, within the time for saying so."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTicket:
    """The contact is content."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchTicket:
    """The contact wrote again: the ball is with us, and a worse urgency is taken over."""

    words: str
    classification: Classification | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owe:
    """Something is owed by an instant."""

    promise: Promise
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkBounced:
    """An earlier message of ours did not arrive: the first of ``refs`` that is ours names it.

    ``address`` or ``copy`` says which recipient's. Later refs may be of earlier messages, which did arrive.
    """

    refs: tuple[str, ...]
    detail: str
    hard: bool
    address: str = ""
    status: str = ""
    """RFC 3463's x.y.z."""
    copy: int | None = None
    """The copy's number, where the report came back to an address of its own."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMailing:
    """The contact complained of being mailed: nothing more is, unless an agent insists.

    ``refs`` are what the complaint gives back; where none of them is a message of this thread it changes nothing.
    """

    refs: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Nothing but a line in the audit trail."""

    kind: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An agent takes the ticket and the floor."""

    agent_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReply:
    """An agent's words to the contact. ``id`` is made by the desk, so that a repeated request is one message."""

    agent_id: int
    id: str
    text: str
    attachments: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    """Who gets it besides the contact."""
    asks: bool = False
    """It asks the contact for something: what may pause does until they write."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A message of the thread goes, whole, to somebody outside; ``id`` is made by the desk.

    ``text`` stands above it, and is kept with the addresses as a note, which no contact sees.
    """

    agent_id: int
    id: str
    message: str
    to: tuple[str, ...]
    text: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemNotice:
    """Words of the house to the contact that no agent wrote."""

    text: str
    choices: tuple[OfferedChoice, ...] = ()
    elsewhere: str | None = None
    """An outcome in the words for another channel: it goes where the contact prefers to be told (L4)."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """A line only agents see; it lives in a table that no outgoing path reads."""

    agent_id: int
    text: str
    task_id: int | None = None
    """The department's task it is about."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """People to people: to a department's queue, or to one agent."""

    department: str | None = None
    agent_id: int | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """The agent says it is done; the contact is told the outcome."""

    agent_id: int
    outcome: str
    closes_at: datetime | None = None
    """When it is closed if the contact keeps silent."""
    because: str


Effect = (
    Claim
    | AgentReply
    | Forward
    | SystemNotice
    | AddNote
    | Transfer
    | Resolve
    | StartConversation
    | MoveConversation
    | Remember
    | Reply
    | OpenTicket
    | ReopenTicket
    | CloseTicket
    | MarkSpam
    | TouchTicket
    | Owe
    | Settle
    | Renegotiate
    | Reckon
    | ChangeUrgency
    | Explain
    | Miss
    | MarkBounced
    | StopMailing
    | RoutingEffect
    | RaiseAlarm
    | Concern
    | NoteEntities
    | Record
    | AnnounceDelay
    | LifeEffect
    | Correct
    | VerifyEffect
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of the reply; ``compose`` puts the pieces in order and makes one message of them."""

    kind: str
    text: str
    choices: tuple[OfferedChoice, ...] = ()
    entries: tuple[str, ...] = ()
    told_at: datetime | None = None
    """The time it names for a person's answer."""
    because: str = ""
    """Why this piece, where its kind does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do about one Turn: Effects in order, and what the steps found out on the way."""

    effects: tuple[Effect, ...] = ()
    parts: tuple[Part, ...] = ()
    lang: str = "zh-CN"
    is_new: bool = False
    """This turn begins a Conversation."""
    is_automatic: bool = False
    classification: Classification | None = None
    outcome: Outcome | None = None
    hand_off: str | None = None
    """Why a person is needed; None while the bot can do it."""
    rules: str = ""
    """The version of the rules it was made by."""
    calmed: bool = False
    """A notice of an emergency has answered it: nobody need be at a loss."""
    ended: str | None = None
    """Why no further step is asked; None while the corridor goes on."""

    def then(self, *effects: Effect) -> "Plan":
        """Return the plan with more to do."""
        return replace(self, effects=self.effects + effects)

    def say(
        self,
        kind: str,
        text: str,
        choices: tuple[OfferedChoice, ...] = (),
        *,
        entries: tuple[str, ...] = (),
        told_at: datetime | None = None,
        because: str = "",
    ) -> "Plan":
        """Return the plan with one more piece for the reply."""
        part = Part(kind=kind, text=text, choices=choices, entries=entries, told_at=told_at, because=because)
        return replace(self, parts=(*self.parts, part))

    def offer(self, choices: tuple[OfferedChoice, ...]) -> "Plan":
        """Return the plan with choices below its last piece."""
        return replace(self, parts=(*self.parts[:-1], replace(self.parts[-1], choices=choices)))

    def end(self, because: str) -> "Plan":
        """Return the plan with the corridor closed behind it."""
        return replace(self, ended=because)

    def hand_over(self, because: str) -> "Plan":
        """Return the plan with the wish for a person; the first reason stays."""
        return self if self.hand_off else replace(self, hand_off=because)
