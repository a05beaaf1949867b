"""The Telegram channel's pure parts: markup, parts, settings."""

import html
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.contract import Choice
from adapters.telegram.errors import without_token
from adapters.telegram.markup import to_telegram_html
from adapters.telegram.parts import MAX_TEXT, TextPart, parts_of
from adapters.telegram.settings import TelegramSettings
from adapters.testing import an_outbound
from adapters.text import utf16_len
from tests.servers.telegram import Answer, visible

TOKEN = "424242:sample-token"


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("*a* **b** `c<d`", "<i>a</i> <b>b</b> <code>c&lt;d</code>"),
        ("[a](https://x.example/?q=%22)", '<a href="https://x.example/?q=%22">a</a>'),
        ("[call](tel:10086)", "call (tel:10086)"),
        ("```\n<x>\n```", "<pre>&lt;x&gt;</pre>"),
        ("> quoted", "quoted"),
        ("# A *b*", "<b>A <i>b</i></b>"),
        ("a\nb\\\nc", "a\nb\nc"),
    ],
)
def test_markdown_becomes_the_six_tags_telegram_knows(source: str, markup: str) -> None:
    assert to_telegram_html(source) == markup


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
def test_telegram_can_read_whatever_we_write(source: str) -> None:
    assert not isinstance(visible(to_telegram_html("x " + source), "HTML"), Answer)


@given(st.text(alphabet="ab *_`[]()<>&#\n-1.😀长", min_size=1, max_size=400), st.integers(1, 40))
def test_no_part_is_longer_than_telegram_allows(source: str, times: int) -> None:
    parts = parts_of(an_outbound(text=source * times, agent_name="小林", agent_number="1024"))
    for part in parts:
        assert isinstance(part, TextPart)
        assert utf16_len(html.unescape(re.sub(r"<[^>]*>", "", part.html))) <= MAX_TEXT
        assert utf16_len(part.plain) <= MAX_TEXT


def test_more_choices_than_buttons_become_lines() -> None:
    choices = tuple(Choice(id=str(n), label=f"第 {n} 项") for n in range(101))
    (part,) = parts_of(an_outbound(text="?", choices=choices))
    assert isinstance(part, TextPart)
    assert part.keyboard is None
    assert "101. 第 100 项" in part.plain


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"token": "not a token"}, "@BotFather"),
        ({"mode": "webhook"}, "webhook_secret"),
        ({"mode": "webhook", "webhook_secret": "short"}, "16 to 256"),
        ({"mode": "pigeon"}, "polling"),
        ({"poll": "0s"}, "greater than or equal"),
        ({"tokn": "x"}, "Extra inputs"),
    ],
)
def test_wrong_settings_name_the_remedy(changes: dict[str, Any], remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy):
        TelegramSettings.model_validate({"token": TOKEN} | changes)


def test_a_token_is_taken_out_of_what_is_logged() -> None:
    assert (
        without_token(f"POST https://api.example/bot{TOKEN}/getMe")
        == "POST https://api.example/bot<token>/getMe"
    )
