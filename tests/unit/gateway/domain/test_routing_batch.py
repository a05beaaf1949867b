"""What is done about all who wait: in order, with the room that those before leave."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.domain.roster import Person
from gateway.domain.routing_batch import Decision, decide_all
from gateway.domain.routing_route import Matter
from gateway.domain.routing_rules import Dispatch

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A ticket in the queue, as little of it as there may be."""

    number: str
    matter: Matter
    suggested: int | None = None
    supervisor: int | None = None


def a_ticket(
    number: int, *, suggested: int | None = None, supervisor: int | None = None, **matter: Any
) -> Waiting:
    usual = Matter(department="support", waits_since=NOW - timedelta(minutes=1))
    return Waiting(
        number=f"T{number}", matter=replace(usual, **matter), suggested=suggested, supervisor=supervisor
    )


def a_person(id: int, **changes: Any) -> Person:
    return replace(Person(id=id, number=str(1000 + id), state="online"), **changes)


def decided(people: list[Person], *waiting: Waiting, **rules: Any) -> dict[str, Decision]:
    found = decide_all(waiting, people, replace(Dispatch(), **rules), NOW)
    return {one.number: one for one in found}


def chosen(found: dict[str, Decision]) -> dict[str, int | None]:
    return {
        number: one.routed.person.id if one.routed.person else None
        for number, one in found.items()
        if one.routed is not None
    }


def test_each_ticket_leaves_less_room_for_the_next() -> None:
    people = [a_person(1, capacity={"chat": 2}), a_person(2, capacity={"chat": 1})]
    found = decided(people, *(a_ticket(n) for n in range(5)))
    assert chosen(found) == {"T0": 1, "T1": 2, "T2": 1}


def test_who_was_asked_and_is_there_is_not_asked_anew() -> None:
    assert decided([a_person(1), a_person(2)], a_ticket(1, suggested=1)) == {}


@pytest.mark.parametrize("state", ["away", "offline"])
def test_who_was_asked_and_is_gone_is_replaced(state: str) -> None:
    found = decided([a_person(1, state=state), a_person(2)], a_ticket(1, suggested=1))
    assert chosen(found) == {"T1": 2}
    assert found["T1"].instead_of == 1


def test_a_suggestion_is_taken_back_when_nobody_is_left() -> None:
    assert chosen(decided([a_person(1, state="away")], a_ticket(1, suggested=1))) == {"T1": None}


def test_where_agents_take_what_they_like_nobody_is_asked() -> None:
    assert decided([a_person(1)], a_ticket(1), mode="queue") == {}


def test_a_supervisor_watches_whatever_the_mode() -> None:
    boss = a_person(2, role="supervisor", state="offline")
    found = decided([a_person(1), boss], a_ticket(1, type="complaint"), mode="queue")
    assert found["T1"].watch == boss
    assert decided([a_person(1), boss], a_ticket(1, type="complaint", supervisor=2), mode="queue") == {}


def test_a_house_without_supervisors_is_known_to_have_none() -> None:
    found = decided([a_person(1)], a_ticket(1, urgency="critical"))
    assert found["T1"].is_unwatched
    assert found["T1"].routed is not None
    assert not decided([a_person(1)], a_ticket(1, urgency="critical", supervisor=0), mode="queue")


def test_a_department_without_people_is_named() -> None:
    found = decided([a_person(1, departments=frozenset({"tech"}))], a_ticket(1))
    assert found["T1"].has_no_people


def test_what_nobody_can_take_is_tried_once_for_all_alike() -> None:
    people = [a_person(1, load=1.0)]
    assert decided(people, *(a_ticket(n) for n in range(3))) == {}
