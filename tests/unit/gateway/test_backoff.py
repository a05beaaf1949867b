"""When to try again, and when to give up: the figures of the design."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.outbox.backoff import GIVE_UP, is_hopeless, next_try
from tests.building import MORNING


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (50, 60)])
def test_mail_is_tried_after_1_5_15_and_30_minutes_then_hourly(tries: int, minutes: int) -> None:
    assert next_try(tries, mail=True, jitter=0.9) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 15), (2, 30), (3, 60), (8, 1920), (9, 3600), (1000, 3600)]
)
def test_others_are_tried_after_15_seconds_doubling_to_an_hour(tries: int, seconds: int) -> None:
    assert next_try(tries, mail=False, jitter=0) == timedelta(seconds=seconds)


@given(st.integers(1, 10_000), st.floats(0, 1), st.booleans())
def test_jitter_shortens_by_a_quarter_at_most(tries: int, jitter: float, mail: bool) -> None:
    longest = next_try(tries, mail=mail, jitter=0)
    assert longest * 0.75 <= next_try(tries, mail=mail, jitter=jitter) <= longest


@given(st.integers(1, 50), st.timedeltas(timedelta(), timedelta(days=1)), st.booleans())
def test_a_providers_wish_is_never_undercut(tries: int, wish: timedelta, mail: bool) -> None:
    assert next_try(tries, mail=mail, jitter=1, retry_after=wish) >= wish


def test_after_four_days_a_message_is_hopeless() -> None:
    assert timedelta(days=4) == GIVE_UP
    assert not is_hopeless(MORNING, MORNING + GIVE_UP)
    assert is_hopeless(MORNING, MORNING + GIVE_UP + timedelta(seconds=1))
