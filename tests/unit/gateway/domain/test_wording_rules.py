"""Banned and vague words in what the house says (K5, I6)."""

import pytest

from gateway.domain.wording_rules import find_words, folded
from gateway.settings import Settings

WORDS = Settings().policy().words


def phrases(text: str, lang: str = "zh-CN") -> list[str]:
    return [
        one.phrase
        for one in find_words(text, lang, WORDS, simplify=lambda sign: {"盡": "尽"}.get(sign, sign))
    ]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("我们会尽快处理", "zh-CN", ["尽快"]),
        ("我們會盡快處理", "zh-TW", ["尽快"]),
        ("这个我不知道，您等一会儿", "zh-CN", ["不知道", "一会儿"]),
        ("We will reply SOON.", "en", ["soon"]),
        ("We'll get back to you as soon as  possible", "en", ["as soon as possible"]),
        ("I don’t know, that is not our problem", "en", ["I don't know", "not our problem"]),
        ("Ｓｏｏｎ", "en", ["soon"]),
    ],
)
def test_words_the_house_does_not_use_are_found(text: str, lang: str, expected: list[str]) -> None:
    assert phrases(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("如果您不知道订单号，请把手机号后四位发给我", "zh-CN"),
        ("收到后请您及时查收", "zh-CN"),
        ("请点击“立即购买”", "zh-CN"),
        ("今天 18:00 前回复您", "zh-CN"),
        ("It ships as soon as the payment arrives, by 10:00 tomorrow.", "en"),
        ("The sooner label is green; no monsoon today.", "en"),
        ("Please write promptly.", "en"),
        ("尽快", "en"),
        ("", "en"),
    ],
)
def test_what_others_say_or_do_is_no_finding(text: str, lang: str) -> None:
    assert phrases(text, lang) == []


def test_a_finding_names_its_place_in_the_text_as_written_and_a_better_phrase() -> None:
    text = "您好①，这事我不清楚。"
    (found,) = find_words(text, "zh-CN", WORDS)
    assert (found.kind, text[found.start : found.end], found.better) == ("banned", "不清楚", "我为您核实")


def test_gaps_of_a_template_are_not_its_words() -> None:
    assert phrases("A person answers by {soon}.", "en") == []


def test_a_language_without_words_of_its_own_has_those_of_its_family_or_none() -> None:
    assert phrases("soon", "en-GB") == ["soon"]
    assert phrases("soon", "fr") == []


def test_folding_keeps_every_place_where_it_was() -> None:
    text = "①ﬁ ＡB㍿尽\u200b"
    assert len(folded(text, lambda sign: sign)) == len(text)
