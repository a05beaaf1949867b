"""What is kept in the clear holds no personal data, and everything people work with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.covering import KINDS, UNSAFE, CoverRules, cover, unsafe_in
from gateway.domain.sensitive import find_sensitive
from tests.sensitive_at_random import cases

# All values are made up: reserved ranges, test cards, a birthday before 1910.
COVERED = [
    ("我的手机是13800000000，谢谢", "我的手机是138****0000，谢谢"),
    ("写信到 zhang.wei@shop.example 即可", "写信到 z***@shop.example 即可"),
    ("身份证11010119050101001X", "身份证110*************1X"),
    ("卡号 4242 4242 4242 4242", "卡号 **** 4242"),
    ("我的密码是abc12345", "我的密码是******"),
    ("my password is hunter22", "my password is ******"),
    ("GET /x?token=abc&y=1", "GET /x?token=******&y=1"),
    ("我家在广东省佛山市示例区样本街道延安西路五号C座15层1306", "我家在[地址]"),
    ("送到示例市样本区文三路二十一号，谢谢", "送到[地址]，谢谢"),
    ("ship it to 38 Station Place please", "ship it to [address] please"),
]
LEFT_ALONE = [
    "订单 2023118134041234 没动静",
    "tracking: 689289177755979",
    "工单 T20261121-0001，客户 C20261121001",
    "my password is wrong",
    "密码忘了怎么办",
    "热线 400-123-4567",
    "会议室在3楼",
    "2026-11-22T09:00:00Z",
]


@pytest.mark.parametrize(("text", "kept"), COVERED)
def test_what_a_customer_gives_away_is_covered(text: str, kept: str) -> None:
    assert cover(text) == kept


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_people_work_with_stays_readable(text: str) -> None:
    assert cover(text) == text


def test_whatever_the_detectors_know_is_covered_in_messages_made_at_random() -> None:
    made = cases(2000, 20261122)
    assert [one.text for one in made if one.tags and cover(one.text) == one.text] == []
    shown = [
        one.text
        for one in made
        for found in find_sensitive(one.text)
        if one.text[found.start : found.end] in cover(one.text)
    ]
    assert shown == []


def test_ordinary_messages_made_at_random_are_left_as_they_are() -> None:
    ordinary = [one.text for one in cases(2000, 20261122) if not one.tags]
    assert sum(cover(text) != text for text in ordinary) <= 3


def test_covering_twice_is_covering_once() -> None:
    made = [cover(one.text) for one in cases(1000, 7)]
    assert [text for text in made if cover(text) != text] == []


@given(st.text())
def test_covering_never_fails_and_changes_nothing_the_second_time(text: str) -> None:
    assert cover(cover(text)) == cover(text)


def test_only_the_kinds_that_are_named_are_covered() -> None:
    text = "卡 4242424242424242 或 13800000000"
    assert cover(text, CoverRules(kinds=frozenset({"phone"}))) == "卡 4242424242424242 或 138****0000"
    assert cover(text, CoverRules(kinds=frozenset())) == text


def test_telephones_and_addresses_are_taken_anywhere_and_cards_are_not() -> None:
    assert unsafe_in("13800000000，文三路二十一号，a@b.example") == ()
    assert unsafe_in("卡号 4242424242424242，密码是abc12345") == ("bank_card", "password")
    assert set(KINDS) > UNSAFE
    assert unsafe_in("谢谢") == ()
