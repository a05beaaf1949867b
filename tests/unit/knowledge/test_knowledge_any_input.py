"""Whatever is written: a verdict, no exception, and the same one however its signs are coded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from time import process_time

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.load import load_folder
from knowledge.match import Matcher, Outcome

ENOUGH = 1.0
"""Seconds of CPU: fifty times what the worst message takes, so that only an explosion is caught. `make bench` measures."""


@cache
def sample_matcher() -> Matcher:
    return Matcher(load_folder(Path(__file__).parents[3] / "knowledge" / "entries").entries)


def best(text: str) -> tuple[str, str]:
    outcome = sample_matcher().match(text)
    return outcome.kind, outcome.matches[0].id if outcome.matches else ""


@pytest.mark.parametrize(
    "text", ["", " \n\t", "😀😀👍", "？！。…", "\x00\x07\x1b", "\u202e\u200d\u200b\ufeff", "Ω ж ا"]
)
def test_what_says_nothing_comes_to_nothing(text: str) -> None:
    outcome = sample_matcher().match(text)
    assert (outcome.kind, outcome.matches, outcome.small_talk) == ("none", (), "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您好！", "greeting"),
        ("你好，在吗？", "greeting"),
        ("謝謝您～", "thanks"),
        ("Hello there!", "greeting"),
        ("bye", "bye"),
    ],
)
def test_only_a_greeting_is_small_talk(text: str, kind: str) -> None:
    outcome = sample_matcher().match(text)
    assert (outcome.kind, outcome.small_talk) == ("none", kind)


@pytest.mark.parametrize(
    "text",
    [
        "怎么申请退货",
        "怎麼申請退貨",
        "怎\u200b么\u200d申\ufeff请退货",
        "\u202e怎么申请退货\u202c",
        "怎 么 申 请 退 货",
        "怎么申请退货\x00\x07",
        "【怎么申请退货】！！！😀",
        "ＨＯＷ ＤＯ Ｉ ＲＥＴＵＲＮ ＡＮ ＩＴＥＭ",
        "\u200fHow do I return an item?\u200f",
        "how   do\ti\nreturn an item",
        "H\u00adow do I ret\u200burn an item",
    ],
)
def test_invisible_signs_width_and_script_change_nothing(text: str) -> None:
    assert best(text) == ("answer", "退货流程")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("怎么申请tuihuo退货", "退货流程"),
        ("return 怎么申请 退货", "退货流程"),
        ("发票怎么开具", "开具发票"),
        ("怎么申请退或", "退货流程"),
        ("申请退货怎么", "退货流程"),
        ("how do i retrun an itme", "退货流程"),
        ("an item how do I return", "退货流程"),
        ("优会券怎么使用", "使用优惠券"),
        ("積芬会过期吗", "积分有效期"),
    ],
)
def test_mixed_scripts_word_order_homophones_and_typos_still_name_the_entry(text: str, entry: str) -> None:
    kind, found = best(text)
    assert kind in ("answer", "choices")
    assert found == entry


@pytest.mark.parametrize("digits", ["7", "７"])
def test_digits_of_any_width_are_the_same(digits: str) -> None:
    assert sample_matcher().match(f"{digits}天内可以退货吗") == sample_matcher().match("7天内可以退货吗")


def test_entries_in_traditional_script_answer_simplified_questions_and_the_other_way_round() -> None:
    to_traditional = opencc.OpenCC("s2t")
    entry = KnowledgeEntry(
        id="x",
        wordings={
            "zh-TW": Wording(lang="zh-TW", question="怎麼申請退貨？", answer="答", phrasings=("發票怎麼開",))
        },
    )
    matcher = Matcher((entry,))
    for text in ("怎么申请退货", "怎麼申請退貨", "发票怎么开", to_traditional.convert("发票怎么开")):
        assert matcher.match(text).kind == "answer"


@pytest.mark.parametrize(
    "text",
    [
        "退" * 50_000,
        "怎么退货？" * 10_000,
        "how do I return this and " * 2_000,
        "a b " * 12_500,
        "😀" * 50_000,
        "退货，" * 16_000,
        "谢谢" * 25_000,
        "\u202e\u200d" * 25_000,
        "对了" * 25_000,
        "also " * 10_000,
        "a" * 50_000,
        " " * 50_000,
        "(a+)+$" * 8_000,
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_fifty_thousand_characters_take_no_longer_than_they_may(text: str) -> None:
    sample_matcher().match(text)
    began = process_time()
    outcome = sample_matcher().match(text, topic="退货流程", explain=True)
    assert process_time() - began < ENOUGH
    assert outcome.because


def test_a_regular_expression_in_a_negative_phrasing_is_plain_text() -> None:
    bomb = "(a+)+$"
    wording = Wording(
        lang="en", question="alpha beta", answer="x", phrasings=(bomb,), not_for=(bomb, "[", "\\")
    )
    matcher = Matcher((KnowledgeEntry(id="x", wordings={"en": wording}),))
    assert matcher.match("alpha beta gamma " + "a" * 40 + "!").matches[0].id == "x"
    assert matcher.match("alpha beta a gamma").notes == ("“alpha beta” is not for “(a+)+$”",)


def scores(outcome: Outcome) -> list[float]:
    return [match.score for one in (outcome, *outcome.parts) for match in one.matches]


words = st.sampled_from(
    (
        "怎么",
        "退货",
        "发票",
        "，",
        "？",
        "和",
        "另外",
        "how do I",
        " return ",
        "and ",
        "this ",
        "😀",
        "\u200d",
        "要多久",
        "7",
        "谢谢",
    )
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=120), st.lists(words, max_size=14).map("".join)),
    st.sampled_from((None, "退货流程", "gone")),
    st.booleans(),
)
def test_any_text_gets_a_verdict_of_probabilities(text: str, topic: str | None, explain: bool) -> None:
    outcome = sample_matcher().match(text, topic=topic, explain=explain)
    assert all(0 <= score <= 1 + 1e-9 for score in scores(outcome))
    assert outcome.because
    assert all(part.asked for part in outcome.parts)
    assert len(outcome.parts) != 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_searching_says_no_more_than_it_knows(text: str) -> None:
    found = sample_matcher().search(text, 3)
    assert len(found) <= 3
    assert sum(score for _, score in found) <= 1 + 1e-9
