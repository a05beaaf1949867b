"""What a process that died was sending: tried once more, then held for a person, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from adapters.contract import Inbound
from gateway.clock import FakeClock
from gateway.node import claim_place
from gateway.pipeline.plan import Plan, Reply, StartConversation
from gateway.store import tables as t
from gateway.store.apply import apply
from gateway.store.database import Database, open_database
from gateway.store.lease import LeasedOutbound, take_inbound, take_outbound
from gateway.store.migrate import migrate
from gateway.store.receiving import Arrival, receive
from gateway.store.rescue import give_back
from tests.building import a_policy
from tests.keyring import a_ring
from tests.servers.postgres import Postgres, running_postgres

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path}/gateway.db", a_ring())
    else:
        opened = open_database(request.getfixturevalue("postgres").create(), a_ring())
    migrate(opened)
    return opened


async def a_reply_owed(database: Database, owner: str | None = None) -> None:
    """A customer has written, and an answer is owed; with ``owner`` the inbox row is leased."""
    inbound = Inbound(channel="tg", external_id="1:1", address="7", thread="7", text="您好")
    arrival = Arrival(inbound=inbound, body="{}", body_hash="h")
    plan = Plan(lang="zh-CN").then(
        StartConversation(lang="zh-CN", because="first"), Reply(text="好", lang="zh-CN", because="answer")
    )

    def unit(tx: Any) -> None:
        done = receive(tx, arrival, now=NOW, zone=ZONE, owner=owner, until=LATER)
        assert done.snapshot is not None
        apply(tx, done.snapshot, plan, now=NOW, policy=a_policy(), kind="social", key=lambda: "k1", served=False, message_id=done.message_id)  # fmt: skip

    await database.write(unit)


async def taken_by(database: Database, owner: str) -> list[LeasedOutbound]:
    """What a process with this name is given to send."""
    return list(
        await database.write(
            lambda tx: take_outbound(tx, owner=owner, now=NOW, until=LATER, channel="tg", limit=8)
        )
    )


async def rescued(database: Database, owner: str, place: str, now: datetime = NOW) -> int:
    return len(await database.write(lambda tx: give_back(tx, owner=owner, place=place, now=now)))


async def state_of(database: Database) -> tuple[str, int]:
    row = await database.read(lambda tx: tx.execute(select(t.outbox.c.state, t.outbox.c.silences)).one())
    return row.state, row.silences


async def test_a_restart_gives_back_at_once_what_its_own_dead_held(database: Database) -> None:
    await a_reply_owed(database, owner="here-1")
    assert len(await taken_by(database, "here-1")) == 1
    assert await rescued(database, "here-2", "here") == 1
    assert await state_of(database) == ("unknown", 1)
    rows = await database.write(lambda tx: take_inbound(tx, owner="here-2", now=NOW, until=LATER, limit=5))
    assert len(rows) == 1
    await database.close()


async def test_what_another_living_process_holds_stays_its_own_until_the_lease_runs_out(
    database: Database,
) -> None:
    await a_reply_owed(database)
    await taken_by(database, "there-1")
    assert await rescued(database, "here-2", "here") == 0
    assert await state_of(database) == ("sending", 0)
    assert await rescued(database, "here-2", "here", now=LATER + timedelta(seconds=1)) == 1
    assert await state_of(database) == ("unknown", 1)
    await database.close()


async def test_a_second_crash_while_sending_holds_the_reply_for_a_person(database: Database) -> None:
    await a_reply_owed(database)
    for life in ("here-1", "here-2"):
        assert len(await taken_by(database, life)) == 1
        assert await rescued(database, f"{life}x", "here") == 1
    assert await state_of(database) == ("held", 2)
    assert await taken_by(database, "here-3") == []
    told = await database.read(
        lambda tx: tx.execute(select(t.event.c.data).where(t.event.c.kind == "delivery")).scalars().all()
    )
    assert [data["state"] for data in told] == ["unknown", "held"]
    await database.close()


async def test_a_process_never_takes_from_itself(database: Database) -> None:
    await a_reply_owed(database)
    await taken_by(database, "here-1")
    assert await rescued(database, "here-1", "here", now=LATER + timedelta(hours=1)) == 0
    await database.close()


async def test_an_empty_place_means_that_everybody_else_is_dead(database: Database) -> None:
    await a_reply_owed(database)
    await taken_by(database, "before-the-move")
    assert await rescued(database, "here-1", "") == 1
    await database.close()


@pytest.mark.parametrize("goes_first", [0, 1])
async def test_messages_stored_before_the_first_turn_belong_to_the_conversation_it_begins(
    database: Database, goes_first: int
) -> None:
    inbound = Inbound(channel="tg", external_id="1:0", address="7", thread="7", text="在吗")
    first = Arrival(inbound=inbound, body="{}", body_hash="h")
    second = Arrival(inbound=inbound.with_(external_id="1:1"), body="{}", body_hash="h")

    def unit(tx: Any) -> None:
        both = [receive(tx, each, now=NOW, zone=ZONE, owner=None, until=LATER) for each in (first, second)]
        one = both[goes_first]
        assert one.snapshot is not None
        plan = Plan(lang="zh-CN").then(StartConversation(lang="zh-CN", because="first"))
        apply(tx, one.snapshot, plan, now=NOW, policy=a_policy(), kind="social", key=lambda: "k", served=False, message_id=one.message_id)  # fmt: skip

    await database.write(unit)
    homes = await database.read(
        lambda tx: tx.execute(select(t.message.c.conversation_id).order_by(t.message.c.seq)).scalars().all()
    )
    assert homes[0] is not None
    assert homes == [homes[0]] * 2
    await database.close()


def test_a_place_has_one_name_and_one_holder(tmp_path: Path) -> None:
    clock = FakeClock()
    name = claim_place(tmp_path, clock)
    assert len(name) == 16
    assert claim_place(tmp_path, clock) != name  # held: whoever comes second is somebody else
    (tmp_path / "copy").mkdir()
    assert claim_place(tmp_path / "copy", clock) != name
