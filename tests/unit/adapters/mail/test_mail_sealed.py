"""What is sealed can be read by its key only, and not be changed."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.sealed import opened, sealed

KEY, NONCE = b"k" * 32, b"n" * 12


@given(st.text())
def test_what_was_sealed_opens_with_its_key_only(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    box = sealed(text, KEY, NONCE)
    assert opened(box, KEY) == text
    assert opened(box, b"x" * 32) is None


def test_a_changed_or_foreign_box_does_not_open() -> None:
    box = sealed("a refresh token", KEY, NONCE)
    assert "refresh" not in box
    assert opened(box[:-6] + "AAAAA=", KEY) is None
    assert opened("", KEY) is None
    assert opened("not base64!", KEY) is None
