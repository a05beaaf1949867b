"""The condition in SQL and the one in Python are the same, for any ticket and anybody; and lists show no more."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.database import SqliteDatabase, Tx
from gateway.store.migrate import migrate
from gateway.store.visible_list import Place, Wanted, list_tickets, read_inbox
from gateway.store.visible_sight import Sight, standing_of, standings
from tests.keyring import a_ring
from tests.security.matrix.standings import a_sight, plant_standings


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    found = SqliteDatabase(tmp_path / "gateway.db", ring=a_ring())
    migrate(found)
    yield found
    await found.close()


@pytest.mark.timeout(2400)  # at full size, on a machine that does other things as well
async def test_a_ticket_is_found_by_the_condition_in_sql_exactly_if_python_says_it_is_seen(
    database: SqliteDatabase, scale: Callable[[int, int], int], figure: Callable[[str, object], None]
) -> None:
    chance = random.Random(7)
    tickets, sights = scale(300, 2000), scale(40, 300)
    await database.write(lambda tx: plant_standings(tx, chance, tickets))
    everything = await database.read(lambda tx: standings(tx, t.ticket.c.id > 0))
    assert len(everything) == tickets
    seen = 0
    for _ in range(sights):
        sight = a_sight(chance)
        found = set(await database.read(partial(_covered, sight)))
        assert found == {one.number for one in everything if sight.sees(one)}
        seen += len(found)
    assert 0 < seen < tickets * sights
    figure("tickets x sights held against both forms", f"{tickets} x {sights}")


def _covered(sight: Sight, tx: Tx) -> Sequence[str]:
    return tx.execute(select(t.ticket.c.number).where(sight.covers())).scalars().all()


@pytest.mark.parametrize("queue", ["all", "unassigned", "mine", "suggested", "watching", "warehouse"])
async def test_lists_pages_and_counts_hold_what_is_seen_and_nothing_else(
    database: SqliteDatabase, queue: str
) -> None:
    chance = random.Random(11)
    await database.write(lambda tx: plant_standings(tx, chance, 200))
    for _ in range(12):
        sight = a_sight(chance)
        everything = Sight(tickets=True, agent_id=sight.agent_id)

        def pages(tx: Tx, sight: Sight = sight) -> list[str]:
            found: list[str] = []
            after: Place | None = None
            while True:
                some, cursor = list_tickets(tx, sight, Wanted(queue=queue, after=after, limit=7))
                found += [one["number"] for one in some]
                if cursor is None:
                    return found
                after = Place.from_text(cursor)

        def wanted(tx: Tx, sight: Sight = sight, everything: Sight = everything) -> list[str]:
            whole, _ = list_tickets(tx, everything, Wanted(queue=queue, limit=1000))
            return [one["number"] for one in whole if sight.sees(_standing(tx, one["number"]))]

        assert await database.read(pages) == await database.read(wanted)
        inbox = await database.read(partial(read_inbox, sight=sight, wanted=Wanted(limit=1000)))
        assert inbox["counts"]["all"] == len(inbox["tickets"]) + await _merged_at_work(database, sight)


async def _merged_at_work(database: SqliteDatabase, sight: Sight) -> int:
    """Counts are read from the index alone, which does not know what is merged; a merged ticket is closed in life."""
    k = t.ticket.c
    merged = select(k.number).where(k.merged_into.is_not(None))

    def unit(tx: Tx) -> int:
        found = [_standing(tx, number) for number in tx.execute(merged).scalars().all()]
        alone = [type(one)(**{name: getattr(one, name) for name in _ALONE}) for one in found]
        return sum(sight.sees(one) for one in alone)

    return await database.read(unit)


_ALONE = ("number", "department", "agent_id", "people", "asked")


def _standing(tx: Tx, number: str) -> Any:
    found = standing_of(tx, number)
    assert found is not None
    return found
