"""House rules as the steps read them."""

from datetime import timedelta

import pytest

from gateway.domain.policy import Localized, Policy, choose_language
from gateway.settings import Settings

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Settings().policy()


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("zh-CN", "zh-CN"),
        ("ZH-cn", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("zh-Hant", "zh-CN"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "zh-CN"),
    ],
)
def test_a_reader_gets_the_nearest_language_there_is(wanted: str, got: str) -> None:
    assert choose_language(wanted, ("zh-CN", "en")) == got


def test_without_english_a_stranger_gets_the_houses_own_language() -> None:
    assert choose_language("fr", ("zh-CN", "zh-TW")) == "zh-CN"


def test_a_text_falls_back_to_what_there_is() -> None:
    text = Localized({"zh-CN": "您好"})
    assert (text.zh, text.en) == ("您好", "您好")


@pytest.mark.parametrize(
    ("about", "department"),
    [
        ({"type": "presale"}, "support"),
        ({"type": "complaint"}, "aftersales"),
        ({"type": "presale", "anomaly": "outage"}, "tech"),
        ({"type": "none"}, "support"),
    ],
)
def test_tickets_go_to_the_department_of_their_anomaly_or_type(
    policy: Policy, about: dict[str, str], department: str
) -> None:
    assert policy.routing.department(**about) == department


def test_a_department_is_found_by_its_id(policy: Policy) -> None:
    found = policy.department("tech")
    assert found is not None
    assert found.accepts_within == 2 * HOUR
    assert policy.department("nobody") is None


@pytest.mark.parametrize(
    ("kind", "urgency", "anomaly", "span"),
    [
        ("chat", "normal", "none", timedelta(minutes=1)),
        ("social", "normal", "none", 2 * HOUR),
        ("mail", "normal", "none", 2 * HOUR),
        ("mail", "critical", "none", HOUR / 2),
        ("chat", "urgent", "none", timedelta(minutes=1)),
        ("mail", "normal", "media", HOUR),
        ("mail", "normal", "complaint", 2 * HOUR),
    ],
)
def test_the_first_answer_is_due_by_the_strictest_rule(
    policy: Policy, kind: str, urgency: str, anomaly: str, span: timedelta
) -> None:
    assert policy.spans.answer_for(kind=kind, urgency=urgency, anomaly=anomaly) == span  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    ("urgency", "anomaly", "is_return", "span"),
    [
        ("normal", "none", False, 24 * HOUR),
        ("normal", "none", True, 48 * HOUR),
        ("urgent", "none", True, 2 * HOUR),
        ("normal", "complaint", False, 48 * HOUR),
        ("normal", "serious", False, 24 * HOUR),
        ("critical", "complaint", False, 2 * HOUR),
        ("normal", "outage", False, 2 * HOUR),
    ],
)
def test_a_solution_is_due_by_anomaly_urgency_and_kind_of_matter(
    policy: Policy, urgency: str, anomaly: str, is_return: bool, span: timedelta
) -> None:
    assert policy.spans.resolution_for(urgency=urgency, anomaly=anomaly, is_return=is_return) == span


def test_the_defaults_are_the_handbooks_strictest_figures(policy: Policy) -> None:
    spans = policy.spans
    assert spans.welcome == timedelta(seconds=10)
    assert spans.agent_greeting == timedelta(seconds=30)
    assert spans.first_response_latest == 24 * HOUR
    assert spans.overdue_cause == HOUR
    assert (spans.rating_follow_up, spans.rating_follow_up_latest) == (2 * HOUR, 24 * HOUR)
    assert policy.reopen_within == 72 * HOUR
    assert policy.handling_default == timedelta(minutes=5)
    assert policy.rating_low == 3
    assert (policy.attempts.count, policy.attempts.within) == (3, timedelta(minutes=1))
