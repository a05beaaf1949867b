"""Playing past arrivals through a roster: sums that can be done by hand, and laws that hold for any."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.roster import Person
from gateway.domain.routing_route import Matter
from gateway.domain.routing_rules import Dispatch
from gateway.domain.simulation import Arrival, Fate, play
from gateway.domain.simulation_figures import by_department, by_hour, by_kind, figures
from tests.building import a_policy, hours

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""9:00 in Shanghai: the house opens."""
END = MONDAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)
ALONE = {"chat": 1}


def an_arrival(number: int, after: float, takes: float = 10, **matter: Any) -> Arrival:
    usual = Matter(department="support", waits_since=MONDAY + after * MINUTE)
    return Arrival(
        number=f"T{number:03}",
        matter=replace(usual, **matter),
        occupies=takes * MINUTE,
        reply_after=timedelta(seconds=20),
    )


def a_person(id: int = 1, **changes: Any) -> Person:
    return replace(Person(id=id, number=str(1000 + id), capacity=ALONE), **changes)


def waits(fates: tuple[Fate, ...]) -> list[float | None]:
    return [
        None if one.taken_at is None else (one.taken_at - one.came_at).total_seconds() / 60 for one in fates
    ]


def test_one_person_takes_one_after_the_other() -> None:
    arrivals = [an_arrival(n, after) for n, after in ((1, 0), (2, 1), (3, 2))]
    played = play(arrivals, [a_person()], a_policy(), END)
    assert waits(played.fates) == [0, 9, 18]
    assert [one.is_late for one in played.fates] == [False, True, True]
    assert played.given == {"1001": 3}
    assert played.busy["1001"] == pytest.approx(30 / (9 * 60))


def test_a_second_person_halves_the_queue_and_a_larger_capacity_does_it_alone() -> None:
    arrivals = [an_arrival(n, 0) for n in range(4)]
    assert waits(play(arrivals, [a_person(1), a_person(2)], a_policy(), END).fates) == [0, 0, 10, 10]
    assert waits(play(arrivals, [a_person(capacity={"chat": 4})], a_policy(), END).fates) == [0, 0, 0, 0]


def test_what_comes_at_night_waits_for_the_opening() -> None:
    night = an_arrival(1, -600)
    played = play([night], [a_person()], a_policy(), END)
    assert played.fates[0].taken_at == MONDAY
    assert not played.fates[0].is_late  # opening time began then


def test_hours_of_their_own_decide_when_somebody_works() -> None:
    late = a_person(hours=hours((12, 20)))
    assert waits(play([an_arrival(1, 0)], [late], a_policy(), END).fates) == [180]


def test_a_vip_is_taken_before_those_who_came_earlier() -> None:
    arrivals = [an_arrival(1, 0), an_arrival(2, 1), an_arrival(3, 2, is_vip=True)]
    assert waits(play(arrivals, [a_person()], a_policy(), END).fates) == [0, 19, 8]


def test_without_the_skill_it_waits_until_anybody_will_do() -> None:
    expert = a_person(2, skills=frozenset({"refund"}), hours=hours((18, 20)))
    played = play([an_arrival(1, 0, subtype="refund")], [a_person(), expert], a_policy(), END)
    assert waits(played.fates) == [10]
    assert played.fates[0].agent == "1001"


@pytest.mark.parametrize("people", [[], [a_person(capacity={"chat": 0})], [a_person(languages=("en",))]])
def test_what_nobody_can_take_is_late_and_counted(people: list[Person]) -> None:
    played = play([an_arrival(1, 0)], people, a_policy(), END)
    assert waits(played.fates) == [None]
    told = figures(played.fates)
    assert (told.count, told.untaken, told.late, told.wait_p50) == (1, 1, 1, None)


def test_nothing_came() -> None:
    played = play([], [a_person()], a_policy(), END)
    assert (played.fates, played.given) == ((), {"1001": 0})
    assert figures(()).late_share == 0


def test_a_house_that_never_opens_takes_nothing_and_comes_to_an_end() -> None:
    assert waits(play([an_arrival(1, 0)], [a_person(hours=hours())], a_policy(), END).fates) == [None]


def test_a_house_that_never_closes_takes_it_at_once_on_any_night() -> None:
    always = a_person(hours=hours((0, 24)))
    assert waits(play([an_arrival(1, -300)], [always], a_policy(), END).fates) == [0]


def test_other_rules_give_another_outcome() -> None:
    arrivals = [an_arrival(n, 0) for n in range(3)]
    policy = a_policy(dispatch=Dispatch(capacity={"chat": 3, "social": 20, "mail": 20}))
    assert waits(play(arrivals, [a_person(capacity={})], policy, END).fates) == [0, 0, 0]


def test_figures_are_by_nearest_rank_and_by_the_houses_clock() -> None:
    arrivals = [an_arrival(n, 0, takes=1) for n in range(10)] + [an_arrival(10, 120, kind="mail")]
    fates = play(arrivals, [a_person()], a_policy(), END).fates
    chat = by_kind(fates)["chat"]
    assert (chat.wait_p50, chat.wait_p90) == (4 * MINUTE, 8 * MINUTE)
    assert [*by_department(fates)] == ["support"]
    assert {hour: one.count for hour, one in by_hour(fates, a_policy().hours.zone).items()} == {
        "09": 10,
        "11": 1,
    }


@settings(max_examples=60, deadline=None)
@given(
    came=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 60), st.booleans()), max_size=25),
    capacities=st.lists(st.integers(0, 4), min_size=1, max_size=4),
)
def test_nobody_ever_has_more_than_their_room_and_it_always_comes_out_the_same(
    came: list[tuple[int, int, bool]], capacities: list[int]
) -> None:
    people = [a_person(n, capacity={"chat": room}) for n, room in enumerate(capacities)]
    arrivals = [an_arrival(n, after, takes, is_vip=vip) for n, (after, takes, vip) in enumerate(came)]
    played = play(arrivals, people, a_policy(), END)
    again = play(list(reversed(arrivals)), list(reversed(people)), a_policy(), END)
    assert (again.fates, again.given) == (played.fates, played.given)
    assert len(played.fates) == len(arrivals)
    takes = {one.number: one.occupies for one in arrivals}
    for person in people:
        mine = [one for one in played.fates if one.agent == person.number and one.taken_at is not None]
        for one in mine:
            at = one.taken_at
            assert at is not None
            held = [
                each
                for each in mine
                if each.taken_at is not None and each.taken_at <= at < each.taken_at + takes[each.number]
            ]
            assert len(held) <= person.capacity["chat"]
            assert at >= one.came_at
    assert all(0 <= share <= 1 + 1e-6 for share in played.busy.values())
