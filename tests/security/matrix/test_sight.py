"""The condition in SQL and the one in Python are the same, for any ticket and anybody; and lists show no more."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gateway.store import tables as t
from gateway.store.database import SqliteDatabase, Tx
from gateway.store.migrate import migrate
from gateway.store.visible_list import Place, Wanted, list_tickets, read_inbox
from gateway.store.visible_sight import Sight, standing_of, standings

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DEPARTMENTS = ("support", "warehouse", "finance", "quality")
PEOPLE = range(1, 9)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    found = SqliteDatabase(tmp_path / "gateway.db")
    migrate(found)
    yield found
    await found.close()


def _row(tx: Tx, table: Any, **values: Any) -> int:
    return int(tx.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def _ticket(tx: Tx, chance: random.Random, n: int) -> int:
    contact = _row(tx, t.contact, number=f"C{n}", created_at=NOW)
    thread = _row(tx, t.thread, channel="web", key=f"v{n}", contact_id=contact, created_at=NOW)
    about = {"contact_id": contact, "channel": "web", "lang": "zh-CN"}
    talk = _row(tx, t.conversation, thread_id=thread, state="queued", started_at=NOW, last_at=NOW, **about)
    agent = chance.choice((None, None, *PEOPLE))
    return _row(
        tx,
        t.ticket,
        number=f"T{n:05}",
        conversation_id=talk,
        thread_id=thread,
        status="open" if agent is None else "in_progress",
        type="aftersale",
        urgency="normal",
        urgency_rank=chance.randrange(3),
        anomaly="none",
        department=chance.choice(DEPARTMENTS),
        subject="s",
        summary="s",
        because="b",
        agent_id=agent,
        suggested_agent_id=chance.choice((*[None] * 6, *PEOPLE)),
        supervisor_id=chance.choice((*[None] * 6, *PEOPLE)),
        due_at=chance.choice((None, NOW)),
        last_at=NOW,
        opened_at=NOW,
        **about,
    )


def _plant(tx: Tx, chance: random.Random, count: int) -> None:
    ids = [_ticket(tx, chance, n) for n in range(count)]
    for ticket_id in chance.sample(ids, count // 4):
        state = chance.choice(("asked", "accepted", "done", "declined"))
        times = {"asked_at": NOW, "accept_by": NOW, "solve_by": NOW}
        about = {"department": chance.choice(DEPARTMENTS), "text": "x", "state": state, "asked_by": 1}
        _row(tx, t.task, ticket_id=ticket_id, **about, **times)
    for ticket_id in chance.sample(ids, count // 4):
        between = {"from_agent_id": chance.choice(PEOPLE), "to_agent_id": chance.choice(PEOPLE)}
        state = chance.choice(("offered", "accepted", "declined"))
        _row(tx, t.handover, ticket_id=ticket_id, note="", state=state, offered_at=NOW, **between)
    half = count // 2
    for ticket_id in chance.sample(ids[:half], count // 10):
        into = {"merged_into": chance.choice(ids[half:])}
        tx.execute(t.ticket.update().where(t.ticket.c.id == ticket_id).values(into))


def _sight(chance: random.Random) -> Sight:
    few = frozenset(chance.sample(DEPARTMENTS, chance.randint(1, 3)))
    return Sight(
        tickets=chance.random() > 0.05,
        agent_id=chance.choice((None, *PEOPLE)),
        departments=chance.choice((None, few, few, few)),
    )


async def test_a_ticket_is_found_by_the_condition_in_sql_exactly_if_python_says_it_is_seen(
    database: SqliteDatabase, scale: Callable[[int, int], int], figure: Callable[[str, object], None]
) -> None:
    chance = random.Random(7)
    tickets, sights = scale(300, 2000), scale(40, 300)
    await database.write(lambda tx: _plant(tx, chance, tickets))
    everything = await database.read(lambda tx: standings(tx, t.ticket.c.id > 0))
    assert len(everything) == tickets
    seen = 0
    for _ in range(sights):
        sight = _sight(chance)
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
    await database.write(lambda tx: _plant(tx, chance, 200))
    for _ in range(12):
        sight = _sight(chance)
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
