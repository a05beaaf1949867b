"""Which setting says how long: the strictest of all that apply, by name."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.promise import Promise, PromiseRules, Stage
from gateway.domain.promise_rules import About, owed, reminded, rule_of
from tests.building import MORNING, NIGHT, a_policy

HOUR = timedelta(hours=1)
POLICY = a_policy()


def setting(kind: str, **about: object) -> tuple[str, timedelta]:
    rule = rule_of(kind, POLICY, About(**about))  # type: ignore[arg-type] # named by each case
    assert rule is not None
    return rule.setting, rule.span


@pytest.mark.parametrize(
    ("kind", "about", "wanted"),
    [
        ("first_response", {}, ("promises.first_response.chat", timedelta(minutes=1))),
        ("first_response", {"channel": "mail"}, ("promises.first_response.mail", 2 * HOUR)),
        (
            "first_response",
            {"channel": "mail", "urgency": "urgent"},
            ("promises.first_response.urgent", HOUR / 2),
        ),
        (
            "first_response",
            {"urgency": "critical"},
            ("promises.first_response.chat", timedelta(minutes=1)),
        ),
        ("first_response", {"channel": "mail", "anomaly": "media"}, ("promises.media.answer", HOUR)),
        ("next_response", {"channel": "social"}, ("promises.next_response.social", 2 * HOUR)),
        ("resolution", {}, ("promises.resolution.normal", 24 * HOUR)),
        ("resolution", {"urgency": "urgent"}, ("promises.resolution.urgent", 2 * HOUR)),
        ("resolution", {"subtype": "return_exchange"}, ("promises.resolution.returns", 48 * HOUR)),
        ("resolution", {"anomaly": "complaint"}, ("promises.complaint.solve", 48 * HOUR)),
        ("resolution", {"anomaly": "outage"}, ("promises.outage.solve", 2 * HOUR)),
        (
            "resolution",
            {"anomaly": "complaint", "urgency": "urgent"},
            ("promises.resolution.urgent", 2 * HOUR),
        ),
        ("acceptance", {"department": "tech"}, ("departments.tech.accepts_within", 2 * HOUR)),
        ("explanation", {}, ("promises.overdue_cause", HOUR)),
        ("report", {}, ("promises.report_serious", timedelta(minutes=5))),
        ("verify", {}, ("promises.verify_serious", HOUR / 2)),
        ("second_line", {}, ("promises.second_line", 2 * HOUR)),
        ("follow_up", {}, ("promises.solved_follow_up", 24 * HOUR)),
    ],
)
def test_the_strictest_setting_that_applies_decides(
    kind: str, about: dict[str, str], wanted: tuple[str, timedelta]
) -> None:
    assert setting(kind, **about) == wanted


def test_what_no_setting_speaks_of_is_not_promised_by_rule() -> None:
    assert rule_of(Stage.PROMISED, POLICY, About()) is None
    assert rule_of(Stage.ACCEPTANCE, POLICY, About(department="nowhere")) is None
    with pytest.raises(LookupError, match="review"):
        owed(Stage.REVIEW, POLICY, About(), now=MORNING, because="x")


def test_a_promise_keeps_its_rule_its_version_and_both_its_times() -> None:
    made = owed("first_response", POLICY, About(channel="mail", department="tech"), now=NIGHT, because="x")
    opening = NIGHT + 11 * HOUR
    assert (made.due_at, made.warn_at) == (opening + 2 * HOUR, opening + 1.5 * HOUR)
    assert (made.rule, made.owner, made.span) == ("promises.first_response.mail", "tech", 2 * HOUR)
    assert made.version == POLICY.promises.version != ""


def test_stages_may_count_all_time_and_be_warned_of_at_their_own_share() -> None:
    rules = PromiseRules(counts={"first_response": "calendar"}, warn={"first_response": 0.5})
    made = owed(
        "first_response", replace(POLICY, promises=rules), About(channel="mail"), now=MORNING, because="x"
    )
    assert (made.due_at, made.warn_at) == (MORNING + 2 * HOUR, MORNING + HOUR)


def test_a_next_answer_takes_as_long_as_a_first_one_where_nothing_else_is_said() -> None:
    rule = rule_of("next_response", replace(POLICY, promises=PromiseRules()), About())
    assert rule is not None
    assert rule.setting == "promises.first_response.chat"


@pytest.mark.parametrize(("ahead", "before"), [(8 * HOUR, HOUR / 2), (HOUR / 3, HOUR / 12)])
def test_a_fixed_time_comes_up_half_an_hour_before_or_after_most_of_what_is_left(
    ahead: timedelta, before: timedelta
) -> None:
    due = MORNING + ahead
    made = reminded(Promise(kind="promised", owner="tech", due_at=due, because="x"), POLICY, MORNING)
    assert made.warn_at == due - before
