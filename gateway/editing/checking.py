"""What `kb lint` would say of one entry by itself: the rules that need no other entry. Reads the entry's files."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gateway.domain.policy import Words
from knowledge.entry import KnowledgeEntry
from knowledge.lint.finding import Finding
from knowledge.lint.house import House
from knowledge.lint.run import lint
from knowledge.load import Loaded

OF_ALL = ("file", "duplicate", "near-duplicate", "repeated", "rivals", "choices", "review")
"""Rules that compare entries, and what the page says by other means: the loader's findings, the review."""


def check_entry(loaded: Loaded, entry: KnowledgeEntry, words: Words, today: date) -> Sequence[Finding]:
    """Return the errors and warnings in ``entry``, which is one of ``loaded``; notes are left to ``kb lint``."""
    house = House(today=today, banned=words.banned, vague=words.vague)
    found = lint(replace(loaded, entries=(entry,)), house, OF_ALL)
    return [finding for finding in found if finding.level != "note"]
