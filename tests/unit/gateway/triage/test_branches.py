"""Taking alternatives apart changes what is tried, never what is found."""

import re

import pytest

from gateway.triage.branches import MOST, branches
from gateway.triage.corpus import shipped_cases
from gateway.triage.fold import fold
from gateway.triage.read_rules import shipped


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        (r"late", {"late"}),
        (r"\b(?:late|lost) bag", {r"\blate bag", r"\blost bag"}),
        (r"a|b(?:c|d)", {"a", "b(?:c|d)"}),
        (r"\b(?:(?:my|our) bag|box)\b", {r"\bmy bag\b", r"\bour bag\b", r"\bbox\b"}),
        (r"(?:a|b)?c", {"(?:a|b)?c"}),
        (r"(?:\w+ ){0,2}late", {r"(?:\w+ ){0,2}late"}),
        (r"[|)(]x|y", {"[|)(]x", "y"}),
        (r"[^]|]x", {"[^]|]x"}),
        (r"\(a|b", {r"\(a", "b"}),
        (r"^([a-z])\1{2,}$", {r"^([a-z])\1{2,}$"}),
    ],
)
def test_alternatives_at_the_beginning_are_taken_apart(pattern: str, parts: set[str]) -> None:
    assert set(branches(pattern)) == parts


def test_a_pattern_of_too_many_alternatives_stays_whole() -> None:
    pattern = "|".join(f"word{number}" for number in range(MOST + 1))

    assert branches(pattern) == (pattern,)


def test_the_shipped_rules_find_the_same_apart_as_whole() -> None:
    texts = [fold(case.message.whole) for case in shipped_cases()[::25]]
    for rule in shipped().rules:
        for words in rule.words:
            whole = re.compile(words)
            apart = [re.compile(one) for one in branches(words)]
            for text in texts:
                assert bool(whole.search(text)) == any(one.search(text) for one in apart), (rule.id, text)
