"""Proof 6: a sealed value put into another row, or a row hung on another customer, is refused and told of."""

from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from gateway.desk.erasing import Eraser
from gateway.safety.fsck import fsck
from gateway.store import keys, personal
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.keyring import keys_of
from gateway.store.keys import ERASED, Place
from gateway.store.personal import address_of
from gateway.store.snapshot import read_snapshot
from tests.acceptance.shop import Agent, Shop, open_shop
from tests.building import a_house
from tests.keyring import same_root
from tests.servers.filled import filled, settings_in
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


async def test_a_forged_cell_raises_one_alarm_at_the_desk_and_a_destroyed_key_none(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        supervisor = await shop.agent("2001", role="supervisor")
        forged, erased = [await shop.ticket("我的身份证号是 11010519491231002X，转人工") for _ in range(2)]

        def tamper(tx: Tx) -> None:
            contact_id = tx.execute(
                select(t.ticket.c.contact_id).where(t.ticket.c.number == erased)
            ).scalar_one()
            keys.destroy_of_contact(tx, contact_id)
            c = t.message.c
            one = select(t.ticket.c.thread_id).where(t.ticket.c.number == forged).scalar_subquery()
            hit = (c.thread_id == one) & c.sealed.is_not(None)
            tx.execute(update(t.message).where(hit).values(sealed=c.sealed.concat("AAAA")))

        await shop.house.database.write(tamper)
        for _ in range(2):
            await look(shop, erased)
            await look(shop, forged)
        alarms = await shop.until(partial(sealing_alarms, supervisor))
        assert len(alarms) == 1
        assert "message.sealed" in alarms[0]["text"]
        assert "gateway fsck" in alarms[0]["text"]

        counted = shop.house.metrics.sealing_unreadable.labels("forged")._value.get()
        assert counted >= 2


async def test_a_row_or_key_of_somebody_erased_that_is_put_back_is_named_by_fsck(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    same_root(settings.data.dir)
    c, k = t.contact.c, t.data_key.c
    async with filled(settings) as gateway:
        await gateway.say("怎么退货", thread="wang")
        await gateway.say("怎么退货", thread="li")
        before = await gateway.database.read(lambda tx: tx.execute(select(t.contact).order_by(c.id)).first())
        assert before is not None
        wrapped = await gateway.database.read(
            lambda tx: tx.execute(select(k.kid, k.wrapped).where(k.contact_id == before.id)).all()
        )
        house = gateway.house
        await Eraser(
            database=house.database,
            blobs=house.blobs,
            clock=house.clock,
            folder=settings.data.dir,
            is_served=house.is_served,
        ).erase(before.number, by="agent:2001")
        assert [one.check for one in await fsck(settings) if one.level == "bad"] == []

        def put_back_keys(tx: Tx) -> None:
            for kid, secret in wrapped:
                back = update(t.data_key).where(k.kid == kid)
                tx.execute(back.values(wrapped=secret, destroyed_at=None))

        def put_back_row(tx: Tx) -> None:
            tx.execute(update(t.contact).where(c.id == before.id).values(**before._mapping))

        for put_back, table in ((put_back_keys, "data_key"), (put_back_row, "contact")):
            await gateway.database.write(put_back)
            named = [one.where for one in await fsck(settings) if one.check == "rolled_back"]
            assert named == [{"table": table, "contact": before.number}]


async def look(shop: Shop, number: str) -> None:
    """Open what is covered in a ticket's first message, as a desk does that shows it."""

    def unit(tx: Tx) -> None:
        thread = select(t.ticket.c.thread_id).where(t.ticket.c.number == number).scalar_subquery()
        for row in tx.execute(select(t.message).where(t.message.c.thread_id == thread)).mappings():
            personal.opened(tx, t.message, dict(row))

    await shop.house.database.read(unit)


async def sealing_alarms(supervisor: Agent) -> list[dict[str, Any]]:
    """Return the alarms about sealed values, once there are any."""
    return [one for one in (await supervisor.get("/alarms"))["alarms"] if one["kind"] == "sealing"]
