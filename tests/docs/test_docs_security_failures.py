"""The table of failures: each row once, each test it names where it says."""

import pytest

from tests.failures_table import Failure, read_table

ROWS = read_table()


def test_each_of_the_fifty_four_has_its_row() -> None:
    assert [row.number for row in ROWS] == list(range(1, 55))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_a_row_names_tests_that_exist_and_carry_its_number(row: Failure) -> None:
    assert row.shown_by or "**not yet**" in row.words
    for test, place in row.shown_by:
        assert test.startswith((f"test_row_{row.number:02}_", "test_prove_")), test
        assert f"def {test}(" in place.read_text("utf-8"), f"{test} is not in {place}"
