from datetime import timedelta

import pytest

from adapters.testing.clock import NOON
from adapters.webchat.tokens import BadToken, issue, verify

SECRET = b"k" * 32
TTL = timedelta(days=30)
VISITOR = bytes(range(16))


def test_a_token_names_its_visitor() -> None:
    assert verify(issue(VISITOR, NOON, SECRET), NOON, TTL, SECRET) == VISITOR.hex()


def test_a_token_serves_until_its_last_second() -> None:
    token = issue(VISITOR, NOON, SECRET)
    assert verify(token, NOON + TTL, TTL, SECRET) == VISITOR.hex()
    with pytest.raises(BadToken):
        verify(token, NOON + TTL + timedelta(seconds=1), TTL, SECRET)


def test_a_token_of_the_future_is_not_believed() -> None:
    with pytest.raises(BadToken):
        verify(issue(VISITOR, NOON + timedelta(hours=1), SECRET), NOON, TTL, SECRET)


def test_a_token_signed_by_another_channel_is_refused() -> None:
    with pytest.raises(BadToken):
        verify(issue(VISITOR, NOON, b"x" * 32), NOON, TTL, SECRET)


@pytest.mark.parametrize("token", ["", "=", "a", "äöü", "AAAA", "AAAA AAAA", "A" * 71, "A" * 5000, "\0"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        verify(token, NOON, TTL, SECRET)


def test_a_token_with_any_one_character_changed_names_nobody_else() -> None:
    token = issue(VISITOR, NOON, SECRET)
    for place, letter in enumerate(token):
        forged = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        try:
            assert verify(forged, NOON, TTL, SECRET) == VISITOR.hex()  # only unused bits of base64 differ
        except BadToken:
            continue
