"""The table of docs/reference/security-failures.md, read: each row's number, its words, and the tests it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "security-failures.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One row: ``shown_by`` are the names of tests, each with the file it is said to be in."""

    number: int
    words: str
    shown_by: tuple[tuple[str, Path], ...]


def read_table() -> Sequence[Failure]:
    """Return the rows as they stand on the page."""
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return [Failure(number=int(number), words=words, shown_by=_named(words)) for number, words in rows]


def _named(words: str) -> tuple[tuple[str, Path], ...]:
    links = re.findall(r"\[`(test_\w+)`\]\((\S+?)\)", words)
    return tuple((test, (PAGE.parent / place).resolve()) for test, place in links)
