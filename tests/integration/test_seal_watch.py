"""A cell that somebody changed is cried out once a day, however often it is looked at, and from whatever thread."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from gateway.clock import FakeClock
from gateway.desk.seal_watch import MOST_A_DAY, SealWatch
from gateway.house import House
from gateway.sealing.cells import Place, Unreadable
from gateway.store import tables as t
from tests.building import a_house

CELL = Place("contact", "name", "C20261123001")


async def names(house: House) -> list[str]:
    return list(await house.database.read(lambda tx: tx.execute(select(t.alarm.c.name)).scalars().all()))


async def test_a_cell_has_one_alarm_a_day_also_after_a_restart(tmp_path: Path) -> None:
    clock = FakeClock()
    async with a_house(tmp_path, clock=clock) as house:
        watch = SealWatch(house)
        for _ in range(3):
            await asyncio.to_thread(watch.heard, CELL, Unreadable("forged"))
        assert await watch.once() == 1
        again = SealWatch(house)
        again.heard(CELL, Unreadable("forged"))
        assert await again.once() == 0
        await clock.advance(timedelta(days=1))
        again.heard(CELL, Unreadable("forged"))
        assert await again.once() == 1
        assert len(set(await names(house))) == 2


async def test_other_cells_have_alarms_of_their_own_but_a_whole_table_does_not_flood_the_desk(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        watch = SealWatch(house)
        for number in range(MOST_A_DAY + 20):
            watch.heard(Place("message", "sealed", f"1.{number}"), Unreadable("no cell"))
        assert await watch.once() == MOST_A_DAY
        assert house.metrics.sealing_unreadable.labels("no_cell")._value.get() == MOST_A_DAY + 20
