"""How long the inbox list takes with 100,000 tickets."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from gateway.sealing.roots import format_roots, new_root
from gateway.store import tables as t
from gateway.store.database import Tx, open_database
from gateway.store.keyring import Keyring
from gateway.store.migrate import migrate
from gateway.store.root_file import GivenRoots
from gateway.store.visible import Sight
from gateway.store.visible_list import Wanted, count_tickets, list_tickets

SIGHT = Sight(tickets=True, agent_id=1)
LISTS = {
    "all at work": Wanted(),
    "one department": Wanted(queue="logistics"),
    "unassigned": Wanted(queue="unassigned"),
    "mine": Wanted(queue="mine"),
    "closed": Wanted(statuses=("closed",)),
    "search": Wanted(words="工单 4711"),
}
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def fill(tx: Tx, begin: int, end: int) -> None:
    """Write tickets with the contact, thread and conversation each belongs to."""
    contacts, threads, talks, tickets = [], [], [], []
    for n in range(begin, end):
        at = NOW - timedelta(minutes=n)
        contacts.append({"id": n, "number": f"C{n:09d}", "name": f"客户{n}", "created_at": at})
        threads.append({"id": n, "channel": "web", "key": f"k{n}", "contact_id": n, "created_at": at})
        talks.append(
            {"id": n, "thread_id": n, "contact_id": n, "channel": "web", "state": "queued", "lang": "zh-CN",
             "started_at": at, "last_at": at, "queued_at": at}
        )  # fmt: skip
        status = ("open", "in_progress", "resolved", "closed", "closed")[n % 5]
        tickets.append(
            {"number": f"T{n:012d}", "conversation_id": n, "thread_id": n, "contact_id": n, "channel": "web",
             "status": status, "type": "aftersale", "urgency": "normal", "urgency_rank": n % 3, "anomaly": "none",
             "department": ("support", "logistics", "tech")[n % 3], "subject": f"工单 {n}", "summary": "样例",
             "because": "bench", "lang": "zh-CN", "last_at": at, "opened_at": at, "due_at": at + timedelta(days=1)}
        )  # fmt: skip
    for table, rows in (
        (t.contact, contacts),
        (t.thread, threads),
        (t.conversation, talks),
        (t.ticket, tickets),
    ):
        tx.execute(insert(table), rows)


async def measure(path: Path, count: int) -> dict[str, Any]:
    """Return the median and worst of 50 reads of the first page of each list, in ms."""
    database = open_database(
        f"sqlite:///{path}", Keyring(GivenRoots(format_roots((new_root(),))), lambda: datetime.now(UTC))
    )
    migrate(database)
    for begin in range(1, count + 1, 5000):
        await database.write(partial(fill, begin=begin, end=min(begin + 5000, count + 1)))
    figures: dict[str, Any] = {"tickets": count}
    for name, wanted in LISTS.items():
        spent = []
        for _ in range(50):
            began = time.perf_counter()
            await database.read(partial(list_tickets, sight=SIGHT, wanted=wanted))
            spent.append((time.perf_counter() - began) * 1000)
        spent.sort()
        figures[name] = {"p50_ms": round(spent[25], 2), "max_ms": round(spent[-1], 2)}
    began = time.perf_counter()
    await database.read(partial(count_tickets, sight=SIGHT))
    figures["counts_ms"] = round((time.perf_counter() - began) * 1000, 2)
    await database.close()
    return figures
