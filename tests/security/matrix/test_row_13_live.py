"""Row 13: nobody hears of a ticket that is not theirs, whatever moves from whom to whom while they listen."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, select, update

from gateway.desk.rights import Role, Who
from gateway.store import accounts
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened
from gateway.web.world import PARTS
from tests.security.matrix.cast import FOR_EVER
from tests.servers.desk import DeskRig, running_desk

DEPARTMENTS = ("support", "tech", "logistics", "finance")
TICK = timedelta(milliseconds=20)
_FRAME = re.compile(rb"(?:id: (\d+)\n)?(?:event: (\w+)\ndata: (.*)\n)?\n")


class Listener:
    """One agent's desk, as far as the ear goes."""

    def __init__(self, rig: DeskRig, agent: accounts.AgentRow, departments: frozenset[str]) -> None:
        self.agent, self.departments = agent, departments
        self.upto, self.heard, self.resets = 0, list[tuple[str, dict[str, Any]]](), 0
        who = Who(
            role=Role.AGENT,
            name="x",
            agent_id=agent.id,
            number=agent.number,
            departments=departments,
            session=accounts.hashed(agent.number),
        )
        self._stream = rig.app[PARTS].hub.watch(who, None, lambda: None)
        self.task = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        async for block in self._stream:
            for last, kind, data in _FRAME.findall(block):
                self.upto = int(last) if last else self.upto
                if kind == b"reset":
                    self.resets += 1
                elif kind:
                    self.heard.append((kind.decode(), orjson.loads(data)))

    async def close(self) -> None:
        """Stop listening."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self._stream.aclose()


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


async def an_agent(rig: DeskRig, number: str, departments: list[str]) -> accounts.AgentRow:
    row = await rig.agent(number=number)
    now, key = rig.clock.now(), accounts.hashed(number)

    def unit(tx: Tx) -> None:
        tx.execute(update(t.agent).where(t.agent.c.id == row.id).values(departments=departments or None))
        accounts.open_session(tx, row.id, key, "", "", now, now + FOR_EVER)
        tx.execute(update(t.session).where(t.session.c.token_hash == key).values(seen_at=now + FOR_EVER))

    await rig.database.write(unit)
    return row


async def until_all_heard(rig: DeskRig, listeners: list[Listener], event: int) -> None:
    async with asyncio.timeout(20):
        while any(one.upto < event for one in listeners):
            await rig.clock.advance(TICK)
            await rig.database.read(lambda tx: None)


def moved(tx: Tx, rig: DeskRig, number: str, what: str, **changes: Any) -> Happened:
    """A change of standing, with its line in the trail."""
    k, e = t.ticket.c, t.event
    tx.execute(update(t.ticket).where(k.number == number).values(version=k.version + 1, **changes))
    ticket_id = tx.execute(select(k.id).where(k.number == number)).scalar_one()
    values = {"at": rig.clock.now(), "kind": "ticket", "ticket_id": ticket_id, "actor": "system"}
    row = tx.execute(insert(e).values(**values, data={"what": what}).returning(e.c.id)).scalar_one()
    return Happened(id=row, at=rig.clock.now(), kind="ticket", ticket=number, data={"what": what})


@pytest.mark.timeout(2400)  # at full size, on a machine that does other things as well
async def test_row_13_no_event_reaches_somebody_who_does_not_see_its_ticket(
    rig: DeskRig, scale: Callable[[int, int], int], figure: Callable[[str, object], None]
) -> None:
    chance = random.Random(13)
    customers, agents, steps = scale(40, 200), scale(8, 20), scale(120, 3000)
    listeners = []
    for place in range(agents):
        departments = chance.sample(DEPARTMENTS, chance.randint(1, 2))
        row = await an_agent(rig, f"{1000 + place}", departments)
        listeners.append(Listener(rig, row, frozenset(departments)))
    holders = dict[str, tuple[str, int | None]]()
    threads = {}
    for place in range(customers):
        department = chance.choice(DEPARTMENTS)
        number = await rig.ticket(thread=f"v{place}", department=department)
        holders[number], threads[number] = (department, None), f"v{place}"
    foreign = heard = 0
    for _ in range(steps):
        last = 0
        for number in chance.sample(sorted(holders), 3):
            if chance.random() < 0.5:
                committed = await rig.writes("还没有回复吗", thread=threads[number])
                last = max(last, *(one.id for one in committed.events))
                continue
            standing = (
                chance.choice(DEPARTMENTS),
                chance.choice((None, *(one.agent.id for one in listeners))),
            )
            holders[number] = standing
            changes: dict[str, Any] = {"department": standing[0], "agent_id": standing[1]}
            change = partial(moved, rig=rig, number=number, what="transferred", **changes)
            happened = await rig.database.write(change)
            rig.feed.publish(Committed(events=(happened,)))
            last = max(last, happened.id)
        await until_all_heard(rig, listeners, last)
        for one in listeners:
            for _, face in one.heard:
                department, holder = holders[face["number"]]
                heard += 1
                foreign += department not in one.departments and holder != one.agent.id
            one.heard.clear()
    assert foreign == 0
    assert heard > steps
    assert sum(one.resets for one in listeners) > 0
    figure("customers, agents, steps", [customers, agents, steps])
    figure("events heard", heard)
    figure("events of others' tickets heard", foreign)
    for one in listeners:
        await one.close()


async def test_row_13_a_ticket_that_is_taken_away_is_silent_at_once_and_the_desk_loads_anew(
    rig: DeskRig,
) -> None:
    listener = Listener(rig, await an_agent(rig, "1001", ["support"]), frozenset({"support"}))
    number = await rig.ticket(thread="v1")
    heard = await rig.writes("在吗", thread="v1")
    await until_all_heard(rig, [listener], heard.events[-1].id)
    assert {face["number"] for _, face in listener.heard} == {number}
    listener.heard.clear()
    happened = await rig.database.write(
        lambda tx: moved(tx, rig, number, "transferred", department="finance")
    )
    rig.feed.publish(Committed(events=(happened,)))
    after = await rig.writes("现在呢", thread="v1")
    await until_all_heard(rig, [listener], after.events[-1].id)
    assert (listener.heard, listener.resets) == ([], 1)
    await listener.close()


async def test_row_13_who_changes_department_hears_by_the_new_one_without_coming_again(rig: DeskRig) -> None:
    row = await an_agent(rig, "1001", ["support"])
    listener = Listener(rig, row, frozenset({"support"}))
    await rig.ticket(thread="v1")
    change = update(t.agent).where(t.agent.c.id == row.id).values(departments=["finance"])
    await rig.database.write(lambda tx: tx.execute(change))
    listener.heard.clear()
    theirs = await rig.ticket(thread="v2", department="finance")
    last = await rig.writes("第一个客户又写了", thread="v1")
    await until_all_heard(rig, [listener], last.events[-1].id)
    assert {face["number"] for _, face in listener.heard} == {theirs}
    await listener.close()


async def test_row_13_what_was_missed_is_told_as_far_as_it_is_seen_now(rig: DeskRig) -> None:
    row = await an_agent(rig, "1001", ["support"])
    number, foreign = await rig.ticket(), await rig.ticket(department="finance")
    who = Who(role=Role.AGENT, name="x", agent_id=row.id, number="1001", departments=frozenset({"support"}))
    stream = rig.app[PARTS].hub.watch(who, 0, lambda: None)
    block = await anext(stream)
    assert number.encode() in block
    assert foreign.encode() not in block
    await stream.aclose()
