"""Bytes become the text their writer meant, whatever the label says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail import charsets


@pytest.mark.parametrize(
    ("text", "written_in", "label"),
    [
        ("朱镕基、㐂、€", "gb18030", "gb2312"),
        ("朱镕基", "gb18030", "GBK"),
        ("彩虹堂", "big5hkscs", "big5"),
        ("똠방각하", "cp949", "ks_c_5601-1987"),
        ("①髙﨑", "cp932", "shift_jis"),
        ("“quoted” €", "cp1252", "iso-8859-1"),
        ("naïve", "utf-8", "iso-8859-1"),
        ("您好", "utf-8", "us-ascii"),
        ("您好", "hz", "hz-gb-2312"),
        ("您好", "utf-8", "unknown-8bit"),
        ("您好", "utf-8", '"utf-8"'),
        ("テスト", "iso2022_jp", "iso-2022-jp"),
    ],
)
def test_a_label_stands_for_its_superset(text: str, written_in: str, label: str) -> None:
    assert charsets.decode(text.encode(written_in), label)[0] == text


@pytest.mark.parametrize("label", ["klingon", "base64", "rot13", "idna", "../etc/passwd", "\0"])
def test_an_unknown_label_is_noted_and_the_bytes_are_looked_at(label: str) -> None:
    text, defect = charsets.decode("您好，世界".encode(), label)
    assert text == "您好，世界"
    assert defect is not None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("您好".encode(), "您好"),
        ("整体提升企业服务水平".encode("gb2312"), "整体提升企业服务水平"),
        ("內應力產生與工藝條件".encode("big5"), "內應力產生與工藝條件"),
        (b"Fr\xe4nkische Br\xfccke", "Fränkische Brücke"),
        (b"Fr\xe4ulein", "Fräulein"),
        ("今日は".encode("iso2022_jp"), "今日は"),
        (b"plain", "plain"),
        ("\ufeffmarked".encode(), "marked"),
    ],
)
def test_bytes_without_a_label_are_read_as_the_likeliest(data: bytes, expected: str) -> None:
    assert charsets.guess(data) == expected


def test_another_charset_of_the_mail_decides_in_doubt() -> None:
    assert charsets.guess("привет".encode("koi8-r"), "koi8-r") == "привет"


def test_a_cut_character_costs_only_itself() -> None:
    text, defect = charsets.decode("您好，我的订单".encode()[:-1], "utf-8")
    assert text == "您好，我的订\ufffd"
    assert defect is not None


def test_utf8_that_is_gb_all_over_is_read_as_gb() -> None:
    assert charsets.decode("我的订单还没有收到".encode("gb18030"), "utf-8")[0] == "我的订单还没有收到"


@given(
    st.binary(max_size=200), st.sampled_from(["utf-8", "gb2312", "utf-16", "utf-7", "big5", "x", "hz", None])
)
def test_no_bytes_and_no_label_raise(data: bytes, label: str | None) -> None:
    charsets.decode(data, label)[0].encode("utf-8")
