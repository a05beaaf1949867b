"""A shop with customer records, for tests of verification: what is on file is here, nothing is read from anywhere."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.domain.claims import agrees
from gateway.domain.identity import Level
from gateway.domain.records import Claims, Comparison, Found, Lookup, Match, NoMatch, NotFound, Unavailable
from gateway.domain.verification import Awaited, Kind
from gateway.pipeline.effects_verify import Reserve
from gateway.store import tables as t
from gateway.store.attempts import reserve_in
from gateway.store.database import Tx
from gateway.store.feed import Committed, Happened
from tests.acceptance.shop import Shop, Visitor, open_shop

SAMPLE = Path(__file__).parents[1] / "gateway/sample/orders.csv"
ORDER, OTHER = "202611230001", "202611230002"
WANG = Found(
    customer_ref="cust-1",
    order_ref=ORDER,
    attrs={
        "status": "shipped",
        "date": "2026-11-22",
        "carrier": "SF",
        "name": "王芳",
        "phone": "13800005678",
        "email": "wang@example.com",
        "address": "上海市徐汇区示例路1号",
    },
)
LEE = Found(
    customer_ref="cust-2",
    order_ref=OTHER,
    attrs={"status": "paid", "date": "2026-11-20", "name": "Ann Lee", "phone": "13900004321"},
)
STATUS = "order_status.md"
ENTRIES = {
    STATUS: "---\nquestion: 我的订单到哪里了？\nphrasings:\n  - 订单物流\nlevel: L1\n---\n订单页面可以看到物流进度。\n"
}


@dataclass
class Records:
    """Customer records in memory, which count how often they were asked."""

    found: dict[str, Found] = field(default_factory=lambda: {ORDER: WANG, OTHER: LEE})
    silent: bool = False
    finds: int = 0
    compares: int = 0
    is_there: bool = True

    async def find(self, order: str) -> Lookup:
        """Return what is on file."""
        self.finds += 1
        if self.silent:
            return Unavailable("the test says so")
        return self.found.get(order) or NotFound()

    async def verify(self, order: str, claims: Claims) -> Comparison:
        """Compare as the real ones do."""
        self.compares += 1
        if self.silent:
            return Unavailable("the test says so")
        on_file = self.found.get(order)
        same = agrees(claims, on_file.attrs if on_file else None, key=b"k" * 32, chance=lambda n: b"\x00" * n)
        return Match(customer_ref=on_file.customer_ref, order_ref=order) if same and on_file else NoMatch()

    async def run(self) -> None:
        """Nothing changes by itself."""

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def open_verifying_shop(
    folder: Path,
    records: Records | None = None,
    *,
    config: str = "",
    entries: Mapping[str, str] = ENTRIES,
) -> AsyncIterator[tuple[Shop, Records]]:
    """A gateway whose records are ``records``; ``config`` may follow on the table of the web chat."""
    records = records or Records()
    known = folder / "entries"
    known.mkdir(parents=True, exist_ok=True)
    for name, text in entries.items():
        (known / name).write_text(text, "utf-8")
    directory = f'\n[directory]\nkind = "csv"\n[directory.csv]\nfile = "{SAMPLE}"\n'
    with pytest.MonkeyPatch.context() as patched:
        # From the very start: what a crash left open is looked up at once.
        patched.setattr("gateway.app.open_directory", lambda *_: records)
        async with open_shop(folder, config + directory) as shop:
            yield shop, records


async def settled(shop: Shop, visitor: Visitor, text: str, **more: Any) -> str:
    """Write something that is checked, let the deadline pass, and return what the house says."""
    seq = await visitor.write(text, **more)
    return await outcome(shop, visitor, seq)


async def outcome(shop: Shop, visitor: Visitor, seq: int) -> str:
    """Let the deadline pass and return what is said after ``seq``."""
    await reserved(shop)
    await shop.later(timedelta(milliseconds=800))
    said = await visitor.heard(after=seq)
    return str(said[-1]["text"])


async def reserved(shop: Shop) -> None:
    """Wait until everything written was decided on, and is looked up as far as it can be before its time."""

    async def found() -> bool:
        rows = await shop.rows("inbox")
        waiting = [row for row in await shop.rows("attempt") if row["state"] == "open"]
        return all(row["state"] == "done" for row in rows) and not waiting

    await shop.until(found)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A conversation somebody guesses in."""

    conversation_id: int
    thread_id: int
    contact_id: int


async def place(shop: Shop) -> Place:
    """Somebody new says hello."""
    visitor = await shop.visitor()
    before = {row["id"] for row in await shop.rows("conversation")}
    await visitor.ask("你好")
    (row,) = [row for row in await shop.rows("conversation") if row["id"] not in before]
    return Place(conversation_id=row["id"], thread_id=row["thread_id"], contact_id=row["contact_id"])


async def guess(shop: Shop, where: Place, order: str, tail: str) -> int:
    """Reserve an attempt as a message would, without one: for thousands of them."""
    house, because = shop.house, "a guess"
    awaited = Awaited(level=Level.L1, order=order)
    effect = Reserve(kind=Kind.CLAIMS, awaited=awaited, order=order, tail=tail, because=because)

    def unit(tx: Tx) -> int:
        return reserve_in(
            tx,
            effect,
            house.policy.verification,
            conversation_id=where.conversation_id,
            thread_id=where.thread_id,
            contact_id=where.contact_id,
            now=house.clock.now(),
        )

    made = await house.database.write(unit)
    happened = Happened(id=0, at=house.clock.now(), kind="verification", data={"attempt": made})
    house.feed.publish(Committed(events=(happened,)))
    return made


async def all_settled(shop: Shop, count: int) -> list[dict[str, Any]]:
    """Return the attempts once all of them are settled; no time passes by itself."""

    async def found() -> list[dict[str, Any]]:
        rows = await shop.rows("attempt")
        return rows if len(rows) == count and all(row["state"] == "settled" for row in rows) else []

    return await shop.until(found)


async def all_taken(shop: Shop) -> None:
    """Wait until the house has every attempt in hand."""

    async def found() -> bool:
        return not await shop.rows("attempt", t.attempt.c.state == "open")

    await shop.until(found)
