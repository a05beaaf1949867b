"""What is said about department tasks, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from gateway.web.api.models_base import Model, Person, Words

State = Literal["asked", "accepted", "done", "declined", "withdrawn"]


class AskBody(Model):
    """Which department is asked for what, and by when where that is not the department's own limit."""

    department: Annotated[str, StringConstraints(max_length=64)]
    text: Words
    wanted_by: AwareDatetime | None = None


class TaskQuery(Model):
    """Tasks of one department (all without), in states named with commas (open ones without)."""

    department: Annotated[str, StringConstraints(max_length=64)] = ""
    state: Annotated[str, StringConstraints(max_length=64)] = ""


class Nothing(Model):
    """An empty body."""


class AnswerBody(Model):
    """What came of it."""

    answer: Words


class TaskNote(Model):
    """A line about a task."""

    id: str
    agent: Person
    text: str
    covered: bool
    at: datetime


class Task(Model):
    """One task: asked, accepted by ``accept_by``, done by ``solve_by``; ``answer`` is the result, or why not."""

    id: str
    ticket: str
    subject: str
    department: str
    text: str
    covered: bool
    state: State
    wanted_by: datetime | None
    accept_by: datetime
    solve_by: datetime
    asked_by: Person | None
    asked_at: datetime
    agent: Person | None
    accepted_at: datetime | None
    settled_at: datetime | None
    answer: str | None
    notes: list[TaskNote]


class Tasks(Model):
    """Tasks, what is due first first; at most 200."""

    tasks: list[Task]
