"""Clock times as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.texts import load_texts
from tests.building import MORNING, a_policy

TEXTS, ZONE = load_texts(), a_policy().hours.zone


@pytest.mark.parametrize(
    ("days", "lang", "said"),
    [
        (0, "zh-CN", "今天 10:00"),
        (1, "zh-CN", "明天（11月24日 周二）10:00"),
        (5, "zh-CN", "11月28日（周六）10:00"),
        (-1, "zh-CN", "11月22日（周日）10:00"),
        (5, "zh-TW", "11月28日（週六）10:00"),
        (0, "en", "10:00 today"),
        (1, "en", "10:00 tomorrow, Tue 24 Nov"),
        (5, "en", "10:00 on Sat 28 Nov"),
    ],
)
def test_a_clock_time_is_said_as_one_says_it(days: int, lang: str, said: str) -> None:
    told = TEXTS.time(MORNING + timedelta(days=days), MORNING, ZONE, lang)
    assert told.replace(" ", "") == said.replace(" ", "")


def test_the_day_is_the_houses_not_that_of_the_clock_in_greenwich() -> None:
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # Tuesday 01:00 in Shanghai
    assert TEXTS.time(late, late, ZONE, "zh-CN") == "今天 01:00"
    assert TEXTS.time(late, MORNING, ZONE, "zh-CN") == "明天（11月24日 周二）01:00"
