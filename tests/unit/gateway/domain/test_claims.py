"""What is claimed equals what is on file, or it does not: nothing is similar."""

from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.domain.claims import OrderForm, agrees, email_of, name_of, phone_of, tail_of
from gateway.domain.records import Claims

KEY = b"k" * 32
ON_FILE = {"phone": "13800135678", "name": "王小明", "email": "Xiao@Shop.Example"}


def chance(nbytes: int) -> bytes:
    return b"\x5a" * nbytes


def right(claims: Claims, attrs: dict[str, str] | None = ON_FILE) -> bool:
    return agrees(claims, attrs, key=KEY, chance=chance)


@pytest.mark.parametrize("tail", ["5678", "５６７８", " 5678 ", "56-78", "5\u200b678"])
def test_the_last_four_digits_are_known_however_they_are_typed(tail: str) -> None:
    assert right(Claims(phone_tail=tail))


@pytest.mark.parametrize(
    "tail", ["5679", "678", "15678", "0135678", "567", "", "五六七八", "abcd", "567８ 9"]
)
def test_other_digits_or_another_number_of_them_are_wrong(tail: str) -> None:
    assert not right(Claims(phone_tail=tail))


@pytest.mark.parametrize("name", ["王小明", "王 小 明", "王·小明", "　王小明　"])
def test_the_full_name_is_known_with_and_without_spaces(name: str) -> None:
    assert right(Claims(name=name))


@pytest.mark.parametrize("name", ["王", "小明", "王晓明", "王小", "wang xiaoming", "王小明先生", "王**", "*"])
def test_a_part_of_a_name_its_sound_or_its_cover_is_wrong(name: str) -> None:
    assert not right(Claims(name=name))


def test_names_of_other_scripts_fold_case_and_dots() -> None:
    assert right(Claims(name="ANNE  marie LEE"), {"name": "Anne Marie Lee"})
    assert right(Claims(name="阿依古丽买买提"), {"name": "阿依古丽·买买提"})


@pytest.mark.parametrize(
    "phone", ["13800135678", "+86 138-0013-5678", "0086 13800135678", "１３８００１３５６７８"]
)
def test_a_whole_telephone_is_known_with_and_without_the_country(phone: str) -> None:
    assert right(Claims(phone=phone))


def test_a_telephone_of_another_country_with_the_same_end_is_wrong() -> None:
    assert not right(Claims(phone="+44 13800135678"))


def test_addresses_of_mail_fold_case_and_nothing_else() -> None:
    assert right(Claims(email="xiao@shop.example"))
    assert not right(Claims(email="x.iao@shop.example"))


def test_all_that_is_claimed_must_be_right_and_something_must_be() -> None:
    assert right(Claims(phone_tail="5678", name="王小明"))
    assert not right(Claims(phone_tail="5678", name="王小红"))
    assert not right(Claims(phone_tail="0000", name="王小明"))
    assert not right(Claims())


def test_what_the_file_does_not_hold_is_never_right() -> None:
    assert not right(Claims(phone_tail="5678"), {"name": "王小明"})
    assert not right(Claims(name=""), {"name": ""})
    assert not right(Claims(name="王**"), {"name": "王**"})
    assert not right(Claims(phone_tail="****"), {"phone": "138********"})
    assert right(Claims(phone_tail="5678"), {"phone": "138****5678"})


def test_no_order_is_right_about_nobody_and_the_same_comparisons_are_made() -> None:
    asked = count()

    def counted(nbytes: int) -> bytes:
        next(asked)
        return b"\0" * nbytes

    claims = Claims(phone_tail="5678", name="王小明", email="a@b.example", phone="13800135678")
    assert not agrees(claims, None, key=KEY, chance=counted)
    assert next(asked) == 4


@example("A´")
@given(st.text(max_size=40))
def test_whatever_is_typed_has_one_form_and_that_form_is_its_own(text: str) -> None:
    for form in (name_of, email_of, tail_of, lambda given: phone_of(given, "CN")):
        once = form(text)
        assert form(once) == once


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("cg2026112001", "CG2026112001"),
        (" CG-2026-112001 ", "CG2026112001"),
        ("ＣＧ２０２６１１２００１", "CG2026112001"),
        ("#CG2026112001", "CG2026112001"),
        ("CG20", None),
        ("CG2026112001'; DROP TABLE orders--", None),
        ("%", None),
        ("", None),
        ("9" * 1000, None),
        ("CG2026112001\x00", "CG2026112001"),
    ],
)
def test_an_order_number_has_one_form_or_is_none(typed: str, key: str | None) -> None:
    assert OrderForm().key(typed) == key


def test_check_digits_refuse_what_is_mistyped() -> None:
    luhn, mod97 = OrderForm(check="luhn"), OrderForm(check="mod97")
    assert (luhn.key("79927398713"), luhn.key("79927398710")) == ("79927398713", None)
    assert (mod97.key("794079"), mod97.key("794080")) == ("794079", None) or mod97.key("79444") is None
