"""New keys for old, on both databases: everything stays readable, nothing stays behind."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select, update

from gateway.clock import FakeClock
from gateway.house import House
from gateway.keys_admin import key_verbs
from gateway.sealing.cells import kid_of
from gateway.store import accounts, factors, keys, rotation
from gateway.store import tables as t
from gateway.store.database import Tx, open_database
from gateway.store.factor_secrets import open_secret, seal_secret
from gateway.store.keyring import Keyring, keys_of
from gateway.store.migrate import migrate
from gateway.store.root_file import RootFile
from gateway.store.tables_keys import data_key
from tests.building import MAIL, MORNING
from tests.writing import Street


async def some_customers(street: Street) -> None:
    for who in ("wang", "li", "zhao"):
        await street.say("转人工，电话 13812345678", who=who, name=f"名字{who}")
    await street.deliver(
        street.inbound("", who="x", channel=MAIL, kind="raw", raw=b"mail of nobody yet", thread=None)
    )


def kids(tx: Tx) -> frozenset[str]:
    found = frozenset[str]()
    for table in rotation.sealed_columns():
        found |= rotation.kids_in(tx, table, None)[0]
    return found


async def rotated(house: House) -> dict[str, int]:
    ring = await house.database.write(lambda tx: keys_of(tx).ring)
    verbs = key_verbs(house.database, ring, house.clock)
    begun = await verbs["keys.begin"]({})
    for table in begun["tables"]:
        page = {"after": None}
        while True:
            page = await verbs["keys.rotate"]({"table": table, "after": page["after"]})
            if page["after"] is None:
                break
    done: dict[str, int] = await verbs["keys.retire"]({})
    return done


async def test_everything_is_sealed_anew_and_read_as_before(street: Street) -> None:
    house = street.house
    await some_customers(street)
    before = await house.database.read(kids)
    read = [await street.rows(table) for table in (t.contact, t.contact_identity, t.inbox, t.message)]
    assert isinstance(house.clock, FakeClock)
    await rotated(house)
    after = await house.database.read(kids)
    assert after
    assert not after & before
    again = [await street.rows(table) for table in (t.contact, t.contact_identity, t.inbox, t.message)]
    for one, other in zip(read, again, strict=True):
        assert [{k: v for k, v in row.items() if k != "sealed"} for row in one] == [
            {k: v for k, v in row.items() if k != "sealed"} for row in other
        ]


async def test_old_keys_are_retired_once_nothing_lies_under_them(street: Street) -> None:
    await some_customers(street)
    await rotated(street.house)
    street.later(timedelta(minutes=5))
    done = await rotated(street.house)
    assert done["left"] == 0
    still = select(data_key.c.kid).where(data_key.c.retired_at.is_not(None), data_key.c.wrapped.is_(None))
    assert await street.house.database.read(lambda tx: tx.execute(still).all()) == []


async def test_a_cell_that_changed_meanwhile_is_left_to_whoever_changed_it(street: Street) -> None:
    house = street.house
    await some_customers(street)
    await house.database.write(lambda tx: rotation.begin(tx, MORNING))

    def swap(tx: Tx) -> None:
        one = tx.execute(select(t.contact).order_by(t.contact.c.id)).first()
        assert one is not None
        fresh = keys.seal(keys.of_contact(tx, one.id), keys.Place("contact", "name", one.number), "新名字")
        tx.execute(update(t.contact).where(t.contact.c.id == one.id).values(name=fresh))

    await house.database.write(swap)
    await house.database.write(partial(rotation.rewrite, name="contact", after=None))
    assert (await street.rows(t.contact))[0]["name"] == "新名字"


async def test_a_new_root_key_wraps_every_data_key_and_the_old_one_stays_for_old_backups(
    tmp_path: Path,
) -> None:
    source = RootFile(tmp_path)
    ring = Keyring(source, lambda: MORNING)
    database = open_database(f"sqlite:///{tmp_path / 'gateway.db'}", ring)
    migrate(database)
    place = keys.Place("contact", "name", "C1")
    cell = await database.write(lambda tx: keys.seal(keys.of_contact(tx, 1), place, "王芳"))
    verbs = key_verbs(database, ring, FakeClock())
    old = ring.roots[0].kid
    new = (await verbs["keys.new_root"]({}))["root"]
    assert (await verbs["keys.rewrap"]({}))["missing"] == []
    status = await verbs["keys.status"]({})
    assert list(status["roots"]) == [new]
    assert status["known"] == [new, old]
    assert source.path.stat().st_mode & 0o777 == 0o400
    await database.close()
    fresh = open_database(
        f"sqlite:///{tmp_path / 'gateway.db'}", Keyring(RootFile(tmp_path), lambda: MORNING)
    )
    assert await fresh.read(lambda tx: keys.unseal(tx, place, cell)) == "王芳"
    assert keys.ERASED not in kid_of(cell)
    await fresh.close()


async def test_an_authenticators_secret_is_sealed_anew_and_still_opens(street: Street) -> None:
    house = street.house

    def set_up(tx: Tx) -> int:
        agent = accounts.add_agent(tx, "a1001", "1001", "客服", "agent", "none", MORNING)
        factor = factors.begin_totp(tx, agent.id, "phone", MORNING)
        factors.keep_secret(tx, factor, seal_secret(tx, factor, "JBSWY3DPEHPK3PXP"))
        return agent.id

    street.later(timedelta(minutes=10))
    await rotated(house)  # one that is under way from before would go on instead of beginning anew
    agent_id = await house.database.write(set_up)
    mine = partial(factors.totps_of, agent_id=agent_id, is_confirmed=False)
    [(factor, before)] = await house.database.read(mine)
    street.later(timedelta(minutes=10))
    await rotated(house)
    [(_, after)] = await house.database.read(mine)
    assert kid_of(after) != kid_of(before)
    assert await house.database.read(lambda tx: open_secret(tx, factor, after)) == "JBSWY3DPEHPK3PXP"
