"""The table of ASVS: each requirement once, each state a known one, and every file it points at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"
STATES = {"met", "**not met**", "does not apply"}
LEVEL_1, LEVEL_2 = 70, 183
"""How many requirements ASVS 5.0.0 has at each level."""

ROWS = [
    tuple(cell.strip() for cell in line.strip("|\n ").split(" | "))
    for line in PAGE.read_text("utf-8").splitlines()
    if re.match(r"\| \d+\.\d+\.\d+ ", line)
]


def test_every_requirement_of_both_levels_stands_there_once() -> None:
    ids = [row[0] for row in ROWS]
    assert len(ids) == len(set(ids))
    assert sum(row[1] == "1" for row in ROWS) == LEVEL_1
    assert sum(row[1] == "2" for row in ROWS) == LEVEL_2


def test_every_row_has_a_state_and_says_why() -> None:
    assert [row[0] for row in ROWS if len(row) != 5 or row[3] not in STATES or not row[4]] == []


def test_the_sums_are_those_of_the_rows() -> None:
    for state, label in (("met", "met"), ("**not met**", "not met"), ("does not apply", "does not apply")):
        sums = [sum(row[1] == level and row[3] == state for row in ROWS) for level in ("1", "2")]
        assert f"| {label} | {sums[0]} | {sums[1]} |" in PAGE.read_text("utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_points_at_is_there(row: tuple[str, ...]) -> None:
    named = re.findall(r"`((?:gateway|adapters|knowledge|tests|docs)/[^`]+)`", row[4])
    assert [path for path in named if not (ROOT / path).exists()] == []
