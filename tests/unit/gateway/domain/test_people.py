"""What may be said of an agent, wherever it comes from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gateway.domain.calendar import closing_time
from gateway.domain.people import checked_attributes
from gateway.domain.roster import shift_end
from gateway.errors import Refusal
from tests.building import MORNING, a_policy, hours

DEPARTMENTS = ("support", "tech")


def test_words_are_trimmed_and_kept_once() -> None:
    assert checked_attributes({"skills": ["refund ", "", "refund", "发票"]}, DEPARTMENTS) == {
        "skills": ["refund", "发票"]
    }


@pytest.mark.parametrize("name", ["departments", "supervises", "skills", "languages", "capacity", "hours"])
@pytest.mark.parametrize("nothing", [None, []])
def test_nothing_gives_back_what_the_house_has(name: str, nothing: Any) -> None:
    assert checked_attributes({name: nothing}, DEPARTMENTS) == {name: None}


@pytest.mark.parametrize(
    "changes",
    [
        {"departments": ["nowhere"]},
        {"supervises": ["support", "nowhere"]},
        {"line": 3},
        {"capacity": {"pigeon": 1}},
        {"capacity": {"chat": -1}},
        {"capacity": {"chat": 1001}},
    ],
)
def test_what_cannot_be_is_refused_by_its_field(changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        checked_attributes(changes, DEPARTMENTS)
    assert caught.value.fields["field"] == next(iter(changes))
    assert caught.value.public.zh
    assert caught.value.public.en


def test_a_capacity_of_nothing_and_a_line_of_two_are_allowed() -> None:
    changes = {"capacity": {"chat": 0}, "line": 2, "departments": ["tech"]}
    assert checked_attributes(changes, DEPARTMENTS) == changes


def test_the_last_day_the_house_ever_opens_ends_like_any_other() -> None:
    last = replace(
        hours(), extra_workdays=frozenset({date(2026, 11, 23)}), extra_slots=a_policy().hours.weekly[0]
    )
    ends = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert closing_time(MORNING, last) == ends
    assert shift_end(MORNING, last) == ends


def test_a_closed_house_has_no_closing_time() -> None:
    assert closing_time(MORNING - timedelta(hours=12), a_policy().hours) is None
