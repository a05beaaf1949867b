"""Settings say what is wrong and what would do."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.mail.settings import MailSettings
from adapters.spans import parse_span


def settings(**changes: Any) -> MailSettings:
    values: dict[str, Any] = {
        "address": "support@Shop.example",
        "imap": {"host": "imap.shop.example", "login": "support", "password": "secret"},
    }
    return MailSettings.model_validate(values | changes)


def test_little_is_enough() -> None:
    it = settings()
    assert it.address == "support@shop.example"
    assert it.id_domain == "shop.example"
    assert it.imap.poll == timedelta(seconds=10)
    assert it.imap.port == 993
    assert it.smtp is None


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25)])
def test_the_port_follows_the_security(security: str, port: int) -> None:
    smtp = settings(smtp={"host": "x", "security": security}).smtp
    assert smtp is not None
    assert smtp.port == port


def test_a_port_that_is_set_stays() -> None:
    smtp = settings(smtp={"host": "x", "port": 2525}).smtp
    assert smtp is not None
    assert smtp.port == 2525


def test_secrets_are_not_printed() -> None:
    assert "secret" not in repr(settings())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": "not an address"}, "not a mail address"),
        ({"address": "a@b, c@d"}, "not a mail address"),
        ({"aliases": ["x"]}, "not a mail address"),
        ({"domain": "a b"}, "not a domain"),
        ({"name": "a\nb"}, "one line"),
        ({"smtp": {"host": "x", "login": "y"}}, "belong together"),
        ({"imap": {"host": "x", "login": "y", "password": "z", "poll": "soon"}}, "not a span"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**changes)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("10s", timedelta(seconds=10)),
        ("15m", timedelta(minutes=15)),
        ("1h30m", timedelta(minutes=90)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("250ms", timedelta(milliseconds=250)),
        (" 4 h ", timedelta(hours=4)),
        (timedelta(1), timedelta(1)),
    ],
)
def test_spans_are_words(text: object, span: timedelta) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "10", "soon", "10 s later", "-5m", "1.5h", 10, None, "10s,"])
def test_what_is_no_span_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="write it as"):
        parse_span(text)
