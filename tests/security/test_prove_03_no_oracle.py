"""Proof 3: known, unknown and locked orders: the same bytes, at the same time after the question."""

import asyncio
import math
import random
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.app import Application
from gateway.clock import SystemClock
from gateway.settings import load
from tests.acceptance.shop import CONFIG, Shop
from tests.building import ENTRIES
from tests.security.conftest import Figure
from tests.servers.dovecot import free_port
from tests.verifying import (
    ORDER,
    SAMPLE,
    Records,
    all_settled,
    all_taken,
    guess,
    open_verifying_shop,
    place,
)

UNKNOWN, LOCKED = "209900000001", "202611230002"
RULES = """
[identity]
pause_after = 1000
person_after = 1000
orders_each = 1000
order_misses = 1000
house_misses = 1000
house_within = "1s"
"""


def ks_p(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the probability of so great a distance between two samples of one distribution (Kolmogorov, Smirnov)."""
    xs, ys = sorted(one), sorted(other)
    points = sorted({*xs, *ys})

    def share(values: Sequence[float], at: float) -> float:
        return bisect_right(values, at) / len(values)

    distance = max(abs(share(xs, at) - share(ys, at)) for at in points)
    n = len(xs) * len(ys) / (len(xs) + len(ys))
    root = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance
    if root < 0.2:
        return 1.0
    tail = math.fsum((-1.0) ** (k - 1) * math.exp(-2 * (k * root) ** 2) for k in range(1, 101))
    return min(1.0, 2 * tail)


@asynccontextmanager
async def real_time_shop(folder: Path) -> AsyncIterator[Shop]:
    """The same gateway on the machine's own clock."""
    (folder / "entries").mkdir()
    for name, text in ENTRIES.items():
        (folder / "entries" / name).write_text(text, "utf-8")
    directory = f'[directory]\nkind = "csv"\n[directory.csv]\nfile = "{SAMPLE}"\n'
    rules = RULES + 'answer_after = "200ms"\n'
    (folder / "config.toml").write_text(CONFIG.format(port=free_port()) + rules + directory, "utf-8")
    application = Application(load(folder / "config.toml", environ={}), clock=SystemClock())
    running = asyncio.create_task(application.run())
    http = aiohttp.ClientSession(base_url=application.address)
    clock: Any = application.clock
    shop = Shop(application=application, clock=clock, http=http)

    async def answers() -> bool:
        try:
            async with http.get("/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False

    try:
        await shop.until(answers)
        yield shop
    finally:
        await http.close()
        application.stop()
        await asyncio.wait_for(running, 10)


@pytest.mark.timeout(3600)
async def test_row_28_known_unknown_and_locked_take_the_same_time(
    tmp_path: Path, scale: Callable[[int, int], int], figure: Figure
) -> None:
    each = scale(25, 1000)
    kinds = ["known", "unknown", "locked"] * each
    random.Random(7).shuffle(kinds)
    async with real_time_shop(tmp_path) as shop:
        object.__setattr__(shop.house, "directory", Records())
        places = [await place(shop) for _ in range(scale(2, 12))]  # so many that none is handed to a person
        ids: dict[str, list[int]] = {"known": [], "unknown": [], "locked": []}
        for n, kind in enumerate(kinds):
            order = {"known": ORDER, "unknown": UNKNOWN, "locked": LOCKED}[kind]
            made = await guess(shop, places[n % len(places)], order, "0000")
            ids[kind].append(made)
            await shop.clock.wait(timedelta(milliseconds=30))

        async def over() -> bool:
            rows = await shop.rows("attempt")
            return len(rows) == len(kinds) and all(row["state"] == "settled" for row in rows)

        async with asyncio.timeout(600):
            while not await over():  # noqa: ASYNC110 - what others commit sets no event of ours
                await asyncio.sleep(0.2)
        rows = {row["id"]: row for row in await shop.rows("attempt")}
        said = {row["text"] for row in await shop.rows("message") if row["author"] == "bot"}
    times = {
        kind: [(rows[one]["settled_at"] - rows[one]["at"]).total_seconds() for one in found]
        for kind, found in ids.items()
    }
    for other in ("unknown", "locked"):
        p = ks_p(times["known"], times[other])
        figure(f"KS p of the time of an answer, known and {other} orders", round(p, 4))
        assert p > 0.01, f"{other}: {p}"
    figure("timed orders of each kind", each)
    assert len([text for text in said if "未能核对一致" in text]) == 1, "one sentence, byte for byte"


async def test_the_deadline_is_kept_to_the_microsecond_where_no_machine_is_busy(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path, config=RULES) as (shop, records):
        where = await place(shop)
        for order in (ORDER, UNKNOWN, LOCKED):
            await guess(shop, where, order, "0000")
        await all_taken(shop)
        await shop.later(timedelta(milliseconds=800))
        rows = await all_settled(shop, 3)
        assert {row["settled_at"] - row["at"] for row in rows} == {timedelta(milliseconds=800)}
        assert records.compares == 3
