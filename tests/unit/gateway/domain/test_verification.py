"""Limits, times and what a message gives, as plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.entities import EntityRules
from gateway.domain.verification import Tally, VerificationRules, Why, say_at, stands_in_the_way
from gateway.domain.verification_claims import read_given

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RULES = VerificationRules()
counts = st.integers(0, 40)


@given(counts, counts, counts, counts, st.integers(0, 100_000))
def test_more_failures_never_open_a_door(misses: int, order: int, orders: int, site: int, ago: int) -> None:
    """Whatever stands in the way goes on doing so with one failure more of any kind."""
    last = NOW - timedelta(seconds=ago)
    tally = Tally(misses=misses, last_miss_at=last, order_misses=order, orders=orders, site_misses=site)
    if stands_in_the_way(tally, RULES, NOW) is None:
        assert misses < RULES.person_after
        assert order < RULES.order_misses
        assert orders <= RULES.orders_each
        assert site < RULES.site_misses
        return
    worse = Tally(
        misses=misses + 1, last_miss_at=last, order_misses=order + 1, orders=orders + 1, site_misses=site + 1
    )
    assert stands_in_the_way(worse, RULES, NOW) is not None


def test_three_failures_pause_and_five_need_a_person() -> None:
    three = Tally(misses=3, last_miss_at=NOW - timedelta(minutes=14))
    assert stands_in_the_way(three, RULES, NOW) is Why.PAUSED
    assert stands_in_the_way(three, RULES, NOW + timedelta(minutes=1)) is None
    assert stands_in_the_way(Tally(misses=5), RULES, NOW + timedelta(days=1)) is Why.PERSON


def test_the_house_bears_five_times_its_usual_number() -> None:
    assert stands_in_the_way(Tally(site_misses=20), RULES, NOW) is Why.SITE
    assert stands_in_the_way(Tally(site_misses=20, site_norm=10.0), RULES, NOW) is None
    assert stands_in_the_way(Tally(site_misses=50, site_norm=10.0), RULES, NOW) is Why.SITE


@given(st.integers(0, 10_000_000))
def test_an_outcome_is_said_at_a_multiple_of_the_deadline_and_never_before_it_is_known(micros: int) -> None:
    ready = NOW + timedelta(microseconds=micros)
    at = say_at(NOW, ready, RULES.deadline)
    assert (at - NOW) % RULES.deadline == timedelta()
    assert max(NOW + RULES.deadline, ready) <= at < max(NOW, ready) + RULES.deadline + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "order", "tail", "name"),
    [
        ("202611230001 5678", "202611230001", "5678", None),
        ("订单号202611230001，尾号5678", "202611230001", "5678", None),
        ("订单号 202611230001 收件人：王芳", "202611230001", None, "王芳"),
        ("202611230001 王芳", "202611230001", None, "王芳"),
        ("order 202611230001, last four digits 5678", "202611230001", "5678", None),
        ("order number 202611230001, recipient Ann Lee", "202611230001", None, "Ann Lee"),
        ("２０２６１１２３０００１ ５６７８", "202611230001", "5678", None),
        ("5678", None, "5678", None),
        ("我没有收到货，怎么办？", None, None, None),
        ("谢谢", None, None, None),
        ("转人工", None, None, None),
    ],
)
def test_what_an_answer_gives(text: str, order: str | None, tail: str | None, name: str | None) -> None:
    found = read_given(text, "order", EntityRules())
    assert (found.order, found.tail, found.name) == (order, tail, name)
    for hidden in (tail, name):
        assert hidden is None or hidden not in found.words.replace(order or "-", "")


def test_unasked_a_bare_number_is_anything() -> None:
    assert read_given("我有 1234 个问题", None, EntityRules()).tail is None
    assert read_given("一共 5678 元", None, EntityRules()).words == "一共 5678 元"


def test_a_code_is_taken_out_of_the_message() -> None:
    found = read_given("验证码 123 456", "code", EntityRules())
    assert (found.code, "123" in found.words) == ("123456", False)


@given(st.text(max_size=120), st.sampled_from([None, "order", "send", "code"]))
def test_whatever_is_written_is_read_without_harm(text: str, step: str | None) -> None:
    found = read_given(text, step, EntityRules())
    assert found.is_secret or found.words == text
