"""How fast anybody may ask."""

from datetime import timedelta

import pytest

from gateway.errors import TooMany
from gateway.web.limits import MOST_BUCKETS, Pace, Paces

THREE = Pace(amount=3, per=timedelta(seconds=30))


def test_so_many_at_once_and_then_one_by_one() -> None:
    paces = Paces()
    for _ in range(3):
        paces.take("a", THREE, 0.0)
    with pytest.raises(TooMany) as raised:
        paces.take("a", THREE, 4.0)
    assert raised.value.retry_after == timedelta(seconds=6)
    paces.take("a", THREE, 10.0)
    with pytest.raises(TooMany):
        paces.take("a", THREE, 10.0)


def test_nobody_pays_for_another() -> None:
    paces = Paces()
    for _ in range(3):
        paces.take("a", THREE, 0.0)
    paces.take("b", THREE, 0.0)


def test_refusals_do_not_put_off_the_next_permit() -> None:
    paces = Paces()
    for _ in range(3):
        paces.take("a", THREE, 0.0)
    for tenth in range(1, 100):
        with pytest.raises(TooMany):
            paces.take("a", THREE, tenth / 10)
    paces.take("a", THREE, 10.0)


@pytest.mark.parametrize("hurry", [0.0, 0.01])
def test_a_million_askers_take_no_more_room_than_thousands(hurry: float) -> None:
    paces = Paces()
    for number in range(3 * MOST_BUCKETS):
        paces.take(number, THREE, number * hurry)
    assert len(paces) <= MOST_BUCKETS
