"""The Chinese cases: every one legal, none twice, none from the bench, and each guideline's clause has its share."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from gateway.triage.corpus import Case, read_cases
from gateway.triage.fields import ANOMALIES, DEPARTMENTS, TYPES, URGENCIES

BENCH = Path(__file__).resolve().parents[5] / "shared" / "bench" / "triage" / "dev.jsonl"
NAMES = ("zh.tsv", "zh_hant.tsv", "mixed.tsv")
CHANNELS = {"app", "web_chat", "wechat", "sms", "email", "social"}


def cases_of(name: str) -> list[Case]:
    text = (files("gateway.triage") / "cases" / name).read_text("utf-8")
    return list(read_cases(name, text.split("\n")))


@pytest.fixture(scope="module")
def everything() -> list[Case]:
    return [case for name in NAMES for case in cases_of(name)]


def bare(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def test_no_sentence_stands_there_twice(everything: list[Case]) -> None:
    counted = Counter(bare(case.message.whole) for case in everything if bare(case.message.whole))

    assert [text for text, times in counted.items() if times > 1] == []


def test_every_channel_is_a_known_one(everything: list[Case]) -> None:
    assert {case.message.channel for case in everything} <= CHANNELS


if BENCH.exists():  # it lies beside the repository where people measure, and nowhere else

    def test_no_sentence_was_taken_from_the_bench(everything: list[Case]) -> None:
        theirs = {bare(json.loads(line)["text"]) for line in BENCH.read_text("utf-8").splitlines()}
        long_ones = {text for text in theirs if len(text) >= 8}

        assert [case.source for case in everything if bare(case.message.text) in long_ones] == []


def test_publicity_always_goes_to_public_relations(everything: list[Case]) -> None:
    wrong = [
        case.source
        for case in everything
        if case.labels["anomaly"][0] == "media" and "pr" not in case.labels["department"]
    ]

    assert wrong == []


def test_a_failure_of_systems_goes_to_tech(everything: list[Case]) -> None:
    wrong = [
        case.source
        for case in everything
        if case.labels["anomaly"] == ("outage",) and "tech" not in case.labels["department"]
    ]

    assert wrong == []


def test_a_message_without_a_case_asks_for_no_identity(everything: list[Case]) -> None:
    bare_types = {"presale", "suggestion", "none", "human"}
    wrong = [
        case.source
        for case in everything
        if set(case.labels["type"]) <= bare_types and case.labels["needs_identity"] == ("yes",)
    ]

    assert wrong == []


LEAST: Mapping[str, Mapping[str, int]] = {
    "type": dict.fromkeys(TYPES, 100),
    "urgency": dict.fromkeys(URGENCIES, 300),
    "anomaly": dict.fromkeys(ANOMALIES, 100),
    "department": dict.fromkeys(DEPARTMENTS, 100),
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in LEAST.items() for value in values]
)
def test_every_value_has_its_share(everything: list[Case], field: str, value: str) -> None:
    there = sum(case.labels[field][0] == value for case in everything)

    assert there >= LEAST[field][value]


HARD = {
    "a grievance denied": r"不是(?:要|来)?(?:投诉|吵架)|我不投诉",
    "no hurry": r"不急|不着急|不赶时间",
    "a danger told calmly": r"焦味|摸着烫手|电弧",
    "harmless words that frighten": r"炸鸡|爆款|杀毒|杀疯",
    "money named, not lost": r"预算|限额|首付",
    "a day named": r"今晚|明天|后天",
    "a counted try": r"第[三四五六]次|打了[三四五六]次|三遍",
    "dialect": r"俺|侬|恁|咋",
    "sarcasm": r"真贴心|佩服|鼓掌",
    "several bubbles": r"\n",
}


@pytest.mark.parametrize("kind", HARD)
def test_every_hard_kind_is_there(everything: list[Case], kind: str) -> None:
    assert sum(bool(re.search(HARD[kind], case.message.whole)) for case in everything) >= 3
