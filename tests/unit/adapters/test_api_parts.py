"""The generic channel's pure parts: signature, settings, Retry-After."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from adapters.api.settings import ApiSettings, signing_key
from adapters.api.webhook import parse_retry_after
from adapters.webhook_signing import signature
from tests.servers.shop_app import SECRET, TOKEN

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def test_the_signature_is_that_of_the_specification() -> None:
    """The worked example on the Standard Webhooks site."""
    key = signing_key(SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def settings(**changes: Any) -> ApiSettings:
    """Return settings of an app; name only what the test is about."""
    values: dict[str, Any] = {
        "token": TOKEN,
        "webhook_url": "https://shop.example/hook",
        "webhook_secret": SECRET,
    }
    return ApiSettings.model_validate(values | changes)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/hook",
        "http://localhost:9000/",
        "http://127.0.0.1/x",
        "http://[::1]:80/",
        "https://8.8.8.8/",
    ],
)
def test_a_public_or_local_webhook_is_accepted(url: str) -> None:
    assert settings(webhook_url=url).webhook_url == url


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("http://shop.example/hook", "https://"),
        ("https://10.0.0.7/hook", "allow_private"),
        ("https://169.254.169.254/latest", "allow_private"),
        ("https://[fd00::1]/", "allow_private"),
        ("https://user:pw@shop.example/", "without user name"),
        ("ftp://shop.example/", "http"),
        ("/hook", "http"),
    ],
)
def test_another_webhook_is_refused_with_the_remedy(url: str, remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy):
        settings(webhook_url=url)


def test_a_private_network_must_be_allowed_by_name() -> None:
    assert settings(webhook_url="http://10.0.0.7/hook", allow_private=True).may_go_anywhere
    assert not settings().may_go_anywhere


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "short"},
        {"webhook_secret": "whsec_c2hvcnQ="},
        {"webhook_secret": "whsec_%%%"},
        {"colour": "red"},
    ],
)
def test_weak_secrets_and_unknown_keys_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(**changes)


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("9" * 400, timedelta(days=1)),
        ("Fri, 20 Nov 2026 04:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 20 Nov 2026 03:00:00 GMT", timedelta()),
        ("Fri, 20 Nov 2026 04:10:00", None),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value: str, span: timedelta | None) -> None:
    assert parse_retry_after(value, NOW) == span
