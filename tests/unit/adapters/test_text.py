"""Text at the border: safe, plain, short enough."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.contract import Choice
from adapters.testing import an_outbound
from adapters.text import (
    byline,
    escape,
    numbered,
    rendered,
    split,
    to_html,
    to_plain,
    utf16_len,
    with_choices,
)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**好**", "<p><strong>好</strong></p>"),
        ("一\n二", "<p>一<br>\n二</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,1)", "<p>[x](data:text/html,1)</p>"),
        ("![图](https://a.example/i.png)", "<p>图</p>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
    ],
)
def test_markdown_becomes_safe_html(source: str, html: str) -> None:
    assert to_html(source) == html


_SIGNS = "abZ您好1 9.:/-+=#>|~*_()'\"\n\n\n ,;{}^$@%?&<\\\t\u00a0\u3000\u2028é—。，\u200b"


@given(st.text(st.one_of(st.sampled_from(_SIGNS), st.characters(codec="utf-8")), max_size=24))
@example("It is 14:05: T20261122-0001.\n\nSee you")
@example("a mailto:X@y.example")
@example("a mailto:1@y.example")
@example("a //y.example")
@example("a\n---")
@example("a\n1. b")
@example("a  \nb")
def test_words_without_signs_are_shown_as_markdown_shows_them(source: str) -> None:
    assert to_html(source) == rendered(source)


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("请看https://a.example/x，然后", "https://a.example/x"),
        ("见 https://a.example/y。", "https://a.example/y"),
        ("(https://a.example/z)", "https://a.example/z"),
        ("https://a.example/?a=1&b=2 ok", "https://a.example/?a=1&amp;b=2"),
        ("HTTPS://A.example/Q!", "HTTPS://A.example/Q"),
    ],
)
def test_a_bare_link_ends_where_its_ascii_ends(source: str, address: str) -> None:
    assert re.findall(r'href="([^"]*)"', to_html(source)) == [address]


def test_a_link_tells_its_target_nothing_of_us() -> None:
    assert 'rel="noopener noreferrer nofollow"' in to_html("[a](https://a.example)")


@pytest.mark.parametrize("source", ["a.com", "someone@example.com", "www.example.com"])
def test_what_only_looks_like_a_link_is_none(source: str) -> None:
    assert "href" not in to_html(source)


def test_plain_text_keeps_lists_and_shows_addresses() -> None:
    source = "# 退货\n请看 [规则](https://a.example) 或 <tel:10086> [s@a.example](mailto:s@a.example)\n\n- 甲\n- 乙\n  1. 丙\n  2. 丁\n\n---\n\n```\n码\n```\n\n完"
    assert to_plain(source) == (
        "退货\n\n请看 规则 (https://a.example) 或 tel:10086 s@a.example\n\n- 甲\n- 乙\n  1. 丙\n  2. 丁\n\n---\n\n码\n\n完"
    )


def test_what_a_customer_wrote_is_shown_literally() -> None:
    assert escape("<b>\n&\"'") == "&lt;b&gt;<br>&amp;&quot;&#x27;"


def test_choices_are_numbered_from_one() -> None:
    choices = (Choice(id="a", label="退货"), Choice(id="b", label="换货"))
    assert numbered(choices) == "1. 退货\n2. 换货"
    assert with_choices("哪一项？\n", choices) == "哪一项？\n\n1. 退货\n2. 换货"
    assert with_choices("好", ()) == "好"
    assert with_choices("", choices) == numbered(choices)


def test_an_agent_signs_with_name_and_number() -> None:
    assert byline(an_outbound(agent_name="小林", agent_number="1024")) == "小林 · 1024"
    assert byline(an_outbound(agent_name="小林")) == "小林"
    assert byline(an_outbound()) == ""


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 5, [""]),
        ("abc", 5, ["abc"]),
        ("aa bb cc", 5, ["aa bb", "cc"]),
        ("一二。三四。五六。", 6, ["一二。三四。", "五六。"]),
        ("first\n\nsecond third", 13, ["first", "second third"]),
        ("aaaa\nbbbb cc", 9, ["aaaa", "bbbb cc"]),
        ("abcdef", 3, ["abc", "def"]),
        ("ab👍🏽cd", 3, ["ab", "👍🏽c", "d"]),
    ],
)
def test_long_text_is_cut_at_the_best_seam(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit) == parts


@given(st.text(max_size=300), st.integers(min_value=4, max_value=60))
def test_no_part_is_too_long_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit, utf16_len)
    assert all(utf16_len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(max_size=200))
def test_html_never_carries_a_script_or_a_handler(source: str) -> None:
    html = to_html(source + "<img src=x onerror=alert(1)><svg onload=alert(1)>")
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= {
        "p", "br", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    }  # fmt: skip


def test_utf16_counts_astral_characters_twice() -> None:
    assert utf16_len("a长😀") == 4
