"""A process that is killed while it calls things late leaves none out and does none twice, on both databases."""

import asyncio
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from gateway.store import tables as t
from tests.building import a_house
from tests.contract.store.conftest import _empty
from tests.writing import Street

ROOT = Path(__file__).parents[3]
TICKETS, KILLS = 30, 2


async def killed_after(url: str, now: str, commits: int) -> bool:
    """Start the process that fires, kill it after so many commits; return whether it came to its end before."""
    command = (sys.executable, "-m", "tests.servers.firing", url, now)
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    lines = 0
    while lines < commits and await child.stdout.readline():
        lines += 1
    if lines == commits:
        child.kill()
    return await child.wait() == 0


async def test_each_is_called_late_once_however_often_the_process_is_killed(url: str, tmp_path: Path) -> None:
    async with a_house(tmp_path, url) as house:
        if house.database.dialect == "postgresql":
            await house.database.write(_empty)
        street = Street(house=house)
        for n in range(TICKETS):
            await street.say("转人工", who=f"w{n}")
        now = (house.clock.now() + timedelta(days=2)).isoformat()
    for commits in range(1, KILLS + 1):
        assert not await killed_after(url, now, commits)
    assert await killed_after(url, now, 1000)

    async with a_house(tmp_path, url) as house:
        street = Street(house=house)
        events = await street.rows(t.event, t.event.c.kind == "promise")
        what = Counter((row["data"]["what"], row["data"]["id"]) for row in events)
        late = [key for key in what if key[0] == "late"]
        owed = await street.rows(t.promise, t.promise.c.kind != "explanation")
        assert len(late) == len(owed) >= 2 * TICKETS
        assert set(what.values()) == {1}
        assert sum(key[0] == "escalated" for key in what) == TICKETS
        explained = await street.rows(t.promise, t.promise.c.kind == "explanation")
        assert len({row["ticket_id"] for row in explained}) == len(explained) == TICKETS
        assert {row["escalation"] for row in await street.rows(t.ticket)} == {1}
        left = t.promise.c.fired_at.is_(None) & (t.promise.c.kind != "explanation")
        assert await street.rows(t.promise, left) == []
