"""Entries' own tests: answered, asked back or failed, as a customer would see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.load import load_folder
from knowledge.match import Matcher, Thresholds
from knowledge.memo_encoder import MemoEncoder
from knowledge.selftest import Tried, try_all
from knowledge.semantic import Vectors

DAY = date(2026, 11, 22)


def an_entry(id: str, *phrasings: str, must: str = "", must_not: str = "", **fields: date) -> KnowledgeEntry:
    wording = Wording(
        lang="en",
        question=phrasings[0],
        phrasings=phrasings[1:],
        answer="-",
        must=(must,) if must else (),
        must_not=(must_not,) if must_not else (),
    )
    return KnowledgeEntry(id=id, wordings={"en": wording}, valid_until=fields.get("valid_until"))


def tried(*entries: KnowledgeEntry, thresholds: Thresholds | None = None) -> list[Tried]:
    return list(try_all(entries, Matcher(entries, thresholds=thresholds), DAY))


def test_every_test_of_the_sample_entries_is_kept() -> None:
    loaded = load_folder(Path(__file__).parents[3] / "knowledge" / "entries")
    found = try_all(loaded.entries, Matcher(loaded.entries), DAY)
    assert [(one.entry.id, one.text) for one in found if one.verdict == "failed"] == []


def test_a_must_is_passed_offered_or_failed() -> None:
    entry = an_entry("refund", "when do I get my refund", "money back", must="when is the refund")
    (one,) = tried(entry, an_entry("size", "which size fits"), thresholds=Thresholds(answer=0.2, offer=0.1))
    assert (one.verdict, one.got) == ("passed", "refund")
    (one,) = tried(entry, an_entry("size", "which size fits"), thresholds=Thresholds(answer=0.999, offer=0.1))
    assert one.verdict == "offered"
    (one,) = tried(entry, an_entry("other", "when is the refund"))
    assert (one.verdict, one.got, one.score) == ("failed", "other", 1.0)


def test_a_must_that_nothing_is_like_fails() -> None:
    (one,) = tried(an_entry("refund", "money back", must="qwertz"))
    assert one.verdict == "failed"
    assert one.score < 0.5


def test_a_must_not_fails_only_where_its_own_entry_answers() -> None:
    (one,) = tried(an_entry("refund", "money back", must_not="money back"))
    assert one.verdict == "failed"
    (one,) = tried(an_entry("refund", "money back", must_not="which size"), an_entry("size", "which size"))
    assert one.verdict == "passed"


def test_an_entry_that_has_ended_is_not_tried() -> None:
    assert tried(an_entry("old", "money back", must="money back", valid_until=date(2026, 1, 1))) == []


class Counting:
    """An encoder that counts the texts it is given."""

    name = "counting"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(len(texts), 2)


def test_a_text_is_encoded_once_however_often_it_is_asked_for() -> None:
    counting = Counting()
    memo = MemoEncoder(counting)
    first, second = memo.encode(["a", "bb", "a"]), memo.encode(["bb", "ccc"])
    assert counting.seen == ["a", "bb", "ccc"]
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert second.tolist() == [[2, 1], [3, 1]]
    assert memo.encode([]).shape == (0, 2)
