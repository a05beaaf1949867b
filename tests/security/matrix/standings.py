"""Rows of tickets that stand in every way towards a few people, and sights that reach some of them."""

import random
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.visible_sight import Sight

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DEPARTMENTS = ("support", "warehouse", "finance", "quality")
PEOPLE = range(1, 9)


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


def plant_standings(tx: Tx, chance: random.Random, count: int) -> None:
    """Make so many tickets, with tasks, hand-overs and merges among them."""
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


def a_sight(chance: random.Random) -> Sight:
    """Return some sight: of nobody, of one person, of some departments, of all."""
    few = frozenset(chance.sample(DEPARTMENTS, chance.randint(1, 3)))
    return Sight(
        tickets=chance.random() > 0.05,
        agent_id=chance.choice((None, *PEOPLE)),
        departments=chance.choice((None, few, few, few)),
    )
