"""Tags by rule: when each condition holds, and with what reason."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.domain.life import TagRule
from gateway.domain.tags import Facts, amount_of, matching

YEAR = timedelta(days=365)


def given(*rules: TagRule, complaints: int = 0, **facts: object) -> list[tuple[str, str]]:
    found = Facts(complaints=lambda within: complaints if within == YEAR else 0, **facts)  # type: ignore[arg-type] # named by the test
    return [(rule.tag, because) for rule, because in matching(rules, found)]


def test_the_third_complaint_within_a_year_tags_the_customer() -> None:
    rule = TagRule(tag="重点跟进", complaints_at_least=3)
    assert given(rule, complaints=2) == []
    assert given(rule, complaints=3) == [("重点跟进", "3 complaints within 365 days")]


def test_all_conditions_of_a_rule_must_hold() -> None:
    rule = TagRule(tag="x", words=("VIP",), reopens_at_least=2)
    assert given(rule, text="我是vip", reopens=1) == []
    assert given(rule, text="你好", reopens=2) == []
    assert given(rule, text="我是vip", reopens=2) == [("x", "reopened 2 times; the word VIP")]


def test_sums_and_products_named_in_the_message_count() -> None:
    rules = (TagRule(tag="大额", amount_at_least=Decimal(5000)), TagRule(tag="灯", products=("台灯",)))
    assert given(*rules, amounts=(Decimal(4999),)) == []
    assert given(*rules, amounts=(Decimal(10), Decimal(5000))) == [("大额", "a sum of 5000")]
    assert given(*rules, products=frozenset({"台灯"})) == [("灯", "the product 台灯")]
    assert given(*rules, text="台灯碎了") == [("灯", "the product 台灯")]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("¥1,299.50", "1299.50"),
        ("2万元", "20000"),
        ("3 千", "3000"),
        ("一百元", None),
        ("5k dollars", "5000"),
    ],
)
def test_a_sum_is_read_whatever_its_currency(said: str, amount: str | None) -> None:
    assert amount_of(said) == (None if amount is None else Decimal(amount))
