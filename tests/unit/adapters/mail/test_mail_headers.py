"""Header fields: words decoded as meant, and nothing smuggled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.headers import decode_words, lenient_base64, parameters, split_fields


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"=?utf-8?B?5oKo5aW9?=", "您好"),
        (b"=?UTF-8?Q?caf=C3=A9_au_lait?=", "café au lait"),
        (b"=?utf-8?B?5oKo?= =?utf-8?B?5aW9?=", "您好"),
        (b"=?utf-8?B?5oI=?= =?utf-8?B?qOWlvQ==?=", "您好"),  # one character over two words
        (b"Re: =?gb2312?B?xPq6ww==?= A1024", "Re: 您好 A1024"),
        (b'"=?utf-8?B?5oKo5aW9?="', '"您好"'),
        (b"=?utf-8?Q?with spaces?=", "with spaces"),
        (b"=?utf-8*en?Q?x?=", "x"),
        (b"=?utf-8?B?5oKo5aW9", "您好"),
        (b"=?klingon?Q?x?=", "x"),
        (b"plain = ? text", "plain = ? text"),
        (b"a =?utf-8?Q?b?= c", "a b c"),
    ],
)
def test_encoded_words_are_decoded_kindly(value: bytes, expected: str) -> None:
    assert decode_words(value) == expected


def test_a_decoded_word_starts_no_new_line() -> None:
    assert decode_words(b"=?utf-8?Q?x=0D=0ABcc:_evil@x.example=00?=") == "x Bcc: evil@x.example"


def test_raw_chinese_in_a_header_is_read() -> None:
    assert decode_words("关于订单".encode("gb2312")) == "关于订单"


def test_folded_fields_are_joined_and_an_mbox_line_is_skipped() -> None:
    fields, rest = split_fields(b"From someone\r\nSubject: a\r\n b\r\n\tc\r\nTo : x\r\n")
    assert fields == (("subject", b"a b c"), ("to", b"x"))
    assert rest == b""


def test_a_line_that_is_no_field_begins_the_body() -> None:
    fields, rest = split_fields(b"Subject: a\nHello there\nTo: x")
    assert fields == (("subject", b"a"),)
    assert rest == b"Hello there\nTo: x"


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (b'a/b; name="x; y.txt"', "name", "x; y.txt"),
        (b"a/b; name=x.txt", "name", "x.txt"),
        (b'a/b; name="a\\"b"', "name", 'a"b'),
        (b"a/b; filename*=utf-8''%E5%8F%91%E7%A5%A8.pdf", "filename", "发票.pdf"),
        (b"a/b; filename*=gb18030''%B7%A2%C6%B1.pdf", "filename", "发票.pdf"),
        (b"a/b; filename*0*=utf-8''%E5%8F; filename*1*=%91.pdf", "filename", "发.pdf"),
        (b'a/b; filename*0="lo"; filename*1="ng.txt"', "filename", "long.txt"),
        (b'a/b; filename="=?utf-8?B?5Y+R56WoLnBkZg==?="', "filename", "发票.pdf"),
        ("a/b; filename=发票.pdf".encode("gbk"), "filename", "发票.pdf"),
        (b"a/b;charset=utf-8;;", "charset", "utf-8"),
        (b'a/b; boundary="open', "boundary", "open"),
    ],
)
def test_parameters_are_found(value: bytes, name: str, expected: str) -> None:
    assert parameters(value)[1][name] == expected


@pytest.mark.parametrize("data", [b"aGVsbG8", b"aGVs\r\nbG8=", b"aGVsbG8====", b"a*GV-sbG8=", b"aGVsbG8=!"])
def test_broken_base64_gives_what_it_can(data: bytes) -> None:
    assert lenient_base64(data) == b"hello"


@given(st.binary(max_size=300))
def test_no_header_raises(value: bytes) -> None:
    assert "\n" not in decode_words(value)
    parameters(value)
    split_fields(value)
