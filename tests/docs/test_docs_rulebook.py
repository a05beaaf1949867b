"""The page that maps each rule of the handbooks to setting, code and test: all of them are there, and exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "rulebook.md"
CARRIED_OUT = [
    *(f"I{n}" for n in range(1, 9)),
    *(f"T{n}" for n in range(1, 10)),
    *(f"L{n}" for n in range(1, 8)),
    "V1",
    "V2",
    "X1",
    "P3",
    "P4",
]
"""The rows that must run or be measured by the program; the page lists the others with what is left to do."""


def rows() -> dict[str, list[str]]:
    """Return the cells of each row, by its id."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| [A-Z]\d+ \|", line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def explained() -> set[str]:
    """Return every setting the configuration's page explains, and each table of them."""
    text = (ROOT / "docs" / "reference" / "config.md").read_text("utf-8")
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.M)
    keys = {key for cell in cells for key in code(cell)}
    return {".".join(key.split(".")[:n]) for key in keys for n in range(1, key.count(".") + 2)}


def test_every_row_of_the_handbooks_is_on_the_page() -> None:
    assert set(CARRIED_OUT) <= rows().keys()


@pytest.mark.parametrize("row", CARRIED_OUT)
def test_its_settings_exist(row: str) -> None:
    assert set(code(rows()[row][0])) <= explained()


@pytest.mark.parametrize("row", CARRIED_OUT)
def test_its_code_exists(row: str) -> None:
    files = code(rows()[row][1])
    assert files, f"{row} names no code"
    for file in files:
        assert (ROOT / file).exists(), f"{row}: {file} is not there"


@pytest.mark.parametrize("row", CARRIED_OUT)
def test_it_is_lived_through_by_a_test_that_names_it(row: str) -> None:
    files = code(rows()[row][2])
    assert files, f"{row} names no test"
    for file in files:
        text = (ROOT / file).read_text("utf-8")
        assert re.search(rf"def test_{row.lower()}_", text), f"{row}: no test of {file} is named after it"
