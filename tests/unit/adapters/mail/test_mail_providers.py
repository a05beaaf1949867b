"""A provider's name is worth a dozen settings; what is written down wins over it."""

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.mail.providers import NAMES, PRESETS
from adapters.mail.settings import MailSettings

OAUTH = {"client_id": "app", "refresh_token": "r"}


def settings(provider: str, **more: Any) -> MailSettings:
    return MailSettings.model_validate({"provider": provider, "address": "shop@shop.example"} | more)


def test_every_name_but_custom_has_its_preset() -> None:
    assert set(NAMES) - {"custom"} == set(PRESETS)


def test_an_address_and_a_code_are_enough_for_163() -> None:
    it = settings("163", password="code")
    assert (it.imap.host, it.imap.port, it.imap.login, it.imap.idle) == (
        "imap.163.com",
        993,
        "shop@shop.example",
        False,
    )
    assert it.imap.send_id
    assert it.smtp is not None
    assert (it.smtp.host, it.smtp.port, it.smtp.login) == ("smtp.163.com", 465, "shop@shop.example")
    assert it.smtp.daily_limit == 200
    assert not it.plus_addressing


def test_what_is_written_down_wins() -> None:
    it = settings(
        "163",
        password="code",
        plus_addressing=True,
        imap={"host": "imap.own.example", "idle": True, "login": "me"},
        smtp={"port": 2525, "security": "starttls", "daily_limit": 7, "password": "other"},
    )
    assert (it.imap.host, it.imap.idle, it.imap.login, it.plus_addressing) == (
        "imap.own.example",
        True,
        "me",
        True,
    )
    assert it.smtp is not None
    assert (it.smtp.host, it.smtp.port, it.smtp.security, it.smtp.daily_limit) == (
        "smtp.163.com",
        2525,
        "starttls",
        7,
    )
    assert it.smtp.password is not None
    assert it.smtp.password.get_secret_value() == "other"


@pytest.mark.parametrize(
    ("provider", "word"), [("gmail", "googleapis"), ("outlook", "microsoft"), ("microsoft365", "microsoft")]
)
def test_tokens_are_asked_for_where_the_provider_gives_them(provider: str, word: str) -> None:
    it = settings(provider, oauth2=OAUTH)
    assert it.imap.oauth2 is not None
    assert it.smtp is not None
    assert it.smtp.oauth2 == it.imap.oauth2
    assert word in it.imap.oauth2.token_url
    assert it.imap.oauth2.scope
    assert it.imap.password is None


def test_a_token_endpoint_of_ones_own_stays() -> None:
    it = settings("microsoft365", oauth2=OAUTH | {"token_url": "https://login.example/t"})
    assert it.imap.oauth2 is not None
    assert it.imap.oauth2.token_url == "https://login.example/t"


def test_a_mailbox_may_only_receive() -> None:
    assert settings("qq", password="x", receive_only=True).smtp is None


def test_a_login_for_both_is_shared_without_a_provider_too() -> None:
    it = settings("custom", login="me", password="x", imap={"host": "i"}, smtp={"host": "s"})
    assert it.smtp is not None
    assert (it.imap.login, it.smtp.login) == ("me", "me")


def test_a_relay_that_wants_no_login_is_left_in_peace() -> None:
    imap = {"host": "i", "login": "me", "password": "x"}
    it = settings("custom", imap=imap, smtp={"host": "s", "security": "none"})
    assert it.smtp is not None
    assert it.smtp.login is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"provider": "hotmail"}, "Input should be"),
        ({"provider": "exchange", "password": "x"}, "imap.host"),
        ({"provider": "qq"}, "password or oauth2"),
        ({"provider": "qq", "password": "x", "imap": {"folders": ["\\Sent"]}}, "what we sent"),
        ({"provider": "qq", "password": "x", "imap": {"folders": ["A", "a"]}}, "none twice"),
        ({"provider": "gmail", "oauth2": OAUTH | {"token_url": "http://login.example"}}, "must be https"),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**changes)
