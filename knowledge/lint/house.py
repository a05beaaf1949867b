"""What the rules are told: the entries, and the house's own words, channels and pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.evidence import Build
from knowledge.lint.finding import Finding, Level
from knowledge.lint.places import Places
from knowledge.match import Matcher
from knowledge.semantic import Encoder


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Words the house does not use, by language; the most characters of each channel; pages it serves itself."""

    today: date
    banned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vague: Mapping[str, Sequence[str]] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    configured: bool = False
    """Whether ``channels`` are all there are; if not, no channel's name can be wrong."""
    actions: frozenset[str] | None = None
    """What the bot may do, by name; None where nobody knows."""
    pages: frozenset[str] = frozenset({"/", "/promises"})
    encoder: Encoder | None = None
    """What the gateway compares meanings by, if it does."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text the house says: the answer, or one channel's; ``where`` is the channel or ``""``."""

    wording: Wording
    where: str
    said: str


@dataclass(frozen=True, slots=True)
class Case:
    """One folder before the rules."""

    entries: Sequence[KnowledgeEntry]
    house: House
    places: Places
    build: Build = Matcher

    def wordings(self) -> Iterator[tuple[KnowledgeEntry, Wording]]:
        """Yield every entry in each of its languages."""
        for entry in self.entries:
            for wording in entry.wordings.values():
                yield entry, wording

    def texts(self) -> Iterator[tuple[KnowledgeEntry, Text]]:
        """Yield everything a customer may be told."""
        for entry, wording in self.wordings():
            yield entry, Text(wording, "", wording.answer)
            for channel, said in wording.channel_answers.items():
                yield entry, Text(wording, channel, said)

    def line_of(self, text: Text, part: str = "") -> int:
        """Return the line where ``part`` of a text stands."""
        if text.where:
            return self.places.of_field(text.wording, "channel_answers") or 1
        return self.places.of_answer(text.wording, part)


def at(
    wording: Wording, line: int, rule: str, level: Level, *, zh: str, en: str, remedy_zh: str, remedy_en: str
) -> Finding:
    """Make a finding at a line of a wording's file."""
    return Finding(
        rule=rule, level=level, file=wording.source or Path(wording.question), line=line,
        zh=zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en,
    )  # fmt: skip
