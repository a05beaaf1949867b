"""What the bot says for a verified customer: a sentence with gaps, and nothing in it has any power."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.actions import (
    FIELD_LEVELS,
    ActionRules,
    BotAction,
    StatusWord,
    gaps_of,
    mask_name,
    render,
)
from gateway.domain.identity import Level
from gateway.domain.localized import Localized
from gateway.domain.records import ATTRS, Found

RULES = ActionRules(
    statuses=(
        StatusWord(
            records=frozenset({"shipped", "已出库"}), said=Localized({"zh-CN": "已发货", "en": "shipped"})
        ),
    )
)
FOUND = Found(
    customer_ref="C1",
    order_ref="CG2026112001",
    attrs={
        "status": "SHIPPED",
        "date": "2026-11-20 09:12:00",
        "carrier": "晨光快递",
        "tracking": "SF123",
        "items": "毛衣",
        "amount": "128.00",
        "name": "王小明",
        "phone": "13800135678",
        "address": "上海市静安区某路 1 号",
        "email": "xiao@shop.example",
    },
)


def action(text: str, level: Level = Level.L1, shows: str = "order status date carrier") -> BotAction:
    said = Localized({"zh-CN": text, "en": text})
    return BotAction(name="order_status", level=level, shows=frozenset(shows.split()), text=said)


def test_the_status_is_said_in_the_customer_s_language() -> None:
    one = action("{order}: {status}, {date}, {carrier}")
    assert render(one, FOUND, "zh-CN", RULES) == "CG2026112001: 已发货, 2026年11月20日, 晨光快递"
    assert render(one, FOUND, "en", RULES) == "CG2026112001: shipped, 2026-11-20, 晨光快递"


def test_a_status_nobody_put_into_words_is_not_shown() -> None:
    odd = Found(customer_ref="C1", order_ref="1", attrs={"status": "FRAUD_REVIEW_2"})
    assert render(action("{status}"), odd, "en", RULES) == "being processed"


def test_a_line_whose_field_is_not_known_is_left_out() -> None:
    bare = Found(customer_ref="C1", order_ref="1", attrs={"status": "shipped"})
    assert render(action("{order} {status}\nby {carrier}\nbye"), bare, "en", RULES) == "1 shipped\nbye"


@pytest.mark.parametrize("field", [name for name, level in FIELD_LEVELS.items() if level > Level.L1])
def test_an_action_at_l1_cannot_even_be_written_to_show_more(field: str) -> None:
    with pytest.raises(ValueError, match="more than L1 may show"):
        action("{order}", shows=f"order {field}")


def test_a_text_shows_only_what_its_action_shows() -> None:
    with pytest.raises(ValueError, match="not among what it shows"):
        action("{order} {carrier}", shows="order")
    with pytest.raises(ValueError, match="not a field"):
        action("{order}", shows="order password")


def test_at_l2_personal_fields_are_covered_and_at_l3_whole() -> None:
    covered = action("{name} {phone} {address} {email}", Level.L2, "name phone address email")
    assert (
        render(covered, FOUND, "en", RULES).replace("\\", "")
        == "王** 138****5678 上海市静安区*** x***@shop.example"
    )
    whole = action("{full_name} {full_phone}", Level.L3, "full_name full_phone")
    assert render(whole, FOUND, "en", RULES) == "王小明 13800135678"


def test_private_items_are_named_to_nobody_below_l3() -> None:
    private = Found(customer_ref="C1", order_ref="1", attrs={"items": "x", "private": "1"})
    assert render(action("ok\n{items}", Level.L2, "items"), private, "en", RULES) == "ok"


@pytest.mark.parametrize(
    "hostile",
    [
        "{{7*7}}",
        "{0.__class__}",
        "{order.__class__}",
        "{% if 1 %}",
        "%(order)s",
        "{ order }",
        "{}",
    ],
)
def test_row_20_a_text_is_no_template(hostile: str) -> None:
    assert render(action(hostile), FOUND, "en", RULES) == hostile


@pytest.mark.parametrize(
    "hostile",
    [
        "{phone}",
        "{order}",
        "[x](http://evil.example)",
        "<b>x</b>",
        "http://evil.example/a",
        "a\nb",
        "`x`",
        "x" * 500,
    ],
)
def test_row_20_a_value_of_the_records_is_shown_as_it_is_written(hostile: str) -> None:
    from adapters.text import to_html, to_plain

    found = Found(customer_ref="C1", order_ref="1", attrs={"carrier": hostile, "phone": "13800135678"})
    said = render(action("by {carrier}"), found, "en", RULES)
    assert "<a" not in to_html(said)
    assert "<b>" not in to_html(said)
    assert "13800135678" not in said
    plain = to_plain(said).removeprefix("by ").replace(" :", ":")
    assert plain == " ".join(hostile.split())[:200]


def test_what_triage_calls_the_matter_leads_to_the_action() -> None:
    one = BotAction(name="order_status", level=Level.L1, subtypes=("delivery",))
    rules = ActionRules(actions={"order_status": one})
    assert rules.wanted("delivery") is one
    assert rules.wanted("invoice") is None
    assert rules.wanted(None) is None


@pytest.mark.parametrize(
    ("name", "covered"), [("王小明", "王**"), ("张伟", "张*"), ("Ann Lee", "A** L**"), ("Bo", "B**")]
)
def test_a_name_keeps_its_beginning(name: str, covered: str) -> None:
    assert mask_name(name) == covered


PIECES = st.sampled_from(
    [*(f"{{{name}}}" for name in FIELD_LEVELS), "{", "}", "{{", "}}", "\n", "：", " ", "x", "{customer}"]
)
CANARIES = {name: f"canary{number:02}" for number, name in enumerate(ATTRS)} | {
    "order": "A1",
    "phone": "13800135678",
    "email": "canary@shop.example",
}


@given(
    st.lists(PIECES, max_size=30).map("".join), st.sampled_from(list(Level)), st.sampled_from(["zh-CN", "en"])
)
def test_no_text_shows_more_than_its_level(text: str, level: Level, lang: str) -> None:
    shows = frozenset(name for name, least in FIELD_LEVELS.items() if least <= level)
    text = re.sub(r"\{([a-z_]+)\}", lambda gap: gap[0] if gap[1] in shows else "", text)
    if gaps_of(text) - shows:
        return  # what is left of one gap has made another
    said = Localized({"zh-CN": text, "en": text})
    one = BotAction(name="x", level=level, shows=shows, text=said)
    shown = render(one, Found(customer_ref="secret", order_ref="A1", attrs=CANARIES), lang, RULES)
    early = {name.removeprefix("full_") for name, least in FIELD_LEVELS.items() if least > level} - shows
    assert not any(CANARIES[name] in shown for name in early)
    assert "secret" not in shown
    assert CANARIES["contact_changed"] not in shown
