"""Proof 1: one guess at each of many orders, from many identities: nothing is shown, and the house closes the door."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.domain.records import Found
from tests.security.conftest import Figure
from tests.verifying import Records, all_settled, all_taken, guess, open_verifying_shop, place

BATCH = 50


@pytest.mark.timeout(3600)
async def test_a_storm_of_guesses_shows_nothing_and_raises_one_alarm(
    tmp_path: Path, scale: Callable[[int, int], int], figure: Figure
) -> None:
    orders, identities = scale(100, 20_000), scale(10, 200)
    found = {
        f"2026{n:08d}": Found(
            customer_ref=f"cust-{n}", order_ref=f"2026{n:08d}", attrs={"phone": f"138{n * 7919 % 10**8:08d}"}
        )
        for n in range(orders)
    }
    async with open_verifying_shop(tmp_path, Records(found=found)) as (shop, records):
        places = [await place(shop) for _ in range(identities)]
        for made, order in enumerate(found, 1):
            await guess(shop, places[made % identities], order, "9999")
            if made % BATCH == 0 or made == orders:
                await all_taken(shop)
                await shop.later(timedelta(milliseconds=800))
                if made % 1000 == 0 or made == orders:
                    await all_settled(shop, made)
        rows = await all_settled(shop, orders)
        outcomes = {
            each: sum(row["outcome"] == each for row in rows) for each in ("match", "miss", "blocked")
        }
        alarms = [row for row in await shop.rows("alarm") if row["kind"] == "verification"]
        proofs = await shop.rows("proof")
    figure("orders guessed at, once each", orders)
    figure("identities that guessed", identities)
    figure("guesses that were compared with a record", records.compares)
    figure("identities proven by guessing", len(proofs))
    figure("alarms raised", len(alarms))
    assert records.compares <= 20, "no more than the house bears in ten minutes"
    assert outcomes["match"] == 0
    assert proofs == []
    assert len(alarms) == 1
