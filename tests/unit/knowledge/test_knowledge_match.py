"""A sure question is answered, a vague one gets choices, and what nobody wrote about goes to a person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.lexicon import read_lexicon
from knowledge.load import load_folder
from knowledge.match import Matcher, Thresholds
from knowledge.normalize import fold, guess_language


@cache
def sample_entries() -> tuple[KnowledgeEntry, ...]:
    return load_folder(Path(__file__).parents[3] / "knowledge" / "entries").entries


@cache
def sample_matcher() -> Matcher:
    return Matcher(sample_entries())


def an_entry(entry_id: str, *phrasings: str, not_for: tuple[str, ...] = (), **more: Any) -> KnowledgeEntry:
    wording = Wording(
        lang="zh-CN", question=phrasings[0], answer="答", phrasings=phrasings[1:], not_for=not_for
    )
    return KnowledgeEntry(id=entry_id, wordings={"zh-CN": wording}, **more)


def every_phrasing() -> list[tuple[str, str]]:
    return [
        (entry.id, text)
        for entry in sample_entries()
        for wording in entry.wordings.values()
        for text in wording.all_phrasings
    ]


def test_every_written_phrasing_is_answered_by_its_own_entry() -> None:
    for entry_id, text in every_phrasing():
        outcome = sample_matcher().match(text)
        assert (outcome.kind, outcome.matches[0].id) == ("answer", entry_id), text
        assert outcome.because == "exact phrasing"


def test_every_sample_entry_keeps_its_own_tests() -> None:
    for entry in sample_entries():
        for wording in entry.wordings.values():
            for text in wording.must:
                outcome = sample_matcher().match(text)
                assert outcome.kind in ("answer", "choices"), text
                assert outcome.matches[0].id == entry.id, text
            for text in wording.must_not:
                outcome = sample_matcher().match(text)
                assert (outcome.kind, outcome.matches[0].id) != ("answer", entry.id), text


def test_traditional_and_simplified_are_the_same_question() -> None:
    to_traditional = opencc.OpenCC("s2t")
    for entry_id, text in every_phrasing():
        outcome = sample_matcher().match(to_traditional.convert(text))
        assert (outcome.kind, outcome.matches[0].id) == ("answer", entry_id), text


@pytest.mark.parametrize(
    "text",
    [
        "怎么申请退货?!!",
        "怎 么 申 请 退 货",
        "怎么申请退货😀😀",
        "\u202e怎么\u200b申请\ufeff退货\u200f",
        "您好，请问怎么申请退货呢？谢谢",
        "HOW DO I RETURN AN ITEM",
        "ｈｏｗ　ｄｏ　ｉ　ｒｅｔｕｒｎ　ａｎ　ｉｔｅｍ？",
        "hi, how do I return an item? thanks",
    ],
)
def test_width_case_emoji_and_courtesy_do_not_change_the_answer(text: str) -> None:
    outcome = sample_matcher().match(text)
    assert (outcome.kind, outcome.matches[0].id) == ("answer", "退货流程")


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("how do i retrun an itme", "退货流程"),
        ("forgott my pasword", "忘记密码"),
        ("怎么申清退货", "退货流程"),
        ("忘计密码了怎么办", "忘记密码"),
    ],
)
def test_typos_and_homophones_still_find_the_entry(text: str, entry_id: str) -> None:
    outcome = sample_matcher().match(text)
    assert outcome.matches[0].id == entry_id
    assert outcome.kind in ("answer", "choices")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("你好", "greeting"),
        ("您好，在吗？", "greeting"),
        ("Hello!", "greeting"),
        ("謝謝", "thanks"),
        ("好的，谢谢您！", "thanks"),
        ("ok, thanks", "thanks"),
        ("谢谢，再见", "thanks"),
        ("bye", "bye"),
    ],
)
def test_small_talk_is_no_question(text: str, kind: str) -> None:
    outcome = sample_matcher().match(text)
    assert (outcome.kind, outcome.small_talk, outcome.matches) == ("none", kind, ())
    assert outcome.because == f"small talk: {kind}"


@pytest.mark.parametrize("text", ["", "   ", "😀👍", "\x00\x07", "\u200f\u202e", "？？？", ".*(a+)+$" * 3])
def test_a_message_without_a_question_gets_no_answer(text: str) -> None:
    assert sample_matcher().match(text).kind == "none"


@pytest.mark.parametrize("text", ["what is the capital of mongolia", "今天股票涨了吗", "zxcv qwer asdf"])
def test_what_nobody_wrote_about_is_not_answered(text: str) -> None:
    assert sample_matcher().match(text).kind != "answer"


@pytest.mark.parametrize("text", ["怎么申请退货" * 8_000, "word " * 12_000, "，" * 50_000, "a" * 50_000])
def test_fifty_thousand_characters_are_survived(text: str) -> None:
    assert sample_matcher().match(text).kind in ("answer", "choices", "none")


def test_the_question_inside_a_long_angry_message_is_found() -> None:
    text = "你们到底怎么回事，我等了整整一个星期，打了好几个电话都没有人接，真的太让人生气了。怎么申请退货？"
    outcome = sample_matcher().match(text)
    assert (outcome.kind, outcome.matches[0].id) == ("answer", "退货流程")


def test_a_matcher_without_entries_answers_nothing() -> None:
    matcher = Matcher([])
    assert matcher.match("怎么退货").kind == "none"
    assert matcher.search("怎么退货") == []


def test_an_entry_that_says_what_it_is_not_for_stays_away() -> None:
    matcher = Matcher([an_entry("退货", "怎么退货", "退货流程", not_for=("退货运费", "fee"))])
    assert matcher.match("请问怎么退货才好").matches != ()
    assert matcher.match("退货运费怎么算").matches == ()
    assert matcher.match("怎么退货 FEE").matches == ()
    assert matcher.match("怎么退货 feel").matches != ()


def test_a_phrasing_held_by_two_entries_becomes_a_choice() -> None:
    outcome = Matcher([an_entry("a", "怎么办"), an_entry("b", "怎么办")]).match("怎么办")
    assert outcome.kind == "choices"
    assert {match.id for match in outcome.matches} == {"a", "b"}


def test_entries_out_of_date_or_of_other_channels_are_not_used() -> None:
    matcher = Matcher([an_entry("a", "春节几点开门", valid_until=date(2026, 2, 28), channels=("webchat",))])
    assert matcher.match("春节几点开门", today=date(2026, 2, 28), channel="webchat").kind == "answer"
    assert matcher.match("春节几点开门", today=date(2026, 3, 1)).matches == ()
    assert matcher.match("春节几点开门", channel="mail").matches == ()


def test_anything_else_offers_the_choices_of_the_topic() -> None:
    outcome = sample_matcher().match("还有呢", topic="退货流程")
    assert outcome.kind == "choices"
    assert [match.id for match in outcome.matches] == ["退货运费", "退款到账时间"]
    assert sample_matcher().match("还有呢").kind == "none"


@pytest.mark.parametrize("text", ["那怎么开发票呢", "what about how do I get an invoice"])
def test_and_what_about_asks_anew(text: str) -> None:
    assert sample_matcher().match(text, topic="退货流程").matches[0].id == "开具发票"


def test_a_follow_up_without_topic_choices_comes_to_nothing() -> None:
    matcher = Matcher([an_entry("a", "怎么退货")])
    assert matcher.match("还有呢", topic="a").because == "nothing further on a"


def test_thresholds_decide_between_answer_choices_and_none() -> None:
    text = "我的包裹丢了还是送错了"
    kinds = [
        Matcher(sample_entries(), thresholds=Thresholds(answer=answer, offer=offer)).match(text).kind
        for answer, offer in ((0.0, 0.0), (1.01, 0.0), (1.01, 1.01))
    ]
    assert kinds == ["answer", "choices", "none"]


def test_the_question_is_shown_in_the_customers_language() -> None:
    assert sample_matcher().match("我要退货").matches[0].question == "怎么申请退货？"
    assert sample_matcher().match("start a return").matches[0].question == "How do I return an item?"
    assert sample_matcher().match("start a return", lang="zh-CN").matches[0].question == "怎么申请退货？"


def test_an_entry_is_found_again_by_its_id() -> None:
    assert sample_matcher().entry("退货流程").question == "怎么申请退货？"
    with pytest.raises(KeyError):
        sample_matcher().entry("nothing")


def test_search_returns_probabilities_best_first() -> None:
    found = sample_matcher().search("退货的邮费是谁来付的", 3)
    assert found[0][0] == "退货运费"
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert sum(score for _, score in found) <= 1.0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_a_verdict_whose_probabilities_add_up(text: str) -> None:
    outcome = sample_matcher().match(text)
    assert len(outcome.matches) <= 3
    for one in outcome.parts or (outcome,):
        assert sum(match.score for match in one.matches) <= 1.0 + 1e-9
    assert outcome.because


@given(st.text(max_size=60))
@example("薴")
@example("ab 我 要 退货 吗")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("怎么退货", "zh-CN"),
        ("where is my order", "en"),
        ("我的order在哪里", "zh-CN"),
        ("12345", "zh-CN"),
        ("", "zh-CN"),
    ],
)
def test_the_language_is_guessed_from_the_signs(text: str, lang: str) -> None:
    assert guess_language(text) == lang


@pytest.mark.parametrize(
    "text",
    [
        "你好，请问一下，支持哪些支付方式，谢谢您",
        "Hello there, I hope you are well. Which payment methods do you accept? Thank you very much for your help.",
        "This is ridiculous, I have been waiting for days and nobody answers. Which payment methods do you accept?",
    ],
)
def test_preambles_do_not_hide_the_question(text: str) -> None:
    outcome = sample_matcher().match(text)
    assert (outcome.kind, outcome.matches[0].id) == ("answer", "支付方式")


def test_a_synonym_nobody_wrote_down_finds_the_entry() -> None:
    lines = ["refund, reimburse, money back", "退款, 返钱回来"]
    entries = [
        an_entry("refund", "when do I get a refund", "退款什么时候到"),
        an_entry("invoice", "when do I get an invoice", "发票什么时候开"),
    ]
    with_words = Matcher(entries, lexicon=read_lexicon(lines))
    without = Matcher(entries, lexicon=read_lexicon([]))
    for text in ("money back when", "何时返钱回来"):
        assert with_words.match(text).matches[0].id == "refund"
        assert with_words.match(text).matches[0].score > without.match(text).matches[0].score


def test_a_faq_too_large_for_a_head_is_searched_without_one() -> None:
    entries = [an_entry(f"e{n}", f"question number {n} about thing{n}") for n in range(3_100)]
    matcher = Matcher(entries)
    assert matcher.match("thing2999 what question is it").matches[0].id == "e2999"


def test_many_threads_may_ask_at_once() -> None:
    texts = [text for _, text in every_phrasing()][:200]
    matcher = Matcher(sample_entries())
    asked = [f"{text} 请问 please" for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(matcher.search, asked))
    assert together == [matcher.search(text) for text in asked]


@pytest.mark.parametrize("bomb", ["(a+)+$", "(a|aa)+$", "((((((((((", "[[[[", ".*.*.*.*=", "a{1,99999}"])
@pytest.mark.timeout(30)
def test_a_pattern_as_forbidden_word_is_plain_text_and_cannot_explode(bomb: str) -> None:
    wording = Wording(lang="en", question="how many letters", phrasings=(bomb,), answer="-", not_for=(bomb,))
    matcher = Matcher([KnowledgeEntry(id="x", wordings={"en": wording})])
    matcher.match("a" * 50_000 + "!")
    assert matcher.match("how many letters").kind == "answer"
