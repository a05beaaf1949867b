"""Proof 6: a sealed value put into another row, or a row hung on another customer, is refused and told of."""

from pathlib import Path

from sqlalchemy import select, update

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.keyring import keys_of
from gateway.store.keys import ERASED, Place
from gateway.store.personal import address_of
from gateway.store.snapshot import read_snapshot
from tests.building import a_house
from tests.writing import Street


async def test_swapped_names_are_refused_and_told_of(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        street = Street(house=house)
        await street.say("您好", who="wang", name="王芳")
        await street.say("您好", who="li", name="李雷")

        def swap(tx: Tx) -> None:
            c = t.contact.c
            one, two = tx.execute(select(c.id, c.name).order_by(c.id)).all()
            tx.execute(update(t.contact).where(c.id == one.id).values(name=two.name))
            tx.execute(update(t.contact).where(c.id == two.id).values(name=one.name))

        await house.database.write(swap)
        told: list[Place] = []

        def read(tx: Tx) -> list[str | None]:
            keys_of(tx).ring.on_unreadable = lambda place, error: told.append(place)
            threads = tx.execute(select(t.thread.c.id).order_by(t.thread.c.id)).scalars()
            return [read_snapshot(tx, one).contact.name for one in threads]

        assert await house.database.read(read) == [ERASED, ERASED]
        assert {place.column for place in told} == {"name"}


async def test_an_address_hung_on_another_customer_is_refused(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        street = Street(house=house)
        await street.say("您好", who="wang@cust.example", name="王芳")
        await street.say("您好", who="li@cust.example", name="李雷")

        def steal(tx: Tx) -> str | None:
            i = t.contact_identity.c
            tx.execute(update(t.contact_identity).where(i.contact_id == 2).values(contact_id=1))
            rows = tx.execute(select(i.contact_id, i.channel, i.address_index, i.address).order_by(i.id))
            return address_of(tx, *rows.all()[1])

        assert await house.database.write(steal) is None
