"""The index never hides a pattern that would have matched."""

import re

import pytest

from gateway.triage.literals import Index, needed
from gateway.triage.read_rules import shipped


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("投诉", {"投诉"}),
        ("投诉|曝光", {"投诉", "曝光"}),
        (r"(?:去|要)曝光", {"曝光"}),
        (r"\bcomplain(?:t|ing)?\b", {"complain"}),
        (r"refund(?:s|ed)", {"refund"}),
        (r"colou?r", {"colo"}),
        (r"a+b", {"a"}),
        (r"(?<!不)急(?!诊)", {"急"}),
        (r"[ab]c", {"c"}),
        (r"x{2,3}yes", {"yes"}),
        (r"x{0,3}", None),
        (r"\d+", None),
        (r"(?:ab|c?)", None),
        (r"a\.b", {"a.b"}),
    ],
)
def test_what_a_pattern_needs(pattern: str, literals: set[str] | None) -> None:
    assert needed(pattern) == (None if literals is None else frozenset(literals))


@pytest.mark.parametrize(
    "text", ["我要投诉你们的快递", "i would like to speak to a human about my order", "a.b ab c 急 xxyes"]
)
def test_the_index_finds_all_that_plain_search_finds(text: str) -> None:
    patterns = [pattern.pattern for _, pattern in shipped().patterns] + [
        "投诉|曝光",
        r"a\.b",
        "(?<!不)急",
        "x{2,3}yes",
        r"\d+",
    ]
    found = set(Index(patterns).candidates(text))
    assert {number for number, pattern in enumerate(patterns) if re.search(pattern, text)} <= found
