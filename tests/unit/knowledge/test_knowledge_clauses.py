"""Long messages are cut into clauses, of which beginning and end are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.clauses import MAX_CLAUSES, READ_CHARACTERS, clauses, readable
from knowledge.load import load_folder


def test_a_message_is_cut_at_stops_and_short_scraps_fall_away() -> None:
    assert clauses("你好，我买的杯子碎了！怎么退货？嗯") == [("我买的杯子碎了", False), ("怎么退货", True)]
    assert clauses("Hi. My cup is broken. What now? ok") == [("My cup is broken", False), ("What now", True)]


@pytest.mark.parametrize(
    "text",
    [
        "怎么退货",
        "发票开了吗",
        "我的包裹呢",
        "能不能退",
        "运费多少",
        "where is it",
        "and how do I pay",
        "my order came?",
        "我的订单？",
    ],
)
def test_a_clause_asks_by_its_words_or_by_its_mark(text: str) -> None:
    assert [clause.asks for clause in clauses(text)] == [True]


@pytest.mark.parametrize(
    "text", ["我买的杯子碎了", "退货的地址写错了", "my cup is broken", "I paid by card."]
)
def test_a_clause_that_tells_does_not_ask(text: str) -> None:
    assert [clause.asks for clause in clauses(text)] == [False]


def test_of_too_many_clauses_the_first_and_the_last_are_kept() -> None:
    parts = clauses("，".join(f"这是第{n}个句子" for n in range(100)))
    assert len(parts) == MAX_CLAUSES
    assert (parts[0].text, parts[-1].text) == ("这是第0个句子", "这是第99个句子")


def test_of_a_very_long_message_beginning_and_end_are_read() -> None:
    text = readable("a" * 10_000 + "end")
    assert len(text) == READ_CHARACTERS + 1
    assert text.endswith("end")


def test_an_emptied_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nquestion: x\n---\ny", encoding="utf-8")
    assert load_folder(tmp_path).accepted
    (tmp_path / "a.md").write_bytes(b"")
    loaded = load_folder(tmp_path)
    assert [problem.file.name for problem in loaded.problems if problem.fatal] == ["a.md"]
