"""Names of files are shown, never obeyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.names import MAX_BYTES, safe_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("发票.pdf", "发票.pdf"),
        ("Tax Invoice  INX4183.PDF", "Tax Invoice  INX4183.PDF"),
        ("Call: order.eml", "Call: order.eml"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\x.exe", "x.exe"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        ("a\u200b.htaccess", "a.htaccess"),
        (".htaccess", "_.htaccess"),
        ("..", "file3.pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("", "file3.pdf"),
        ("<x>.pdf", "_x_.pdf"),
    ],
)
def test_names_are_cleaned(given: str, shown: str) -> None:
    assert safe_name(given, "application/pdf", 3) == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("长" * 300 + ".pdf", "application/pdf", 1)
    assert name.endswith(".pdf")
    assert len(name.encode()) <= MAX_BYTES


@given(st.text(max_size=400))
def test_no_name_is_a_path_or_hides_anything(text: str) -> None:
    name = safe_name(text, "application/octet-stream", 1)
    assert name
    assert name not in (".", "..")
    assert not name.startswith(".")
    assert not any(ch in name for ch in "/\\\0\r\n\u202e\u200b")
    assert len(name.encode()) <= MAX_BYTES
