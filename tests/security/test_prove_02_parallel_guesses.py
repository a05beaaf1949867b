"""Proof 2: a hundred guesses at one order in the same moment, from many conversations: five are compared at most."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.security.conftest import Figure
from tests.verifying import ORDER, all_settled, all_taken, guess, open_verifying_shop, place


@pytest.mark.timeout(3600)
async def test_parallel_guesses_do_not_race_the_count(
    tmp_path: Path, scale: Callable[[int, int], int], figure: Figure
) -> None:
    identities = scale(10, 50)
    async with open_verifying_shop(tmp_path) as (shop, records):
        places = [await place(shop) for _ in range(identities)]
        count = 100
        await asyncio.gather(*(guess(shop, places[n % identities], ORDER, f"{n:04d}") for n in range(count)))
        await all_taken(shop)
        await shop.later(timedelta(milliseconds=800))
        rows = await all_settled(shop, count)
        notices = [row for row in await shop.rows("code") if row["kind"] == "notice"]
    figure("guesses at one order in one moment", count)
    figure("of them compared with the record", records.compares)
    assert records.compares <= 5
    assert sum(row["outcome"] == "blocked" for row in rows) == count - records.compares
    assert len(notices) <= 1, "whoever is on file is told once"
