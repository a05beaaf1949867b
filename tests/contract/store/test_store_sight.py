"""Who sees which ticket is the same on both databases, and the same as Python says."""

import random
from functools import partial

from sqlalchemy import select

from gateway.house import House
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.visible_list import Wanted, list_tickets, read_inbox
from gateway.store.visible_sight import Sight, standings
from tests.security.matrix.standings import a_sight, plant_standings


def _covered(sight: Sight, tx: Tx) -> set[str]:
    return set(tx.execute(select(t.ticket.c.number).where(sight.covers())).scalars())


def _listed(sight: Sight, tx: Tx) -> set[str]:
    found, _ = list_tickets(tx, sight, Wanted(limit=1000))
    return {one["number"] for one in found}


async def test_what_is_covered_and_listed_is_what_python_says_is_seen(house: House) -> None:
    chance = random.Random(5)
    await house.database.write(lambda tx: plant_standings(tx, chance, 150))
    everything = await house.database.read(lambda tx: standings(tx, t.ticket.c.id > 0))
    for _ in range(15):
        sight = a_sight(chance)
        seen = {one.number for one in everything if sight.sees(one)}
        assert await house.database.read(partial(_covered, sight)) == seen
        alone = {one.number for one in everything if sight.sees(one) and one.into is None}
        assert await house.database.read(partial(_listed, sight)) == alone
        inbox = await house.database.read(partial(read_inbox, sight=sight, wanted=Wanted(queue="mine")))
        assert {one["number"] for one in inbox["tickets"]} <= seen
