"""What is a burst and what is an ordinary busy hour; how an emergency's review is pre-filled."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.emergency import (
    Cause,
    Emergency,
    EmergencyRules,
    Seen,
    bursts,
    tail,
    topics_of,
    usual_rate,
)
from gateway.domain.emergency_report import EmergencyFacts, draft_report
from gateway.domain.localized import Localized
from gateway.texts import load_texts
from tests.building import a_policy

RULES = EmergencyRules()
NOTICE = Localized({"zh-CN": "处理中", "en": "We are on it"})


def test_five_complaints_in_a_house_that_sees_one_an_hour_are_a_burst_and_four_are_not() -> None:
    assert bursts([Seen(topic="complaints", count=5, usual=0.25)], RULES)
    assert not bursts([Seen(topic="complaints", count=4, usual=0.25)], RULES)


def test_thirty_where_twenty_are_usual_are_a_busy_hour() -> None:
    assert not bursts([Seen(topic="subtype:refund", count=30, usual=20.0)], RULES)
    assert bursts([Seen(topic="subtype:refund", count=60, usual=20.0)], RULES)


def test_the_least_probable_topic_comes_first() -> None:
    found = bursts([Seen(topic="a", count=12, usual=1.0), Seen(topic="b", count=30, usual=1.0)], RULES)
    assert [one.topic for one in found] == ["b", "a"]


@given(st.integers(1, 400), st.floats(0.1, 200))
def test_the_tail_is_a_probability_that_falls_with_the_count(count: int, rate: float) -> None:
    assert 0 <= tail(count + 1, rate) <= tail(count, rate) + 1e-9 <= 1 + 1e-9


@pytest.mark.parametrize(
    ("count", "rate", "expected"), [(1, 1.0, 0.632121), (5, 0.25, 6.611e-6), (10, 3.0, 1.1025e-3)]
)
def test_the_tail_is_poissons(count: int, rate: float, expected: float) -> None:
    assert tail(count, rate) == pytest.approx(expected, rel=1e-3)


def test_four_weeks_of_ordinary_days_raise_hardly_a_false_alarm() -> None:
    chance, false = Random(7), 0
    for _ in range(4 * 7 * 24 * 4):  # every quarter of an hour of four weeks, three tickets each on the mean
        count = sum(chance.random() < 0.03 for _ in range(100))
        false += bool(bursts([Seen(topic="any", count=count, usual=usual_rate(3.0, 3.0))], RULES))
    assert false <= 1


def test_a_complaint_with_a_loss_is_a_complaint_too_and_a_topic_of_its_own() -> None:
    found = set(topics_of(anomaly="serious", subtype="refund", topic="退货政策"))
    assert found == {"anomaly:serious", "complaints", "subtype:refund", "entry:退货政策"}
    assert set(topics_of(anomaly="none", subtype=None)) == set()


def test_an_emergency_without_topics_concerns_everything_on_its_channel() -> None:
    mail = Emergency(id=1, cause=Cause.CHANNEL, notice=NOTICE, channel="mail")
    assert mail.concerns((), "mail")
    assert not mail.concerns((), "web")
    payment = Emergency(id=2, cause=Cause.BURST, notice=NOTICE, topics=frozenset({"subtype:payment"}))
    assert payment.concerns(("subtype:payment", "complaints"), "web")
    assert not payment.concerns(("subtype:refund",), "web")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_report_holds_every_figure_and_leaves_the_why_to_people(lang: str) -> None:
    began = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    facts = EmergencyFacts(
        id=3,
        cause="burst",
        topics=("subtype:payment",),
        channel="",
        because="subtype:payment: 14 within 0:15:00, usually 0.50",
        proposed_at=began,
        started_at=began + timedelta(minutes=2),
        ended_at=began + timedelta(minutes=62),
        notice="notice",
        news=((began + timedelta(minutes=30), "half of it works"),),
        conversations=14,
        contacts=13,
        by_channel={"web": 12, "mail": 2},
        tickets=("T20261123-0001", "T20261123-0002"),
        answered_within=timedelta(minutes=4),
        late=1,
    )
    report = draft_report(facts, a_policy(), load_texts(), lang, began + timedelta(days=1))
    for piece in (
        "2026-11-23 10:00",
        "60",
        "13",
        "14",
        "web: 12",
        "T20261123-0002",
        "half of it works",
        "4.0",
    ):
        assert piece in report
    assert report.count("## ") == 6
