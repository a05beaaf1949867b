"""Effects of a ticket's life besides the turn itself: records, tasks, merging, tags, closing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gateway.domain.preferences import Preference
from gateway.domain.tasks import TaskState
from gateway.domain.ticket import Classification


@dataclass(frozen=True, slots=True, kw_only=True)
class EditComplaint:
    """A person writes into the complaint's record; None takes their word back, and the ticket's counts again.

    Carried out only while the record is at ``version`` (0: nobody has written into it yet).
    """

    changes: Mapping[str, str | datetime | None] = field(default_factory=dict)
    version: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequireRecord:
    """Go on only if these fields of the complaint's record hold something; the outcome being told is its solution."""

    fields: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellClosing:
    """The contact has been told (or cannot be) that the resolved ticket closes at ``closes_at``; once.

    Nothing of the plan happens where it has been told before, or the ticket is not resolved any more.
    """

    closes_at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseForSilence:
    """Nobody wrote until the time told: go on and close, unless somebody did, or it is closed."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassify:
    """What the contact says after "not solved" is taken over where it makes the matter graver (L5)."""

    classification: Classification
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTask:
    """A department is asked to do something; the ticket stays with its agent (T7)."""

    agent_id: int
    department: str
    text: str
    wanted_by: datetime | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTask:
    """A department's task is accepted, done, declined, or withdrawn by who asked."""

    task_id: int
    to: TaskState
    agent_id: int
    words: str | None = None
    """The answer, or why not."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWords:
    """What the contact said on the phone or at the counter, as an agent wrote it down; a repeated ``id`` is one."""

    id: str
    text: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTags:
    """Tags are given and taken by hand, of the ticket or of its contact."""

    on: Literal["contact", "ticket"]
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePreference:
    """The contact spoke of how or when they like to be reached; an agent decides what is kept of it."""

    preference: Preference
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The ticket goes into another, the one of the number ``into``; reversible."""

    agent_id: int
    into: str
    may_cross: bool = False
    """Also where they are of two contacts."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge:
    """The ticket stands for itself again, as it was."""

    because: str


LifeEffect = (
    EditComplaint
    | RequireRecord
    | TellClosing
    | CloseForSilence
    | Reclassify
    | AskTask
    | MoveTask
    | LogWords
    | ChangeTags
    | ProposePreference
    | Merge
    | Unmerge
)
