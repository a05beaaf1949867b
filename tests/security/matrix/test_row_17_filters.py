"""Row 17: whatever is asked of a list, the answer is what the same filter in Python finds, or a refusal."""

import random
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from gateway.store import tables as t
from gateway.store.database import Tx
from tests.security.matrix.cast import Principal, make_cast
from tests.servers.desk import DeskRig, running_desk

WORDS = ("退款", "refund", "王", "T2026", "C2026", "%", "_", "\\", "'", '"', "a'b", "\u200b", "破损 退款")
HOSTILE = (
    "' OR 1=1 --",
    "x'); DROP TABLE ticket; --",
    "all' UNION SELECT password FROM agent --",
    '{"$ne": null}',
    "1; SELECT pg_sleep(9)",
    "%' ESCAPE '\\",
    "department",
    "null",
    "NULL",
    "\x00",
    "0x31",
    "/* */",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "support' AND '1'='1",
    "\udcff",
    "A" * 70,
    "退" * 101,
)
QUEUES = ("all", "mine", "suggested", "watching", "unassigned", "support", "tech", "finance", "nowhere", "")
STATUSES = ("", "open", "in_progress", "open,closed", "resolved,resolved", "closed", ",", "new", "OPEN")
SLOWLY = timedelta(milliseconds=100)
"""Within the pace that one asker may have."""
AT_WORK = ("open", "in_progress")
TAGS = ("", "急", "贵重", "nobody's")


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


def _shake(tx: Tx, chance: random.Random, number: str, people: list[int]) -> None:
    k = t.ticket.c
    holder = chance.choice((None, *people))
    over = chance.random() < 0.3
    values: dict[str, Any] = {
        "department": chance.choice(("support", "tech", "finance")),
        "agent_id": holder,
        "status": chance.choice(("resolved", "closed")) if over else "in_progress" if holder else "open",
        "suggested_agent_id": chance.choice((None, None, *people)),
        "supervisor_id": chance.choice((None, None, *people)),
        "urgency_rank": chance.randrange(3),
        "subject": chance.choice(("退款", "Refund please", "包裹破损 退款", "100%_\\'\" a'b")),
    }
    tx.execute(update(t.ticket).where(k.number == number).values(values))
    row = tx.execute(select(k.id, k.contact_id).where(k.number == number)).one()
    for kind, row_id in (("ticket", row.id), ("contact", row.contact_id)):
        if chance.random() < 0.2:
            tag = {
                "kind": kind,
                "row_id": row_id,
                "name": chance.choice(TAGS[1:3]),
                "because": "x",
                "by": "rule",
            }
            tx.execute(insert(t.tag).values(**tag, at=row_time(tx, number)))


def row_time(tx: Tx, number: str) -> Any:
    return tx.execute(select(t.ticket.c.opened_at).where(t.ticket.c.number == number)).scalar_one()


def _all(tx: Tx) -> list[dict[str, Any]]:
    k, c, g = t.ticket.c, t.contact.c, t.tag.c
    rows = tx.execute(
        select(t.ticket, c.name.label("contact_name"), c.number.label("contact_number")).join(
            t.contact, c.id == k.contact_id
        )
    ).all()
    tags = [tuple(row) for row in tx.execute(select(g.kind, g.row_id, g.name))]
    return [
        {str(name): value for name, value in row._mapping.items()}
        | {"tags": {name for kind, of, name in tags if (kind, of) in _owners(row)}}
        for row in rows
    ]


def _owners(row: Any) -> tuple[tuple[str, int], tuple[str, int]]:
    return (("ticket", row.id), ("contact", row.contact_id))


def _lower(text: str) -> str:
    """As SQLite does: of letters, only ours."""
    return "".join(one.lower() if one.isascii() else one for one in text)


def _holds(row: dict[str, Any], asked: dict[str, str], who: Principal) -> bool:
    statuses = [one for one in asked["status"].split(",") if one] or AT_WORK
    queue = asked["queue"] or "all"
    by_queue = {
        "all": True,
        "mine": row["agent_id"] == who.agent_id,
        "suggested": row["suggested_agent_id"] == who.agent_id,
        "watching": row["supervisor_id"] == who.agent_id,
        "unassigned": row["agent_id"] is None,
    }
    places = ("number", "subject", "summary", "last_text", "contact_name", "contact_number")
    words = asked["q"].strip().split()[:8]
    is_theirs = not who.departments or row["department"] in who.departments
    reach = is_theirs or who.agent_id in (row["agent_id"], row["suggested_agent_id"], row["supervisor_id"])
    return (
        reach
        and row["status"] in statuses
        and by_queue.get(queue, row["department"] == queue)
        and all(any(_lower(word) in _lower(row[place] or "") for place in places) for word in words)
        and (not asked["tag"].strip() or asked["tag"].strip() in row["tags"])
    )


@pytest.mark.timeout(2400)  # at full size, on a machine that does other things as well
async def test_row_17_a_list_is_what_the_same_filter_in_python_finds_or_a_refusal(
    rig: DeskRig, scale: Callable[[int, int], int], figure: Callable[[str, object], None]
) -> None:
    chance = random.Random(17)
    cast = {one.name: one for one in await make_cast(rig)}
    asking = [cast["agent"], cast["agent of all"], cast["admin and supervisor"]]
    people = [one.agent_id for one in asking if one.agent_id is not None]
    for place in range(60):
        number = await rig.ticket(f"{chance.choice(WORDS)} 第{place}单")
        await rig.database.write(partial(_shake, chance=chance, number=number, people=people))
    rows = await rig.database.read(_all)
    outcomes = {200: 0, 422: 0}
    count = scale(250, 5000)
    for _ in range(count):
        who = chance.choice(asking)
        await rig.clock.advance(SLOWLY)
        asked = {
            "queue": chance.choice((*QUEUES, *HOSTILE)),
            "status": chance.choice((*STATUSES, *STATUSES, *HOSTILE)),
            "q": chance.choice(("", "", *WORDS, *HOSTILE)),
            "tag": chance.choice((*TAGS, *TAGS, *HOSTILE)),
        }
        if chance.random() < 0.1:
            asked[chance.choice(("cursor", "limit", "order", "sort", "queue[]"))] = chance.choice(HOSTILE)
        given = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
        async with rig.client.get(
            "/api/v1/tickets", params=given | {"limit": given.get("limit", "200")}, headers=who.headers
        ) as answer:
            body = await answer.json()
            assert answer.status in (200, 400, 422), (asked, answer.status, body)
            outcomes[answer.status] = outcomes.get(answer.status, 0) + 1
            if answer.status == 200:
                wanted = {row["number"] for row in rows if _holds(row, given, who)}
                assert {one["number"] for one in body["tickets"]} == wanted, (given, who.name)
    assert min(outcomes[200], outcomes[422]) > count // 10
    figure("filter documents", count)
    figure("answers by status", {str(status): n for status, n in outcomes.items()})


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/promises", ("state", "department", "agent", "cursor", "limit")),
        ("/tasks", ("department", "state")),
        ("/enquiries", ("since", "until", "cursor", "format", "lang", "limit")),
        ("/alarms", ("unseen",)),
        ("/knowledge/entries", ("q", "kind", "owner", "show", "cursor", "limit")),
        ("/reports/causes", ("since",)),
        ("/reports/triage", ("since",)),
    ],
)
async def test_row_17_no_other_list_breaks_on_what_it_is_asked(
    rig: DeskRig, path: str, names: tuple[str, ...]
) -> None:
    cast = {one.name: one for one in await make_cast(rig)}
    await rig.ticket()
    for name in (*names, "unknown"):
        for value in HOSTILE:
            given = {name: value.encode("utf-8", "replace").decode()}
            headers = cast["admin and supervisor"].headers
            async with rig.client.get(f"/api/v1{path}", params=given, headers=headers) as answer:
                assert answer.status in (200, 400, 422), (path, given, await answer.text())
