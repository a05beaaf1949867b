"""What of a person is shown: personal data is covered, what people work with is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.masking import find_personal, mask, mask_email, mask_phone, mask_text, strike

# All values are made up: reserved ranges, test cards, a birthday before 1910.
COVERED = [
    ("我的手机是13800000000，谢谢", "我的手机是138****0000，谢谢"),
    ("电话 138-0000-0000", "电话 138****0000"),
    ("电话１３８０００００００　", "电话１３８０００００００　"),
    ("电话１３８００００００００", "电话138****0000"),
    ("+86 138 0000 0000", "+86****0000"),
    ("座机 010-00000000", "座机 010****0000"),
    ("call (555) 555-0100 please", "call 555****0100 please"),
    ("ring 07700 900123", "ring 077****0123"),
    ("手機 0900-000-000", "手機 090****0000"),
    ("+49 30 00000000", "+49****0000"),
    ("写信到 zhang.wei@shop.example 即可", "写信到 z***@shop.example 即可"),
    ("身份证11010119050101001X", "身份证110*************1X"),
    ("身分證 A123456789", "身分證 A12*****89"),
    ("HKID A123456(3)", "HKID A12*****3)"),
    ("SSN 000-12-3456", "SSN 000******56"),
    ("卡号 4242 4242 4242 4242", "卡号 **** 4242"),
    ("我的密码是abc12345", "我的密码是[password]"),
    ("验证码：123456", "验证码：[password]"),
    ("my password is hunter22", "my password is [password]"),
    ("postgresql://shop:s3cret@db/chat", "postgresql://shop:[password]@db/chat"),
    ("POST /bot123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe", "POST /bot[token]/getMe"),
    ("Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer [token]"),
    ("GET /x?token=abc&y=1", "GET /x?token=[token]&y=1"),
    ("whsec_AAAAAAAAAAAAAAAAAAAA", "[token]"),
]

LEFT_ALONE = [
    "订单号 20261122000001",
    "订单 202611220000012345",  # 18 digits, no birthday inside
    "工单 T20261121-0001，客户 C20261121001",
    "热线 400-123-4567",
    "投诉到12315",
    "金额 1234567.89 元",
    "4242 4242 4242 4241",  # no card: the check digit is wrong
    "2026-11-22T09:00:00Z",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "版本 26.1.0",
    "密码忘了怎么办",
]


@pytest.mark.parametrize(("text", "shown"), COVERED)
def test_personal_data_is_covered(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_people_work_with_stays_readable(text: str) -> None:
    assert mask_text(text) == text


def test_each_finding_says_what_it_is_and_where() -> None:
    text = "卡 4242424242424242 或 13800000000"
    assert [(one.kind, text[one.start : one.end]) for one in find_personal(text)] == [
        ("bank_card", "4242424242424242"),
        ("phone", "13800000000"),
    ]


def test_a_number_is_found_once_under_its_surest_name() -> None:
    assert [one.kind for one in find_personal("11010119050101001X")] == ["id_number"]


def test_short_numbers_show_two_digits_at_most() -> None:
    assert mask_phone("12345") == "****45"
    assert mask("phone", "12345") == "****45"


def test_an_address_without_a_name_is_masked_too() -> None:
    assert mask_email("@x.example") == "***@x.example"


@given(st.text())
def test_masking_never_fails_and_never_masks_twice(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@given(st.integers(0, 10**8 - 1), st.text(st.characters(categories=["L"]), max_size=5))
def test_no_chinese_mobile_number_gets_through(number: int, around: str) -> None:
    whole = f"138{number:08}"
    assert whole not in mask_text(f"{around}{whole}{around}")


def test_what_is_covered_already_is_struck_out_too() -> None:
    assert strike("我电话138****5678，邮箱 z***@shop.example") == "我电话…，邮箱 …"
