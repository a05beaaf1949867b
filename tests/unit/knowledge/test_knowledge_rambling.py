"""A question is found inside courtesy and anger, and a story is not judged by one half of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from knowledge.clauses import clauses
from knowledge.idle import is_idle
from knowledge.load import load_folder
from knowledge.match import Matcher
from knowledge.normalize import fold


@cache
def sample_matcher() -> Matcher:
    return Matcher(load_folder(Path(__file__).parents[3] / "knowledge" / "entries").entries)


@pytest.mark.parametrize(
    "clause",
    [
        "不好意思打扰您一下",
        "我等了整整三天了",
        "谢谢您的帮助",
        "真是太让人失望了",
        "I am so sorry to bother you",
        "I have been waiting for three days",
        "Thank you so much for your help!",
        "this is absolutely ridiculous",
    ],
)
def test_a_clause_of_mood_is_idle(clause: str) -> None:
    assert is_idle(fold(clause))


@pytest.mark.parametrize(
    "clause", ["怎么退货", "发票开错了", "你是谁", "2026", "who are you", "my parcel has not come", "", "😀"]
)
def test_a_clause_that_holds_a_matter_is_not_idle(clause: str) -> None:
    assert not is_idle(fold(clause))


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (
            "您好，打扰了，我第一次在你们这里买东西，很多都不太懂。想请教一下怎么申请退货？谢谢您的耐心！",
            "退货流程",
        ),
        (
            "你们到底有没有人管！我等了整整三天，一个回复都没有，气死我了。发票怎么开？再这样我以后不来了",
            "开具发票",
        ),
        (
            "Hello there, I hope you are having a lovely day. Sorry to bother you with this. How do I return an item? "
            "Thank you so much!",
            "退货流程",
        ),
        (
            "This is absolutely ridiculous. Nobody has answered me for three days! How do I get an invoice? "
            "Do you think I am stupid?",
            "开具发票",
        ),
    ],
)
def test_the_question_inside_a_polite_or_angry_message_is_answered(text: str, entry: str) -> None:
    outcome = sample_matcher().match(text)
    assert (outcome.kind, outcome.matches[0].id) == ("answer", entry)


def test_a_colon_and_a_space_between_chinese_words_end_a_clause_too() -> None:
    def cut(text: str) -> list[str]:
        return [clause.text for clause in clauses(text)]

    assert cut("想跟您确认一下：怎么申请退货 麻烦有空回复我") == [
        "想跟您确认一下",
        "怎么申请退货",
        "麻烦有空回复我",
    ]
    assert cut("one question: where is my parcel") == ["one question", "where is my parcel"]
    assert cut("at 10:30 or so") == ["at 10:30 or so"]


def test_what_is_asked_goes_before_what_is_told() -> None:
    text = "我第一次在你们这里买东西，很多都不太懂。想请教一下怎么申请退货"
    assert sample_matcher().match("我第一次在你们这里买东西").matches[0].id == "怎么下单"
    assert sample_matcher().match(text).matches[0].id == "退货流程"
