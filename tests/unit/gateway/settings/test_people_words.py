"""Capacities and weeks as command lines write them."""

import pytest

from gateway.settings.people import parse_capacity, parse_week


@pytest.mark.parametrize(
    ("text", "found"),
    [("5", {"chat": 5}), ("chat=3, mail=10", {"chat": 3, "mail": 10}), ("", {}), ("chat=0", {"chat": 0})],
)
def test_a_capacity_is_a_number_of_chats_or_one_by_kind(text: str, found: dict[str, int]) -> None:
    assert parse_capacity(text) == found


@pytest.mark.parametrize("text", ["many", "chat=", "chat=-1", "chat=3;mail=4"])
def test_what_is_no_capacity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no capacity"):
        parse_capacity(text)


def test_a_week_has_seven_days_of_slots() -> None:
    week = parse_week("09:00-12:00,13:00-18:00;09:00-18:00;;;;;")
    assert week == [["09:00-12:00", "13:00-18:00"], ["09:00-18:00"], [], [], [], [], []]
    assert parse_week(" ") == []


@pytest.mark.parametrize("text", ["09:00-18:00", "9-18;;;;;;", "09:00-12:00,11:00-13:00;;;;;;"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|slot"):
        parse_week(text)
