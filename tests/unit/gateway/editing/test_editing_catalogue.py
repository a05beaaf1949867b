"""Looking through the entries: by words, by meaning, by what needs care."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gateway.editing.catalogue import Catalogue, Wanted
from knowledge.entry import KnowledgeEntry
from knowledge.load import Loaded
from knowledge.problem import Problem
from tests.building import an_entry

TODAY = date(2026, 11, 23)
USED = {"returns": 7}


def an_owned(id: str, question: str, owner: str) -> KnowledgeEntry:
    return replace(an_entry(id, question=question), owner=owner, updated=TODAY)


ENTRIES = (
    an_owned("hours", "营业时间", "门店"),
    replace(an_owned("returns", "怎么退货", "售后"), kind="process"),
    replace(an_owned("gone", "双十一活动", "门店"), valid_until=date(2026, 11, 12), updated=date(2026, 9, 1)),
)


def a_problem(file: str) -> Problem:
    return Problem(file=Path(file), line=1, en="en", zh="zh", remedy_en="r", remedy_zh="r")


def found(wanted: Wanted, meant: dict[str, float] | None = None) -> list[str]:
    catalogue = Catalogue(Loaded(entries=ENTRIES, problems=(), fingerprint="x", accepted=True))
    hits = catalogue.find(wanted, TODAY, meant=meant or {}, uses=lambda entry: USED.get(entry, 0))
    return [hit.entry.id for hit in hits]


def test_without_a_wish_all_are_shown_and_the_most_used_first() -> None:
    assert found(Wanted()) == ["returns", "gone", "hours"]


def test_a_search_finds_by_words_and_by_meaning_and_what_is_meant_comes_first() -> None:
    assert found(Wanted(q="营业")) == ["hours"]
    assert found(Wanted(q="几点开门"), {"hours": 0.9, "gone": 0.001}) == ["hours"]
    assert found(Wanted(q="时间"), {"returns": 0.4}) == ["returns", "hours"]
    assert found(Wanted(q="没有的词")) == []


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(kind="process"), ["returns"]),
        (Wanted(owner="门店"), ["gone", "hours"]),
        (Wanted(show="overdue"), ["gone"]),
        (Wanted(show="invalid"), ["gone"]),
        (Wanted(show="unused", owner="门店", q="营业"), ["hours"]),
        (Wanted(show="problem"), []),
    ],
)
def test_filters_narrow_what_is_shown(wanted: Wanted, ids: list[str]) -> None:
    assert found(wanted) == ids


def test_a_problem_belongs_to_the_entry_of_its_file_or_to_none() -> None:
    held = replace(ENTRIES[0].wordings["zh-CN"], source=Path("hours.md"))
    entry = replace(ENTRIES[0], wordings={"zh-CN": held})
    problems = (a_problem("hours.md"), a_problem("broken.md"))
    catalogue = Catalogue(Loaded(entries=(entry,), problems=problems, fingerprint="x", accepted=True))
    assert list(catalogue.problems) == ["hours"]
    assert [one.file.name for one in catalogue.orphans] == ["broken.md"]
