"""What the house knows: one question, the ways it is asked, and the answer in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

Level = Literal["L0", "L1", "L2", "L3", "L4"]
Kind = Literal["product", "process", "faq"]

LEVELS: tuple[Level, ...] = ("L0", "L1", "L2", "L3", "L4")
KINDS: tuple[Kind, ...] = ("product", "process", "faq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One entry in one language: how it is asked, what it is not about, and its answer in Markdown."""

    lang: str
    question: str
    answer: str
    phrasings: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    channel_answers: Mapping[str, str] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    source: Path | None = None

    @property
    def all_phrasings(self) -> tuple[str, ...]:
        """The standard question first, then the phrasings, none twice."""
        return tuple(dict.fromkeys((self.question, *self.phrasings)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do beside answering: ``open_ticket`` with the ticket's type, or ``run`` with the action's name."""

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeEntry:
    """A question with its answer, shared by all languages; ``wordings`` has the house's first language first."""

    id: str
    wordings: Mapping[str, Wording]
    kind: Kind = "faq"
    applies_to: tuple[str, ...] = ()
    owner: str = ""
    author: str = ""
    editor: str = ""
    created: date | None = None
    updated: date | None = None
    review_by: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    level: Level = "L0"
    channels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    action: Action | None = None

    @property
    def question(self) -> str:
        """The standard question in the house's first language."""
        return next(iter(self.wordings.values())).question

    def wording(self, lang: str | None) -> Wording:
        """Return the wording nearest to ``lang``: the same tag, the same language, else the first."""
        if lang is not None:
            if lang in self.wordings:
                return self.wordings[lang]
            primary = lang.partition("-")[0].lower()
            for tag, wording in self.wordings.items():
                if tag.partition("-")[0].lower() == primary:
                    return wording
        return next(iter(self.wordings.values()))

    def question_in(self, lang: str | None) -> str:
        """The standard question in ``lang``, or in the nearest language there is."""
        return self.wording(lang).question

    def answer_in(self, lang: str | None, channel: str | None = None) -> str:
        """The answer in Markdown, as ``channel`` words it where the entry says so."""
        wording = self.wording(lang)
        return wording.channel_answers.get(channel or "", wording.answer)

    def is_valid(self, today: date | None, channel: str | None = None) -> bool:
        """Say whether the entry may be used on ``today`` (unknown: any day) and on ``channel``."""
        if channel is not None and self.channels and channel not in self.channels:
            return False
        if today is None:
            return True
        return not (
            (self.valid_from is not None and today < self.valid_from)
            or (self.valid_until is not None and today > self.valid_until)
        )
