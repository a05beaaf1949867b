"""What a message names is told from what merely looks like it."""

import re

import pytest

from gateway.domain.entities import MOST, EntityRules, find_entities

RULES = EntityRules(
    orders=(re.compile(r"\bDD\d{10}\b"),),
    products=(("router", re.compile("云路由|cloud router", re.IGNORECASE)),),
)
NAMED = [
    ("订单202311280077坏了", [("order", "202311280077")]),
    ("订单号是 20231128-001-77", [("order", "20231128-001-77")]),
    ("order #12345678 please", [("order", "12345678")]),
    ("see #12345678", [("order", "12345678")]),
    ("My order number is AB12345678.", [("order", "AB12345678")]),
    ("DD1234567890 还没到", [("order", "DD1234567890")]),
    ("order JD012345678901 not here", [("order", "JD012345678901")]),
    ("SF1234567890123 到哪了", [("tracking", "SF1234567890123")]),
    ("运单 75312345678901 没动", [("tracking", "75312345678901")]),
    ("tracking 1Z999AA10123456784 stuck", [("tracking", "1Z999AA10123456784")]),
    ("9400 1000 0000 0000 0000 00", [("tracking", "9400 1000 0000 0000 0000 00")]),
    ("EMS EA123456789CN", [("tracking", "EA123456789CN")]),
    ("电话改成13800001234", [("phone", "13800001234")]),
    ("订单13800001234名下", [("phone", "13800001234")]),  # looked up by the telephone
    ("mail sam@shop.example", [("email", "sam@shop.example")]),
    ("退我128.50元", [("amount", "128.50元")]),
    ("paid $1,299.00", [("amount", "$1,299.00")]),
    ("花了三千块钱", [("amount", "三千块钱")]),
    ("NT$ 4,500", [("amount", "NT$ 4,500")]),
    ("云路由坏了", [("product", "router")]),
    ("my Cloud Router died", [("product", "router")]),
    ("昨天买的，上周五发的", [("date", "昨天"), ("date", "上周五")]),
    ("bought on Nov 3, not 2026-11-04", [("date", "Nov 3"), ("date", "2026-11-04")]),
    ("１１月２０日", [("date", "11月20日")]),
]
NOTHING = [
    "my order is late",
    "2号店 3楼",
    "订单在哪里",
    "包裹丢了",
    "may I ask",
    "版本 3.2.1",
    "?",
    "",
    "track my parcel",
]


@pytest.mark.parametrize(("text", "named"), NAMED)
def test_what_is_named_is_found(text: str, named: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.value) for one in find_entities(text, RULES)] == named


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_found_where_nothing_is_named(text: str) -> None:
    assert find_entities(text, RULES) == ()


def test_a_value_named_twice_is_one() -> None:
    assert len(find_entities("订单202311280077，就是订单 202311280077")) == 1


def test_a_list_of_numbers_is_not_all_kept() -> None:
    many = "\n".join(f"订单号2023112800{number:02}" for number in range(MOST + 9))
    assert len(find_entities(many)) == MOST


def test_places_are_those_of_the_text() -> None:
    text = "我的订单号：２０２３１１２８００７７"
    (one,) = find_entities(text)
    assert (one.value, text[one.start : one.end]) == ("202311280077", "２０２３１１２８００７７")
