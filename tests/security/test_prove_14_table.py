"""Proof 14: every row of the table of fifty-four failures names tests, and each of them is there to be run."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.failures_table import read_table
from tests.security.conftest import Figure

ROOT = Path(__file__).parents[2]


def collected(files: list[Path]) -> set[tuple[Path, str]]:
    """Return file and name of every test that pytest itself finds in these files."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=100, check=False)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    found = re.findall(r"^(\S+?\.py)::(\w+)", run.stdout, re.MULTILINE)
    return {(ROOT / place, test) for place, test in found}


def test_every_test_a_row_names_is_collected(scale: Callable[[int, int], int], figure: Figure) -> None:
    rows = read_table()
    named = {(place, test) for row in rows for test, place in row.shown_by}
    assert [row.number for row in rows if not row.shown_by] == [], "rows without any test"
    files = sorted({place for place, _ in named})[:: scale(12, 1)]  # collecting takes as long as importing
    missed = {(place, test) for place, test in named if place in files} - collected(files)
    assert sorted(missed) == []
    figure("rows", len(rows))
    figure("rows shown by tests", sum(bool(row.shown_by) for row in rows))
    figure("tests named, all of them collected", len(named))
    figure("files they are in", len(files))
