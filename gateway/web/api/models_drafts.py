"""What an agent's draft is checked for, and what is found."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from gateway.desk.actions import MAX_TEXT
from gateway.web.api.models import Model


class DraftBody(Model):
    """Words not yet sent, and the ticket they are meant for."""

    ticket: Annotated[str, StringConstraints(max_length=24)] | None = None
    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)]


class FoundPromise(Model):
    """A promise in the draft: ``label`` is its time in the agent's language, ``confidence`` how sure the reading is."""

    text: str
    due_at: datetime
    label: str
    confidence: float


class DraftProblem(Model):
    """Words that will not do, and better ones."""

    kind: Literal["vague", "banned", "unkeepable"]
    text: str
    better: str


class CheckedDraft(Model):
    """All that was found; ``blocks`` says whether banned words keep the reply from being sent."""

    promises: list[FoundPromise]
    problems: list[DraftProblem]
    blocks: bool
