"""Who gets which ticket: rule by rule, and everybody else with the reason why not."""

import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.calendar import BusinessHours, Slot
from gateway.domain.roster import Person, share_of, shift_end
from gateway.domain.routing_route import Matter, Routed, has_people, route, supervisors_of
from gateway.domain.routing_rules import LAST_RANK, Dispatch

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def a_person(id: int = 1, **changes: Any) -> Person:
    return replace(Person(id=id, number=str(1000 + id), state="online"), **changes)


def a_matter(**changes: Any) -> Matter:
    return replace(Matter(department="support", waits_since=NOW), **changes)


def routed(matter: Matter, *people: Person, **rules: Any) -> Routed:
    return route(matter, people, replace(Dispatch(), **rules), NOW)


def hours(*slots: tuple[int, int]) -> BusinessHours:
    day = tuple(Slot(opens=time(opens), closes=time(closes % 24)) for opens, closes in slots)
    return BusinessHours(zone=SHANGHAI, weekly=(day,) * 7)


# --- always: present, at work, with room ---


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (a_person(state="offline"), "offline"),
        (a_person(state="away"), "away"),
        (a_person(hours=hours((12, 20))), "not their hours"),
        (a_person(load=1.0), "no room"),
        (a_person(load=0.9), "no room"),
        (a_person(capacity={"chat": 0}), "takes none of this kind"),
        (a_person(departments=frozenset({"tech"})), "other department"),
        (a_person(languages=("en",)), "other language"),
    ],
)
def test_who_cannot_take_it_is_named_with_the_reason(person: Person, why: str) -> None:
    outcome = routed(a_matter(), person)
    assert outcome.person is None
    assert outcome.why_not == {why: ("1001",)}


def test_nobody_at_work_is_told_apart_from_nobody_free() -> None:
    assert routed(a_matter()).because == "nobody is at work"
    assert routed(a_matter(), a_person(state="away")).because == "nobody is at work"
    assert routed(a_matter(), a_person(load=1.0)).because == "nobody can take it now"


def test_without_hours_of_their_own_presence_says_that_they_work() -> None:
    night = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    assert route(a_matter(waits_since=night), [a_person()], Dispatch(), night).person is not None


def test_four_chats_and_four_mails_fill_one_person() -> None:
    assert share_of("chat", {}, Dispatch().capacity) == pytest.approx(0.2)
    full = a_person(load=4 * 0.2 + 4 * 0.05)
    assert routed(a_matter(kind="mail"), full).person is None
    assert routed(a_matter(kind="mail"), replace(full, load=4 * 0.2 + 3 * 0.05)).person is not None
    assert routed(a_matter(), replace(full, load=4 * 0.2)).person is not None


def test_a_capacity_of_their_own_wins_over_the_houses() -> None:
    beginner = a_person(capacity={"chat": 1}, load=0.2)
    assert routed(a_matter(), beginner).person is None
    assert routed(a_matter(kind="mail"), beginner).person is beginner


# --- skill, language, department ---


def test_a_skill_of_the_subtypes_name_is_wanted_where_somebody_has_it() -> None:
    able, other, none = (
        a_person(1, skills=frozenset({"refund"}), load=0.6),
        a_person(2, skills=frozenset({"x"})),
        a_person(3),
    )
    outcome = routed(a_matter(subtype="refund"), able, other, none)
    assert outcome.person is able
    assert outcome.rule == "skill"
    assert outcome.why_not == {"lacks the skill": ("1002",), "no skills: general matters only": ("1003",)}


def test_a_skill_that_nobody_has_makes_it_a_general_matter() -> None:
    assert routed(a_matter(subtype="warranty"), a_person(skills=frozenset({"refund"}))).person is not None


def test_a_subtype_may_ask_for_a_skill_of_another_name() -> None:
    able = a_person(2, skills=frozenset({"money"}))
    outcome = routed(a_matter(subtype="refund"), a_person(1), able, skills={"refund": ("money",)})
    assert outcome.person is able


def test_after_a_long_wait_anybody_of_the_language_will_do() -> None:
    expert = a_person(1, skills=frozenset({"refund"}), state="offline")
    free, foreign = a_person(2, departments=frozenset({"tech"})), a_person(3, languages=("en",))
    waiting = a_matter(subtype="refund")
    assert routed(waiting, expert, free, foreign).person is None
    outcome = routed(replace(waiting, waits_since=NOW - timedelta(minutes=10)), expert, free, foreign)
    assert (outcome.person, outcome.rule) == (free, "anybody")


@pytest.mark.parametrize(("lang", "fits"), [("zh-TW", True), ("zh-CN", True), ("en", False)])
def test_one_chinese_does_for_the_other(lang: str, fits: bool) -> None:
    assert (routed(a_matter(lang=lang), a_person(languages=("zh-CN",))).person is not None) is fits


# --- complaints and urgent matters ---


@pytest.mark.parametrize(
    "matter",
    [
        a_matter(type="complaint"),
        a_matter(anomaly="outage"),
        a_matter(urgency="urgent"),
        a_matter(urgency="critical"),
    ],
)
def test_t5_complaints_and_urgent_matters_go_to_a_supervisor(matter: Matter) -> None:
    boss = a_person(2, role="supervisor", load=0.4)
    outcome = routed(matter, a_person(1), boss)
    assert (outcome.person, outcome.rule) == (boss, "supervisor")
    assert outcome.why_not == {"not a supervisor of the department": ("1001",)}


def test_without_a_supervisor_at_work_an_agent_takes_the_complaint() -> None:
    agent, boss = a_person(1), a_person(2, role="supervisor", state="away")
    assert routed(a_matter(type="complaint"), agent, boss).person is agent


def test_the_departments_own_supervisor_comes_before_one_of_all() -> None:
    everywhere = a_person(1, role="supervisor")
    own = a_person(2, role="supervisor", supervises=frozenset({"support"}))
    other = a_person(3, role="supervisor", supervises=frozenset({"tech"}))
    assert supervisors_of("support", [everywhere, own, other]) == [own]
    assert supervisors_of("pr", [everywhere, own, other]) == [everywhere]
    assert routed(a_matter(type="complaint"), everywhere, own, other).person is own


def test_supervisors_are_spared_ordinary_matters_while_the_department_has_agents() -> None:
    boss, agent = a_person(1, role="supervisor"), a_person(2, state="offline")
    assert routed(a_matter(), boss, agent).why_not == {"a supervisor": ("1001",), "offline": ("1002",)}
    assert routed(a_matter(), boss).person is boss


def test_the_house_may_have_supervisors_only_watch() -> None:
    rules = {"complaint": "watch", "urgent": "no", "critical": "assign"}
    of = Dispatch(to_supervisor=rules).oversight  # type: ignore[arg-type] # words of a file
    assert of(type="complaint", urgency="normal") == "watch"
    assert of(type="aftersale", urgency="urgent") == "no"
    assert of(type="complaint", urgency="critical") == "assign"


# --- those who know the customer ---


def test_t6_a_vip_goes_to_their_own_agent_whatever_the_skill() -> None:
    own = a_person(1, load=0.6, departments=frozenset({"tech"}))
    vip = a_matter(is_vip=True, own_agent=1, type="complaint", subtype="refund")
    outcome = routed(vip, own, a_person(2, role="supervisor"))
    assert (outcome.person, outcome.rule) == (own, "own_agent")


def test_a_vip_whose_agent_is_away_is_routed_like_others() -> None:
    vip = a_matter(is_vip=True, own_agent=1)
    assert routed(vip, a_person(1, state="away"), a_person(2)).rule == "skill"


def test_t7_a_returning_customer_goes_to_the_first_agent_who_is_there() -> None:
    first, second, fresh = a_person(1, state="offline"), a_person(2, load=0.6), a_person(3)
    outcome = routed(a_matter(knows=(1, 2)), first, second, fresh)
    assert (outcome.person, outcome.rule) == (second, "knows")


# --- second line ---


def test_t9_the_second_line_is_asked_for_what_the_first_cannot_solve() -> None:
    first, second = a_person(1), a_person(2, line=2, load=0.6)
    assert routed(a_matter(line=2, knows=(1,)), first, second).person is second
    assert routed(a_matter(), first, second).person is first


def test_a_house_without_a_second_line_has_its_supervisors_for_one() -> None:
    boss = a_person(2, role="supervisor")
    assert routed(a_matter(line=2), a_person(1), boss).person is boss


# --- among equals ---


def test_the_one_with_less_in_hand_comes_first_then_whose_turn_it_is() -> None:
    one, two, three = a_person(1, turn=5), a_person(2, turn=3), a_person(3, turn=1, load=0.2)
    outcome = routed(a_matter(), one, two, three)
    assert outcome.person is two
    assert outcome.why_not == {"more in hand": ("1003",), "not their turn": ("1001",)}


def test_turns_go_round() -> None:
    people = [a_person(n) for n in (1, 2, 3)]
    given = []
    for turn in range(1, 7):
        chosen = routed(a_matter(), *people).person
        assert chosen is not None
        given.append(chosen.id)
        people = [replace(one, turn=turn) if one.id == chosen.id else one for one in people]
    assert given == [1, 2, 3, 1, 2, 3]


PEOPLE = st.builds(
    Person,
    id=st.integers(1, 50),
    number=st.integers(1001, 1050).map(str),
    role=st.sampled_from(["agent", "agent", "supervisor"]),
    state=st.sampled_from(["online", "online", "away", "offline"]),
    departments=st.sampled_from([frozenset(), frozenset({"support"}), frozenset({"tech"})]),
    skills=st.sampled_from([frozenset(), frozenset({"refund"})]),
    languages=st.sampled_from([(), ("en",), ("zh-CN",)]),
    load=st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]),
    line=st.sampled_from([1, 1, 2]),
    turn=st.integers(0, 5),
)


@given(
    people=st.lists(PEOPLE, max_size=12, unique_by=(lambda one: one.id, lambda one: one.number)),
    subtype=st.sampled_from([None, "refund"]),
    urgency=st.sampled_from(["normal", "critical"]),
    lang=st.sampled_from(["zh-CN", "en"]),
    seed=st.integers(0, 9),
)
def test_everybody_is_accounted_for_and_the_order_of_asking_does_not_matter(
    people: list[Person], subtype: str | None, urgency: str, lang: str, seed: int
) -> None:
    matter = a_matter(subtype=subtype, urgency=urgency, lang=lang)
    outcome = routed(matter, *people)
    named = [number for numbers in outcome.why_not.values() for number in numbers]
    chosen = [outcome.person.number] if outcome.person else []
    assert sorted(named + chosen) == sorted(one.number for one in people)
    if outcome.person:
        assert outcome.person.state == "online"
        assert outcome.person.load < 1
    shuffled = list(people)
    random.Random(seed).shuffle(shuffled)
    assert routed(matter, *shuffled) == outcome


def test_the_record_holds_rule_choice_and_reasons() -> None:
    record = routed(a_matter(), a_person(1), a_person(2, state="away")).record()
    assert record == {"rule": "skill", "agent": "1001", "why_not": {"away": ["1002"]}}


def test_a_department_without_people_is_seen() -> None:
    people = [a_person(departments=frozenset({"support"}), state="offline")]
    assert has_people("support", people)
    assert not has_people("tech", people)
    assert has_people("tech", [a_person()])


# --- who is taken first ---


def test_customers_are_taken_in_the_order_of_the_house() -> None:
    rank = Dispatch().rank
    lanes = [
        rank(urgency="critical", is_vip=True),
        rank(urgency="urgent", is_vip=True),
        rank(urgency="normal", returned=True),
        rank(urgency="urgent"),
        rank(urgency="normal", tags=["老年人"]),
        rank(urgency="normal", tags=["重点跟进"]),
    ]
    assert lanes == [0, 1, 2, 3, 4, LAST_RANK]


def test_a_lane_that_the_house_left_out_gives_no_precedence() -> None:
    assert Dispatch(order=("critical",)).rank(urgency="normal", is_vip=True) == LAST_RANK


# --- the end of a shift ---


@pytest.mark.parametrize(
    ("slots", "at", "ends"),
    [
        (((9, 18),), 10, 18),
        (((9, 12), (13, 18)), 10, 18),
        (((9, 12), (13, 18)), 12, None),
        (((9, 18),), 18, None),
        (((22, 6),), 23, 30),
        (((0, 24),), 10, None),
    ],
)
def test_a_working_day_ends_with_its_last_slot(
    slots: tuple[tuple[int, int], ...], at: int, ends: int | None
) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=SHANGHAI)
    wanted = None if ends is None else midnight + timedelta(hours=ends)
    assert shift_end(midnight + timedelta(hours=at), hours(*slots)) == wanted
