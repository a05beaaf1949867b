"""What ties a mail to earlier ones, and what a stranger cannot forge."""

import hashlib

import pytest

from adapters.mail.threading import (
    bare_subject,
    made_id,
    message_ids,
    own_key,
    references,
    references_out,
    reply_address,
    subject_out,
    thread_of,
    with_keys,
)

SECRET = hashlib.sha256(b"sample").digest()
THREAD = "abcdefghij0123456789"
ADDRESS = "support@shop.example"


def a_token() -> str:
    address = reply_address(ADDRESS, THREAD, SECRET)
    assert address is not None
    return address


def test_a_signed_address_brings_its_thread_back() -> None:
    assert thread_of([a_token()], [ADDRESS], SECRET) == THREAD


def test_folding_of_case_does_a_token_no_harm() -> None:
    assert thread_of([a_token().upper()], [ADDRESS], SECRET) == THREAD


def test_a_token_fits_into_a_local_part() -> None:
    assert len(a_token().partition("@")[0]) <= 64
    assert reply_address("a-very-long-name-for-a-mailbox@x.example", "z" * 26, SECRET) is None


@pytest.mark.parametrize("thread", ["", "short", "UPPERCASE12", "with.dots.here", "x" * 27, "a\r\nBcc: b@c"])
def test_a_thread_that_is_no_key_gets_no_address(thread: str) -> None:
    assert reply_address(ADDRESS, thread, SECRET) is None


def test_forged_tokens_name_no_thread() -> None:
    good = a_token()
    local, _, domain = good.partition("@")
    forged = [
        f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",
        f"{local[:-1]}@{domain}",
        f"{local}x@{domain}",
        good.replace("abcdefghij", "abcdefghik"),
        f"support+{THREAD}@{domain}",
        f"support+{THREAD}.@{domain}",
        f"{local}@evil.example",
        good.replace("support", "sales"),
        f"support+{THREAD}.é@{domain}",
        ADDRESS,
        "",
    ]
    assert [thread_of([it], [ADDRESS], SECRET) for it in forged] == [None] * len(forged)
    assert thread_of([good], [ADDRESS], b"x" * 32) is None


def test_the_first_good_token_wins() -> None:
    assert thread_of(["x@y.example", ADDRESS, a_token()], [ADDRESS], SECRET) == THREAD


def test_ids_are_found_in_what_programs_write() -> None:
    assert message_ids(b"<a@b> (comment) <c@d>\r\n <e@f>") == ["<a@b>", "<c@d>", "<e@f>"]
    assert message_ids(b"a@b.example") == ["<a@b.example>"]
    assert message_ids(b"your message of today") == []


def test_the_nearest_reference_comes_first() -> None:
    assert references(["<3@x>"], ["<1@x>", "<2@x>", "<3@x>"]) == ("<3@x>", "<2@x>", "<1@x>")


def test_our_own_ids_come_back_as_keys() -> None:
    assert own_key("<k1@Shop.Example>", "shop.example") == "k1"
    assert own_key("<k1@other.example>", "shop.example") is None
    assert with_keys(["<k1@shop.example>", "<2@x>"], "shop.example") == ("k1", "<k1@shop.example>", "<2@x>")


def test_a_made_up_id_is_the_same_for_the_same_mail() -> None:
    assert made_id(b"x") == made_id(b"x") != made_id(b"y")


def test_references_keep_the_first_and_the_last() -> None:
    ids = references_out([f"<{n}@x>" for n in range(50)], "shop.example")
    assert len(ids) == 20
    assert ids[0] == "<0@x>"
    assert ids[-1] == "<49@x>"


def test_references_take_keys_and_leave_out_what_is_no_id() -> None:
    assert references_out(["k1", "<a\r\nBcc:x@y>", "a@b"], "shop.example") == ["<k1@shop.example>", "<a@b>"]


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Re: 回复：订单", "订单"),
        ("RE: AW: Fwd: order", "order"),
        ("Re[2]: order", "order"),
        ("回覆: 轉寄: 订单", "订单"),
        ("Re: order [T20261121-0001]", "order"),
        ("Regarding: order", "Regarding: order"),
        ("", ""),
    ],
)
def test_marks_of_answering_are_taken_off(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_a_subject_goes_out_with_one_mark_and_our_tag() -> None:
    assert subject_out("Re: RE: order", "T20261121-0001", is_reply=True) == "Re: order [T20261121-0001]"
    assert len(subject_out("x" * 500, None, is_reply=True)) <= 104
    assert "\n" not in subject_out("a\r\nBcc: b", None, is_reply=True)
    assert subject_out(None, None, is_reply=False)
