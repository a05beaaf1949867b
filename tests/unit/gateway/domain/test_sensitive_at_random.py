"""The share of sensitive data found, and the share of findings that are right, on messages made at random."""

from collections import Counter

import pytest

from gateway.domain.sensitive import TAGS, sensitive_tags
from tests.sensitive_at_random import cases

CASES = 5_000
LEAST_RECALL, LEAST_PRECISION = 0.98, 0.97


@pytest.fixture(scope="module")
def counted() -> dict[str, Counter[str]]:
    """For each tag and for all: how many were found rightly, found wrongly, and missed."""
    counts = {tag: Counter[str]() for tag in (*TAGS, "all")}
    for case in cases(CASES, seed=20261122):
        found = sensitive_tags(case.text)
        for tag in TAGS:
            outcome = ("nothing", "missed", "wrong", "right")[(tag in case.tags) + 2 * (tag in found)]
            counts[tag][outcome] += 1
            counts["all"][outcome] += 1
    return counts


@pytest.mark.parametrize("tag", [*TAGS, "all"])
def test_enough_is_found_and_little_else(counted: dict[str, Counter[str]], tag: str) -> None:
    count = counted[tag]
    assert count["right"] >= 300, "too few cases to say anything"
    assert count["right"] / (count["right"] + count["missed"]) >= LEAST_RECALL
    assert count["right"] / (count["right"] + count["wrong"]) >= LEAST_PRECISION


def test_the_same_seed_makes_the_same_cases() -> None:
    assert cases(50, seed=3) == cases(50, seed=3)
    assert cases(50, seed=3) != cases(50, seed=4)
