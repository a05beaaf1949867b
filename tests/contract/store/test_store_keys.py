"""Data keys as rows: on both databases, committed or not, destroyed or replaced."""

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from gateway.errors import ConfigError
from gateway.house import House
from gateway.sealing.cells import kid_of
from gateway.sealing.roots import format_roots, new_root
from gateway.store import keys
from gateway.store.database import Tx, open_database
from gateway.store.keyring import Keyring, NoRootKey, keys_of
from gateway.store.keys import ERASED, INDEX, Place, Unreadable
from gateway.store.migrate import migrate
from gateway.store.root_file import GivenRoots
from gateway.store.tables_keys import CUSTOMER, data_key
from tests.building import MORNING, a_house
from tests.keyring import ROOT, a_ring

PLACE = Place("contact", "name", "C1")


def seal_for(tx: Tx, contact_id: int) -> str:
    return keys.seal(keys.of_contact(tx, contact_id), PLACE, "王芳")


def key_rows(tx: Tx) -> int:
    found: int = tx.execute(
        select(func.count()).select_from(data_key).where(data_key.c.purpose == CUSTOMER)
    ).scalar_one()
    return found


async def test_a_contact_keeps_its_key(house: House) -> None:
    before = await house.database.write(key_rows)
    first = await house.database.write(lambda tx: seal_for(tx, 7))
    again = await house.database.write(lambda tx: seal_for(tx, 7))
    assert kid_of(first) == kid_of(again)
    assert await house.database.read(key_rows) == before + 1
    assert await house.database.read(lambda tx: keys.unseal(tx, PLACE, first)) == "王芳"


async def test_each_contact_has_its_own(house: House) -> None:
    cells = [await house.database.write(partial(seal_for, contact_id=one)) for one in (1, 2, 3)]
    assert len({kid_of(cell) for cell in cells}) == 3


async def test_what_is_rolled_back_leaves_no_key_that_anybody_seals_with(house: House) -> None:
    """Or what is sealed with it later could never be opened after a restart."""

    def half(tx: Tx) -> None:
        seal_for(tx, 9)
        raise ValueError("rolled back")

    with pytest.raises(ValueError, match="rolled back"):
        await house.database.write(half)
    cell = await house.database.write(lambda tx: seal_for(tx, 9))
    kid = kid_of(cell)
    found = select(data_key.c.kid).where(data_key.c.kid == kid, data_key.c.contact_id == 9)
    assert await house.database.read(lambda tx: tx.execute(found).scalar()) == kid


async def test_an_arrivals_key_becomes_the_contacts(house: House) -> None:
    key = await house.database.write(keys.for_arrival)
    cell = keys.seal(key, PLACE, "您好")
    await house.database.write(lambda tx: keys.give(tx, key.kid, 5))
    await house.database.write(lambda tx: keys.give(tx, key.kid, 6))  # it has an owner: nothing happens
    owner = select(data_key.c.contact_id).where(data_key.c.kid == key.kid)
    assert await house.database.read(lambda tx: tx.execute(owner).scalar()) == 5
    assert await house.database.read(lambda tx: keys.unseal(tx, PLACE, cell)) == "您好"


async def test_a_destroyed_key_opens_nothing_and_seals_nothing(house: House) -> None:
    cell = await house.database.write(lambda tx: seal_for(tx, 4))
    kid = kid_of(cell)

    def destroy(tx: Tx) -> None:
        keys.destroy_of_contact(tx, 4)

    await house.database.write(destroy)
    with pytest.raises(Unreadable) as refused:
        await house.database.read(lambda tx: keys.unseal(tx, PLACE, cell))
    assert refused.value.because == "destroyed"
    assert not refused.value.is_suspect
    assert await house.database.read(lambda tx: keys.shown(tx, PLACE, cell)) == ERASED
    assert kid_of(await house.database.write(lambda tx: seal_for(tx, 4))) != kid


async def test_a_moved_cell_is_refused_and_told_of(house: House) -> None:
    cell = await house.database.write(lambda tx: seal_for(tx, 4))
    told: list[Place] = []

    def read(tx: Tx) -> None:
        keys_of(tx).ring.on_unreadable = lambda place, error: told.append(place)
        keys.unseal(tx, Place("contact", "name", "C2"), cell)

    with pytest.raises(Unreadable):
        await house.database.read(read)
    assert told == [Place("contact", "name", "C2")]


async def test_the_house_has_one_key_for_a_purpose_also_for_another_process(
    house: House, tmp_path: Path, url: str
) -> None:
    one = await house.database.write(lambda tx: keys.house(tx, "access"))
    assert (await house.database.write(lambda tx: keys.house(tx, "access"))).kid == one.kid
    assert (await house.database.write(lambda tx: keys.house(tx, "audit"))).kid != one.kid
    if house.database.dialect == "sqlite":
        return  # one process at a time
    async with a_house(tmp_path / "other", url) as other:
        assert (await other.database.write(lambda tx: keys.house(tx, "access"))).secret == one.secret


async def test_equal_values_are_found_by_their_blind_index_after_a_restart(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        first = await house.database.write(lambda tx: keys.blind(tx, "x.address", "a@b.example"))
    async with a_house(tmp_path) as house:
        assert await house.database.read(lambda tx: keys.blind(tx, "x.address", "a@b.example")) == first


async def test_a_start_without_the_root_key_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    async with a_house(tmp_path) as house:
        await house.database.write(lambda tx: seal_for(tx, 1))
    database = open_database(url, Keyring(GivenRoots(format_roots((new_root(),))), lambda: MORNING))
    with pytest.raises(ConfigError) as refused:
        migrate(database)
    await database.close()
    assert refused.value.exit_code == 78
    assert "data keys that only it opens" in str(refused.value)
    assert "root.key" in str(refused.value)
    both = open_database(url, Keyring(GivenRoots(f"{format_roots((new_root(),))}{ROOT}"), lambda: MORNING))
    migrate(both)
    await both.close()


async def test_a_wrapped_key_put_into_another_row_is_noticed(house: House) -> None:
    one = kid_of(await house.database.write(lambda tx: seal_for(tx, 1)))
    cell = await house.database.write(lambda tx: seal_for(tx, 2))
    stolen = select(data_key.c.wrapped).where(data_key.c.kid == one).scalar_subquery()

    def swap(tx: Tx) -> None:
        tx.execute(update(data_key).where(data_key.c.kid == kid_of(cell)).values(wrapped=stolen))
        keys_of(tx).ring.forget(kid_of(cell), destroyed=False)

    await house.database.write(swap)
    with pytest.raises(Unreadable) as refused:
        await house.database.read(lambda tx: keys.unseal(tx, PLACE, cell))
    assert refused.value.because == "forged"


async def test_a_database_without_keys_seals_nothing(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'gateway.db'}")
    migrate(database)
    with pytest.raises(NoRootKey):
        await database.write(lambda tx: keys.house(tx, INDEX))
    await database.close()


def test_the_time_of_a_key_comes_from_the_keyring() -> None:
    assert isinstance(a_ring().now(), datetime)
