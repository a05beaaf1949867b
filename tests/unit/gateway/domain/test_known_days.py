"""Next year's adjusted days are missed from October on, and only where there used to be some."""

from dataclasses import replace
from datetime import date

from gateway.domain.known_days import Known, known, missing
from tests.building import hours

OFF = frozenset({date(2025, 10, 1), date(2026, 10, 1), date(2027, 10, 1)})
WORKED = frozenset({date(2025, 9, 28), date(2026, 9, 27)})
CHINA = replace(hours((9, 18)), holidays=OFF, extra_workdays=WORKED)


def test_a_year_whose_weekends_worked_are_not_announced_is_half_known() -> None:
    assert known(2026, CHINA) is Known.ALL
    assert known(2027, CHINA) is Known.NO_ADJUSTED_DAYS
    assert known(2028, CHINA) is Known.NOTHING


def test_the_year_to_come_is_asked_for_from_october_on() -> None:
    assert list(missing(date(2026, 9, 30), CHINA)) == []
    assert list(missing(date(2026, 10, 1), CHINA)) == [(2027, Known.NO_ADJUSTED_DAYS)]
    assert list(missing(date(2027, 1, 1), CHINA)) == [(2027, Known.NO_ADJUSTED_DAYS)]


def test_days_listed_by_hand_are_known_days() -> None:
    listed = replace(CHINA, extra_workdays=WORKED | {date(2027, 2, 14)})
    assert known(2027, listed) is Known.ALL


def test_a_house_without_holidays_and_a_country_without_adjusted_days_miss_nothing() -> None:
    assert list(missing(date(2026, 12, 1), hours((9, 18)))) == []
    german = replace(hours((9, 18)), holidays=OFF)
    assert list(missing(date(2026, 12, 1), german)) == []
