"""Sixty kills for every change: a fifth of what `make chaos` does, on both databases, while messages come and replies go."""

import secrets

import pytest

from tests.chaos.__main__ import report
from tests.chaos.run import Plan, carry_out

FRESH = secrets.randbelow(10**6)
"""Another one each time; a failure names it."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("database", "cycles", "is_sender"),
    [("sqlite", 20, False), ("sqlite", 10, True), ("postgres", 20, False), ("postgres", 10, True)],
)
async def test_row_41_kill_9_at_any_instant_loses_and_doubles_nothing(
    database: str, cycles: int, is_sender: bool
) -> None:
    outcome = await carry_out(Plan(cycles=cycles, database=database, seed=FRESH, sender=is_sender))
    told = "\n".join([report(outcome), *outcome.verdict.broken, outcome.kept_in])
    print(told)
    assert not outcome.verdict.broken, told
    assert outcome.kills == cycles
    assert outcome.verdict.acks > 10 * cycles, told  # a run without load would prove nothing
