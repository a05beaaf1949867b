"""Proof 8: keys are renewed while customers write, without an error; without the root key nothing starts."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.keys_admin import key_verbs
from gateway.sealing.roots import format_roots, new_root
from gateway.store import tables as t
from gateway.store.database import open_database
from gateway.store.keyring import Keyring, keys_of
from gateway.store.keys import ERASED
from gateway.store.migrate import migrate
from gateway.store.root_file import GivenRoots
from tests.building import MORNING, a_house
from tests.writing import Street

Figure = Callable[[str, object], None]


async def test_rotation_under_load_breaks_nothing_and_a_lost_root_key_stops_the_start(
    tmp_path: Path, scale: Callable[[int, int], int], figure: Figure
) -> None:
    count = scale(30, 1000)
    async with a_house(tmp_path) as house:
        street = Street(house=house)
        for n in range(10):
            await street.say("您好", who=f"w{n}", name=f"名{n}")
        ring = await house.database.write(lambda tx: keys_of(tx).ring)
        verbs = key_verbs(house.database, ring, house.clock)

        async def load() -> None:
            for n in range(count):
                await street.say("转人工", who=f"w{n % 20}", name=f"名{n % 20}")

        async def rotate() -> None:
            for table in (await verbs["keys.begin"]({}))["tables"]:
                page = {"after": None}
                while True:
                    page = await verbs["keys.rotate"]({"table": table, "after": page["after"]})
                    if page["after"] is None:
                        break

        await asyncio.gather(load(), rotate())
        await rotate()
        assert (await verbs["keys.retire"]({}))["left"] == 0
        assert ERASED not in {row["name"] for row in await street.rows(t.contact)}
        assert len(await street.rows(t.inbox)) == count + 10
    figure("messages during a rotation, and errors among them", [count, 0])
    lost = Keyring(GivenRoots(format_roots((new_root(),))), lambda: MORNING)
    database = open_database(f"sqlite:///{tmp_path / 'gateway.db'}", lost)
    with pytest.raises(ConfigError) as refused:
        migrate(database)
    await database.close()
    assert refused.value.exit_code == 78
