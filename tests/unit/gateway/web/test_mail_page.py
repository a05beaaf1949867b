"""A mail's HTML is a page that cannot act, shows its own pictures, and asks nobody else unless told to."""

import pytest

from gateway.web.mail_page import DEEPEST, MOST_CHARS, is_too_deep, page_of, page_policy

FILES = "/api/v1/attachments/"


def page(html: str, *, show_remote: bool = False) -> str:
    whole = page_of(html, files=FILES, show_remote=show_remote)
    return whole[whole.index("<body>") + len("<body>") : whole.index("</body>")]


def test_a_picture_of_the_mail_is_fetched_from_its_files() -> None:
    assert page('<img src="cid:abc123" alt="标志">') == '<img src="/api/v1/attachments/abc123" alt="标志">'


def test_a_picture_from_elsewhere_keeps_its_place_and_is_not_fetched() -> None:
    assert page('<img src="remote:https://t.example/p.gif" alt="促销">') == '<img alt="促销">'


def test_a_picture_from_elsewhere_is_fetched_on_purpose() -> None:
    html = '<img src="remote:https://t.example/p.gif?a=1&amp;b=2">'
    assert page(html, show_remote=True) == '<img src="https://t.example/p.gif?a=1&amp;b=2">'


@pytest.mark.parametrize(
    "source",
    [
        "remote:javascript:alert(1)",
        "javascript:alert(1)",
        "cid:../../me",
        "https://t.example/p.gif",
        "remote:https://t.example/a b",
        "data:image/svg+xml,<svg onload=alert(1)>",
    ],
)
def test_no_other_source_gets_through_even_on_purpose(source: str) -> None:
    assert "src" not in page(f'<img src="{source}">', show_remote=True)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<svg onload=alert(1)></svg>",
        "<p onclick=alert(1)></p>",
        "<iframe src=//evil.example></iframe>",
        "<form action=//evil.example><input></form>",
        "<style>body{display:none}</style>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<base href=//evil.example>",
        "</body></html><script>alert(1)</script>",
    ],
)
def test_row_10_nothing_that_acts_is_left(html: str) -> None:
    left = page(html)
    assert not any(word in left for word in ("alert", "evil", "display", "<input", "<form"))


def test_a_link_opens_beside_the_desk_and_learns_nothing_of_it() -> None:
    link = page('<a href="https://shop.example/x">看</a>')
    assert 'target="_blank"' in link
    assert 'rel="noopener noreferrer nofollow"' in link


def test_the_policy_lets_pictures_from_elsewhere_in_only_on_purpose() -> None:
    assert "https:" not in page_policy(show_remote=False)
    assert "https:" in page_policy(show_remote=True)
    for policy in (page_policy(show_remote=False), page_policy(show_remote=True)):
        assert "default-src 'none'" in policy
        assert "allow-scripts" not in policy
        assert "allow-forms" not in policy


def test_what_is_nested_too_deeply_is_shown_as_its_text() -> None:
    whole = page_of("<div>" * 100_000, text="1 < 2", files=FILES, show_remote=False)
    assert "<pre>1 &lt; 2</pre>" in whole


@pytest.mark.parametrize(
    "html", ["<p>a<br>b</p>" * 1000, "<img><hr>" * 1000, "</div>" * 1000 + "<b>x</b>", "<div>" * DEEPEST]
)
def test_a_long_mail_is_not_taken_for_a_deep_one(html: str) -> None:
    assert not is_too_deep(html)


def test_one_level_more_is_too_deep() -> None:
    assert is_too_deep("<div>" * (DEEPEST + 1))


def test_no_more_is_cleaned_than_takes_a_moment() -> None:
    assert "b" not in page("a" * MOST_CHARS + "b")
