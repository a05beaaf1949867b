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


NAMES = [
    ("我叫王小明", "王小明"),
    ("我是王小明", "王小明"),
    ("我的名字是王小明。", "王小明"),
    ("您好，我叫王小明，麻烦查一下", "王小明"),
    ("收件人是王小明", "王小明"),
    ("我是歐陽娜娜，請幫我查", "歐陽娜娜"),
    ("收貨人是陳大文", "陳大文"),
    ("我叫阿依·古丽", "阿依·古丽"),
    ("I am Ann Lee", "Ann Lee"),
    ("I'm Ann Lee.", "Ann Lee"),
    ("I’m Ann Lee", "Ann Lee"),
    ("My name is Ann Lee", "Ann Lee"),
    ("My name is Ann Lee. Where is it?", "Ann Lee"),
    ("my name's ann lee and I am waiting", "ann lee"),
    ("This is Zoë O'Neil-Smith", "Zoë O'Neil-Smith"),
    ("Ann Lee.", "Ann Lee"),
]
TAILS = [
    "my phone number ends with 0123",
    "My phone ends in 0123.",
    "ends in 0123",
    "the last four digits of my phone are 0123",
    "尾号是0123",
    "手机后四位 0123",
    "手机号后四位是0123",
    "手機末四碼 0123",
    "電話後四碼是0123",
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_is_known_by_how_people_say_it(text: str, name: str) -> None:
    """Whether it is awaited, or said beside an order number."""
    found = read_given(text, "order", EntityRules())
    assert (found.name, found.tail) == (name, None)
    assert name not in found.words
    assert "*" not in found.question
    if text == "Ann Lee.":
        return
    beside = read_given(f"Order no. 202611230001. {text}", None, EntityRules())
    assert (beside.order, beside.name) == ("202611230001", name)
    assert name not in beside.words
    assert name not in beside.question


@pytest.mark.parametrize("text", TAILS)
def test_a_tail_is_known_by_how_people_say_it(text: str) -> None:
    for step, whole in (("order", text), (None, f"order 202611230001, {text}")):
        found = read_given(whole, step, EntityRules())
        assert (found.tail, found.name) == ("0123", None)
        assert "0123" not in found.words.replace("202611230001", "")


@pytest.mark.parametrize(
    "text",
    [
        "我是想问一下订单202611230001到哪了",
        "我是第一次买，订单号202611230001",
        "我是你们的老客户，订单号202611230001",
        "我是王先生，订单号202611230001",
        "I am waiting for order 202611230001",
        "I'm really angry, order 202611230001 is late",
        "I am not happy with order 202611230001",
        "my order 202611230001, the sale ends in 2026",
        "My order number ends with 0001, order 202611230001",
    ],
)
def test_who_says_what_they_want_gives_nothing(text: str) -> None:
    found = read_given(text, None, EntityRules())
    assert (found.order, found.name, found.tail, found.words) == ("202611230001", None, None, text)


@pytest.mark.parametrize(
    "text", ["我叫王小明", "我是王小明", "I am Ann Lee", "My name is Ann Lee", "it ends in 0123"]
)
def test_unasked_and_without_an_order_nobody_gives_anything(text: str) -> None:
    found = read_given(text, None, EntityRules())
    assert (found.is_secret, found.words) == (False, text)


def test_what_a_message_asks_is_read_without_the_claim() -> None:
    found = read_given("Where is order CG2026111804? My name is Ann Lee", None, EntityRules())
    assert found.question.strip() == "Where is order CG2026111804?"
    assert found.words == "Where is order CG2026111804? My name is ****"


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
