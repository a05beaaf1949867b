"""How blocked senders are named, and who must not be."""

import pytest

from gateway.domain.senders import is_too_wide, pattern_of, patterns_for


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Mallory@Shop.Example ", "mallory@shop.example"),
        ("<mallory@shop.example>", "mallory@shop.example"),
        ("Shop.Example", "@shop.example"),
        ("@shop.example", "@shop.example"),
        ("*.shop.example", "@shop.example"),
        ("a@xn--fiqs8s.example", "a@中国.example"),
    ],
)
def test_an_address_or_a_domain_is_kept_in_one_form_however_it_is_written(written: str, kept: str) -> None:
    assert pattern_of(written) == kept


@pytest.mark.parametrize(
    "written", ["", "mallory", "@", "a@b", "a b@c.example", "a@b@c.example", "x" * 400 + ".example"]
)
def test_what_is_no_sender_is_refused(written: str) -> None:
    assert pattern_of(written) is None


def test_a_domain_blocks_all_below_it_and_nothing_that_only_ends_like_it() -> None:
    assert "@shop.example" in patterns_for("a@mail.Shop.example")
    assert "@shop.example" not in patterns_for("a@myshop.example")
    assert patterns_for("a@mail.shop.example")[0] == "a@mail.shop.example"


def test_nobody_blocks_a_provider_where_everybody_has_a_mailbox() -> None:
    assert is_too_wide("@qq.com")
    assert not is_too_wide("mallory@qq.com")
    assert not is_too_wide("@shop.example")


def test_what_is_no_address_is_blocked_by_nothing() -> None:
    assert patterns_for("") == patterns_for("visitor-1") == ()
