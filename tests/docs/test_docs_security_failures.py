"""The table of failures: each row once, each test it names where it says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "security-failures.md"
ROWS = re.findall(r"^\| (\d+) \|(.*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)


def test_each_of_the_fifty_four_has_its_row() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, 55))


@pytest.mark.parametrize(("number", "row"), ROWS, ids=[number for number, _ in ROWS])
def test_a_row_names_tests_that_exist_and_carry_its_number(number: str, row: str) -> None:
    named = re.findall(r"\[`(test_\w+)`\]\((\S+?)\)", row)
    assert named or "**not yet**" in row
    for test, place in named:
        assert test.startswith((f"test_row_{int(number):02}_", "test_prove_")), test
        assert f"def {test}(" in (PAGE.parent / place).read_text("utf-8"), f"{test} is not in {place}"
