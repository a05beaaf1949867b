"""winmail.dat is opened, its files named, and its original kept."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail import rtf
from adapters.mail.mime import read
from adapters.mail.tnef import SIGNATURE, NotTnef, opened

HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
"""The worked example of MS-OXRTFCP §4.1.1."""


def attribute(name: int, value: bytes) -> bytes:
    return struct.pack("<BII", 2, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def prop(kind: int, name: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def props(*them: bytes) -> bytes:
    return struct.pack("<I", len(them)) + b"".join(them)


def wide(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le")


def a_file(name: str, content: bytes) -> bytes:
    said = [prop(0x1F, 0x3707, wide(name)), prop(0x1E, 0x370E, b"application/pdf\0")]
    return b"".join(
        [
            attribute(0x69002, b"\0" * 14),
            attribute(0x18010, b"SHORT~1.PDF\0"),
            attribute(0x6800F, content),
            attribute(0x69005, props(*said)),
        ]
    )


def winmail(*parts: bytes) -> bytes:
    return SIGNATURE + b"\x01\x00" + attribute(0x69007, struct.pack("<II", 936, 0)) + b"".join(parts)


def a_mail(content: bytes, text: str = "") -> bytes:
    return (
        "From: a@cust.example\nSubject: t\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(content).decode()}\n--b--\n"
    ).encode()


def test_files_come_out_under_their_long_names_and_the_original_is_kept() -> None:
    mail = read(a_mail(winmail(a_file("发票 2026.pdf", b"%PDF-1")), "请查收"))
    assert mail.text == "请查收"
    assert [(it.name, it.media_type, it.content) for it in mail.files[1:]] == [
        ("发票 2026.pdf", "application/pdf", b"%PDF-1")
    ]
    assert mail.files[0].name == "winmail.dat"


def test_a_name_from_within_is_made_as_safe_as_any_other() -> None:
    mail = read(a_mail(winmail(a_file("../../etc/passwd\u202egpj.exe", b"x"))))
    assert mail.files[1].name == "passwdgpj.exe"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (props(prop(0x1F, 0x1000, wide("您好，退款"))), "您好，退款"),
        (props(prop(0x1E, 0x1000, "您好，退款\0".encode("gbk"))), "您好，退款"),
        (props(prop(0x102, 0x1013, "<p>您好，<b>退款</b></p>".encode())), "您好，退款"),
        (props(prop(0x102, 0x1009, HELLO)), "hello world"),
    ],
)
def test_the_text_is_found_as_text_as_html_or_as_compressed_rtf(message: bytes, text: str) -> None:
    assert read(a_mail(winmail(attribute(0x69003, message)))).text == text


def test_words_beside_it_win_over_words_within() -> None:
    inner = attribute(0x69003, props(prop(0x1F, 0x1000, wide("the same, wrapped"))))
    assert read(a_mail(winmail(inner), "the words")).text == "the words"


def test_a_broken_one_gives_what_comes_before_the_break() -> None:
    whole = winmail(a_file("a.pdf", b"%PDF-1"), a_file("b.pdf", b"x" * 1000))
    mail = read(a_mail(whole[:-700]))
    assert [it.name for it in mail.files] == ["winmail.dat", "a.pdf"]
    assert any("winmail.dat is broken" in defect for defect in mail.defects)


def test_what_only_calls_itself_so_is_a_file_like_any_other() -> None:
    mail = read(a_mail(b"nothing of the kind", "words"))
    assert [it.name for it in mail.files] == ["winmail.dat"]
    with pytest.raises(NotTnef):
        opened(b"")


def test_chinese_rtf_is_read_in_its_own_charset_and_html_within_is_not_doubled() -> None:
    source = rb"{\rtf1\ansi\ansicpg936\fromhtml1 {\*\htmltag64 <p>}{\fonttbl{\f0 Arial;}}\'c4\'e3\'ba\'c3 \u20320?ok\par x}"
    assert rtf.to_text(source) == "你好 你ok\nx"


@given(st.binary(max_size=300), st.integers(0, 600), st.binary(max_size=8))
def test_no_bytes_make_it_raise_anything_of_its_own(junk: bytes, at: int, patch: bytes) -> None:
    whole = winmail(a_file("a.pdf", b"%PDF"), attribute(0x69003, props(prop(0x102, 0x1009, HELLO))))
    opened(SIGNATURE + junk)
    opened(SIGNATURE + (whole[:at] + patch + whole[at + len(patch) :])[4:])
    rtf.to_text(rtf.unpacked(junk))
    rtf.to_text(junk)
