"""The product's matcher behind the bench's plug: ``build(entries)`` returns an object with ``search(text, k)``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.match import Matcher
from knowledge.semantic import load_encoder


class BenchEntry(TypedDict):
    """What the bench hands over for one FAQ entry."""

    id: str
    phrasings: list[str]


def build(entries: Sequence[BenchEntry]) -> Matcher:
    """Build the matcher as the gateway does, from entries that have phrasings but no answers."""
    return Matcher([_entry(str(entry["id"]), entry["phrasings"]) for entry in entries])


def build_semantic(entries: Sequence[BenchEntry]) -> Matcher:
    """Build it with the extra ``semantic``, which must be installed."""
    known = [_entry(str(entry["id"]), entry["phrasings"]) for entry in entries]
    return Matcher(known, encoder=load_encoder("on"))


def _entry(entry_id: str, phrasings: Sequence[str]) -> KnowledgeEntry:
    first, *others = phrasings
    wording = Wording(lang="und", question=first, answer="", phrasings=tuple(others))
    return KnowledgeEntry(id=entry_id, wordings={"und": wording})
