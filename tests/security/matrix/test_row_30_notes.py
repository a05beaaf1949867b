"""Row 30: no word that colleagues write for one another gets out of the house, whatever is done in whatever order."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.history import read_history
from tests.servers.desk import CARRIED, SERVED, DeskRig, Seat, running_desk

MARK = "inner-"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


class Day:
    """Some tickets, and people who do this and that to them."""

    def __init__(self, rig: DeskRig, seats: list[Seat], chance: random.Random) -> None:
        self.rig, self.seats, self.chance = rig, seats, chance
        self.numbers: list[str] = []
        self.threads: dict[str, tuple[str, str]] = {}
        self.words = 0
        self.done: Counter[str] = Counter()

    def inner(self) -> str:
        """Words for colleagues, none like another."""
        self.words += 1
        return f"{MARK}{self.words:06} 客户情绪激动，先别承诺"

    async def open(self) -> None:
        """Another customer writes."""
        channel, key = self.chance.choice((SERVED, CARRIED)), f"v{len(self.numbers)}@shop.example"
        number = await self.rig.ticket("我要退款", channel=channel, thread=key)
        self.numbers.append(number)
        self.threads[number] = (channel, key)

    async def step(self) -> None:
        """Somebody does something to one of them."""
        number, seat = self.chance.choice(self.numbers[-3:]), self.chance.choice(self.seats)
        name = self.chance.choice(ACTIONS)
        if name == "customer":
            channel, key = self.threads[number]
            await self.rig.writes("怎么样了", channel=channel, thread=key)
            self.done[name] += 1
            return
        path, body = await self._request(name, number)
        answer = await seat.post(path, body)
        assert answer.status < 500, (path, await answer.text())
        self.done[f"{name} {'done' if answer.status < 300 else 'refused'}"] += 1

    async def _request(self, name: str, number: str) -> tuple[str, dict[str, Any]]:
        version = await self.rig.database.read(lambda tx: _version(tx, number))
        inner, at = self.inner(), f"/tickets/{number}"
        other = self.chance.choice(self.numbers[-3:])
        task, handover, promise = await self.rig.database.read(lambda tx: _open_things(tx, number))
        later = (self.rig.clock.now() + timedelta(hours=self.words % 48 + 1)).isoformat()
        requests: dict[str, tuple[str, dict[str, Any]]] = {
            "note": (f"{at}/notes", {"text": inner}),
            "reply": (
                f"{at}/replies",
                {"id": f"reply-{self.words:06}", "text": "您好，已收到", "seen_seq": 9999},
            ),
            "forward": (
                f"{at}/forwards",
                {"id": f"forward-{self.words:06}", "message": f"m{self.words}", "to": ["x@y.example"]},
            ),
            "claim": (f"{at}/claim", {"version": version}),
            "transfer": (f"{at}/transfer", {"department": "tech", "reason": inner}),
            "resolve": (f"{at}/resolve", {"outcome": "已退款", "version": version}),
            "close": (f"{at}/close", {"version": version}),
            "reopen": (f"{at}/reopen", {"reason": inner}),
            "merge": (f"{at}/merge", {"into": other, "reason": inner}),
            "unmerge": (f"{at}/unmerge", {"reason": inner}),
            "ask": (f"{at}/tasks", {"department": "tech", "text": inner}),
            "task accept": (f"/tasks/{task}/accept", {}),
            "task done": (f"/tasks/{task}/done", {"answer": inner}),
            "task decline": (f"/tasks/{task}/decline", {"reason": inner}),
            "task note": (f"/tasks/{task}/notes", {"text": inner}),
            "escalate": (f"{at}/escalate", {"reason": inner}),
            "explain": (f"{at}/explanation", {"cause": "staff", "plan": inner}),
            "urgency": (f"{at}/urgency", {"urgency": "critical", "reason": inner}),
            "classify": (f"{at}/classification", {"version": version, "subtype": "退款", "reason": inner}),
            "renegotiate": (f"{at}/promises/{promise}/renegotiate", {"due_at": later, "reason": inner}),
            "offer": ("/handovers", {"to": "2001", "tickets": [number], "note": inner}),
            "accept": (f"/handovers/{handover}/accept", {}),
            "decline": (f"/handovers/{handover}/decline", {"reason": inner}),
            "tag": (f"{at}/tags", {"on": "ticket", "add": [inner[:20]], "remove": []}),
        }
        return requests[name]


ACTIONS = (
    "customer", "customer", "note", "note", "reply", "reply", "forward", "claim", "transfer", "resolve", "close",
    "reopen", "merge", "unmerge", "ask", "task accept", "task done", "task decline", "task note", "escalate",
    "explain", "urgency", "classify", "renegotiate", "offer", "accept", "decline", "tag",
)  # fmt: skip


def _version(tx: Tx, number: str) -> int:
    k = t.ticket.c
    return int(tx.execute(select(k.version).where(k.number == number)).scalar_one())


def _open_things(tx: Tx, number: str) -> tuple[int, int, int]:
    ticket = tx.execute(select(t.ticket.c.id).where(t.ticket.c.number == number)).scalar_one()

    def newest(table: Any) -> int:
        mine = select(table.c.id).where(table.c.ticket_id == ticket).order_by(table.c.id.desc()).limit(1)
        return tx.execute(mine).scalar() or 0

    return newest(t.task), newest(t.handover), newest(t.promise)


def _outside(tx: Tx, threads: dict[str, tuple[str, str]]) -> list[str]:
    """All that leaves or may be fetched from outside, as text."""
    out = [orjson.dumps([row.body, row.recipient]).decode() for row in tx.execute(select(t.outbox))]
    said = [row.text for row in tx.execute(select(t.message.c.text))]
    widget = [
        one.text
        for channel, key in threads.values()
        for one in read_history(tx, channel, key, 0, 500).messages
    ]
    return out + said + widget


@pytest.mark.timeout(2400)  # at full size, on a machine that does other things as well
async def test_row_30_no_note_or_reason_is_in_anything_that_leaves_or_that_a_customer_can_fetch(
    rig: DeskRig, scale: Callable[[int, int], int], figure: Callable[[str, object], None]
) -> None:
    chance = random.Random(30)
    boss = await rig.seat("supervisor", "2001")
    day = Day(rig, [boss, await rig.seat("agent", "1001")], chance)
    sequences = scale(60, 10_000)
    for place in range(sequences):
        await day.open()
        for _ in range(chance.randint(2, 7)):
            await day.step()
        if place % 50 == 49 or place == sequences - 1:
            outside = await rig.database.read(lambda tx: _outside(tx, day.threads))
            found = [one for one in outside if MARK in one]
            assert not found, found[:3]
            await rig.clock.advance(timedelta(minutes=5))
    notes = await rig.database.read(lambda tx: len(tx.execute(select(t.note.c.id)).all()))
    assert notes > sequences // 10
    assert {"note done", "reply done", "resolve done", "ask done", "offer done"} <= set(day.done)
    figure("sequences of actions", sequences)
    figure("words for colleagues", day.words)
    figure("of them found outside", 0)
