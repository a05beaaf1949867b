"""What goes in and out where the desk looks at the knowledge base."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.api.models import Model

Form = Literal["html", "text", "json"]


class EntryQuery(Model):
    """Which entries: words or a question, class, owner, what needs care; from which cursor on."""

    q: Annotated[str, StringConstraints(max_length=1000)] = ""
    kind: Annotated[Literal["", "product", "process", "faq"], Field(alias="class")] = ""
    owner: Annotated[str, StringConstraints(max_length=200)] = ""
    show: Literal["", "overdue", "problem", "unused", "invalid"] = ""
    cursor: Annotated[str, StringConstraints(pattern=r"^\d{0,9}$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class TryBody(Model):
    """A question as a customer would write it; without ``channel`` it is judged for all of them."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    channel: Annotated[str, StringConstraints(max_length=64)] | None = None
    lang: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,35}$")] | None = None


class LangQuery(Model):
    """In which language to preview the answer; the reader's where none is given and the entry has it, else its first."""

    lang: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,35}$")] = ""


class FileProblem(Model):
    """What is wrong with a file, and what would do, in the reader's language."""

    file: str
    line: int
    text: str
    remedy: str
    fatal: bool


class EntryLine(Model):
    """An entry as lists show it; ``used`` counts the answers of the last three months."""

    id: str
    question: str
    kind: Annotated[str, Field(alias="class")]
    owner: str
    applies_to: list[str]
    languages: list[str]
    updated: date | None
    review_by: date | None
    is_overdue: bool
    is_valid: bool
    level: str
    used: int
    used_at: datetime | None
    problems: int
    score: float | None
    """How likely the matcher thinks that this is meant; null where only the words were found, or nothing was asked."""
    has_words: bool


class Totals(Model):
    """How many entries there are, and how many of them need care."""

    all: int
    overdue: int
    problem: int
    unused: int
    invalid: int


class Entries(Model):
    """One page of the list; ``problems`` are those of files that no entry is made of."""

    entries: list[EntryLine]
    next: str | None
    found: int
    totals: Totals
    owners: list[str]
    problems: list[FileProblem]
    is_accepted: bool
    """False while the folder's newest version is refused and the last good one serves."""


class WordingFace(Model):
    """An entry in one language."""

    lang: str
    question: str
    phrasings: list[str]
    not_for: list[str]
    must: list[str]
    must_not: list[str]
    answer: str
    channel_answers: dict[str, str]
    file: str


class Named(Model):
    """An entry by id and question; the question is empty where there is no such entry."""

    id: str
    question: str


class Piece(Model):
    """One piece of what would leave; ``nodes`` is the HTML as a tree of text and elements."""

    form: Form
    content: str
    nodes: list[Any]
    buttons: list[str]


class Preview(Model):
    """What a customer of one channel would get: nothing where only a person would answer (``hand_off`` says why)."""

    channel: str
    kind: str
    outcome: Literal["answer", "choices", "none"]
    hand_off: str | None
    text: str
    pieces: list[Piece]


class EntryPage(EntryLine):
    """All about one entry, and its answer as each channel would show it.

    ``file_problems`` also holds what ``kb lint`` finds in this entry alone.
    """

    author: str
    editor: str
    created: date | None
    valid_from: date | None
    valid_until: date | None
    channels: list[str]
    choices: list[Named]
    action: str
    wordings: list[WordingFace]
    file_problems: list[FileProblem]
    lang: str
    previews: list[Preview]


class Judged(Model):
    """One entry that may be meant, the probability of it, and what speaks for it; ``more`` is whatever else is known."""

    id: str
    question: str
    score: float
    because: list[str]
    more: dict[str, Any]


class Line(Model):
    """From which probability on an answer is given, and from which sum of the best three choices are offered."""

    answer: float
    offer: float


class Part(Model):
    """One of several questions in a message, in the customer's own words, and what came of it."""

    asked: str
    kind: Literal["answer", "choices", "none"]
    because: str
    matches: list[Judged]


class Verdict(Model):
    """What the knowledge base says of a question, why, and what each channel's customer would read.

    Where the message holds several questions, ``parts`` has a verdict on each.
    """

    text: str
    lang: str
    kind: Literal["answer", "choices", "none"]
    because: str
    small_talk: str
    thresholds: Line
    matches: list[Judged]
    parts: list[Part]
    more: dict[str, Any]
    previews: list[Preview]


class Nothing(Model):
    """An empty object."""


class Example(Model):
    """A question as a customer asked it."""

    text: str
    at: datetime
    channel: str


class Gap(Model):
    """Questions that mean the same and cost agents ``minutes``; ``draft`` is the file that has been begun for them."""

    id: str
    question: str
    lang: str
    kinds: list[Literal["unanswered", "handed_over", "repeated"]]
    times: int
    minutes: float
    examples: list[Example]
    reply: str | None
    reply_times: int
    entries: list[Named]
    last_at: datetime
    draft: str | None


class Gaps(Model):
    """The gaps of the last three months, the dearest first."""

    gaps: list[Gap]
    since: datetime


class Written(Model):
    """The draft's file, and what git made of it: ``commit`` is its short hash, ``why`` what git said instead."""

    file: str
    state: Literal["committed", "no_repository", "failed"]
    commit: str
    why: str
