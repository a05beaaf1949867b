"""Which addresses may go out, and how those that come in are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.addresses import folded, is_address, mailboxes, on_the_wire


@pytest.mark.parametrize(
    "address", ["a@b", "a.b+c@x.example", "张三@例子.中国", "o'brien@x.example", "a_b=c@x-y.example"]
)
def test_plain_addresses_may_go_out(address: str) -> None:
    assert is_address(address)


def test_a_chinese_domain_goes_out_in_ascii_and_is_compared_in_chinese() -> None:
    assert on_the_wire("a@例子.中国") == "a@xn--fsqu00a.xn--fiqs8s"
    assert folded("A@XN--FSQU00A.xn--fiqs8s") == "a@例子.中国"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a@b.example", [(b"", "a@b.example")]),
        (b"Bob <a@b.example>", [(b"Bob", "a@b.example")]),
        (b'"Doe, Bob" <a@b.example>', [(b"Doe, Bob", "a@b.example")]),
        (b"a@b.example (Bob)", [(b"Bob", "a@b.example")]),
        (b"x <a@b.example>, c@d.example", [(b"x", "a@b.example"), (b"", "c@d.example")]),
        (b"group: a@b.example, c@d.example;", [(b"", "a@b.example"), (b"", "c@d.example")]),
        (b"undisclosed-recipients:;", []),
        (b"<>", []),
        (b"", []),
        (b"<@relay.example:a@b.example>", [(b"", "a@b.example")]),
        (b"MAILER-DAEMON (Mail System)", [(b"Mail System", "MAILER-DAEMON")]),
        (b"Bob < a@b.example >", [(b"Bob", "a@b.example")]),
        (b"Bob a@b.example", [(b"Bob", "a@b.example")]),
        (b"Bob Smith", [(b"Bob Smith", "")]),
        (b'"a@b.example" <c@d.example>', [(b"a@b.example", "c@d.example")]),
        (b"<a@b.example", [(b"", "a@b.example")]),
    ],
)
def test_address_headers_are_taken_apart(value: bytes, expected: list[tuple[bytes, str]]) -> None:
    assert [(it.name, it.address) for it in mailboxes(value)] == expected


@given(st.binary(max_size=200))
def test_no_address_header_raises(value: bytes) -> None:
    mailboxes(value)


@given(st.text(max_size=80))
def test_what_may_go_out_is_one_address_without_controls(text: str) -> None:
    if is_address(text):
        assert text.count("@") == 1
        assert not any(ch in text for ch in '\r\n\0 <>,;:()[]"\\')
