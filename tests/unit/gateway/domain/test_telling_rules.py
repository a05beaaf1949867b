"""Honest times, and no two automatic messages that contradict each other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.calendar import is_open
from gateway.domain.conversation import State
from gateway.domain.telling import (
    News,
    Standing,
    Wait,
    answer_by,
    contradicts,
    not_later,
    to_whole_minutes,
)
from tests.building import MORNING, NIGHT, a_policy, hours

HOURS = a_policy().hours
MINUTE = timedelta(minutes=1)


def waits(**changes: Any) -> Wait:
    usual: dict[str, Any] = {
        "ahead": 0,
        "online": 1,
        "handling": 5 * MINUTE,
        "promised": MORNING + MINUTE,
        "latest": timedelta(hours=24),
    }
    return Wait(**usual | changes)


def told(now: datetime = MORNING, **changes: Any) -> timedelta:
    return answer_by(waits(**changes), now, HOURS) - now


def test_somebody_free_keeps_the_rules_own_time() -> None:
    assert told() == MINUTE
    assert told(ahead=2, online=3) == MINUTE


@pytest.mark.parametrize(("ahead", "online", "minutes"), [(1, 1, 10), (3, 1, 20), (3, 2, 10), (9, 4, 15)])
def test_when_all_are_busy_the_queue_says_how_long(ahead: int, online: int, minutes: int) -> None:
    assert told(ahead=ahead, online=online) == minutes * MINUTE


def test_a_promise_later_than_the_queue_stays() -> None:
    assert told(ahead=3, promised=MORNING + 60 * MINUTE) == 60 * MINUTE


def test_with_nobody_there_a_long_promise_may_still_be_kept() -> None:
    assert told(online=0, promised=MORNING + timedelta(hours=2)) == timedelta(hours=2)


def test_with_nobody_there_shortly_before_closing_it_is_the_next_day() -> None:
    friday = MORNING + timedelta(days=4, hours=7, minutes=50)  # 17:50, closed until Monday 9:00
    monday = MORNING + timedelta(days=6, hours=23)
    at = answer_by(waits(online=0, promised=friday + MINUTE), friday, HOURS)
    assert at == monday


def test_out_of_hours_a_long_queue_is_begun_at_opening() -> None:
    opening = NIGHT + timedelta(hours=11)
    promised = opening + MINUTE
    assert answer_by(waits(promised=promised, ahead=1, staff=2), NIGHT, HOURS) == promised
    assert answer_by(waits(promised=promised, ahead=9, staff=2), NIGHT, HOURS) == opening + 25 * MINUTE


def test_a_house_that_never_opens_tells_what_was_promised() -> None:
    assert answer_by(waits(online=0), MORNING, hours()) == MORNING + MINUTE


@given(
    now=st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),
    ahead=st.integers(0, 60),
    online=st.integers(0, 9),
    span=st.integers(1, 300),
)
def test_a_time_told_is_never_before_the_rules_own_and_always_ahead(
    now: datetime, ahead: int, online: int, span: int
) -> None:
    promised = now + span * MINUTE
    at = answer_by(waits(ahead=ahead, online=online, promised=promised), now, HOURS)
    assert at >= promised > now
    if is_open(now, HOURS) and 0 < online <= ahead:
        assert at >= now + (ahead + 1) * 5 * MINUTE / online


KNOWN = MORNING + 10 * MINUTE


@pytest.mark.parametrize(
    ("news", "changes", "at", "reason"),
    [
        ("place", {}, KNOWN, None),
        ("place", {}, KNOWN - MINUTE, None),
        ("place", {}, KNOWN + MINUTE, "an earlier time was told, and no delay announced"),
        ("place", {"told_at": MORNING}, KNOWN, None),
        ("place", {"state": State.WITH_AGENT}, KNOWN, "nobody waits in the queue any more"),
        ("again", {"state": State.BOT}, KNOWN, "nobody waits in the queue any more"),
        ("place", {}, MORNING, "the time has passed already"),
        ("place", {"is_over": True}, KNOWN, "it is over"),
        ("delay", {}, KNOWN + MINUTE, None),
        ("delay", {"is_answered": True}, KNOWN + MINUTE, "a person has answered"),
        ("delay", {"is_over": True}, KNOWN + MINUTE, "it is over"),
        ("closing", {"is_over": True}, KNOWN, None),
        ("closing", {}, KNOWN, "it is open again"),
    ],
)
def test_news_that_contradicts_what_is_known_is_not_told(
    news: News, changes: dict[str, Any], at: datetime, reason: str | None
) -> None:
    usual: dict[str, Any] = {"state": State.QUEUED, "told_at": KNOWN}
    assert contradicts(Standing(**usual | changes), news, at, MORNING) == reason


def test_beside_a_known_time_no_later_one_is_told_unless_that_has_passed() -> None:
    later = KNOWN + MINUTE
    assert not_later(later, KNOWN, MORNING) == KNOWN
    assert not_later(later, MORNING, MORNING) == later
    assert not_later(later, None, MORNING) == later


def test_a_computed_time_is_told_in_whole_minutes_and_no_earlier() -> None:
    assert to_whole_minutes(MORNING) == MORNING
    assert to_whole_minutes(MORNING + timedelta(seconds=1)) == MORNING + MINUTE
