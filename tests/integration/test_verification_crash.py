"""A gateway that dies between reserving an attempt and saying its outcome: it is looked up once more, and said once."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from gateway.domain.records import Claims, Comparison
from gateway.store.tables_identity import attempt
from tests.verifying import ORDER, Records, open_verifying_shop


@dataclass
class Hanging(Records):
    """Records that answer only when they are let."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def verify(self, order: str, claims: Claims) -> Comparison:
        """Wait first."""
        self.compares += 1
        await self.gate.wait()
        return await Records.verify(self, order, claims)


async def test_an_attempt_in_hand_is_settled_once_by_the_next_start(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path, hanging := Hanging()) as (shop, _):
        visitor = await shop.visitor()
        await visitor.ask("我的订单到哪里了？")
        await visitor.write(f"{ORDER} 5678")

        async def in_hand() -> bool:
            return hanging.compares == 1

        await shop.until(in_hand)
        (row,) = await shop.rows("attempt")
        given = await shop.house.database.read(lambda tx: tx.execute(select(attempt.c.given)).scalar_one())
        assert (row["state"], row["takes"]) == ("taken", 1)
        assert "5678" not in given, "sealed while it waits"
    async with open_verifying_shop(tmp_path, Records()) as (shop, records):

        async def taken() -> bool:
            return [one["takes"] for one in await shop.rows("attempt")] == [2]

        await shop.until(taken)
        await shop.later(timedelta(milliseconds=800))

        async def over() -> bool:
            return [one["state"] for one in await shop.rows("attempt")] == ["settled"]

        await shop.until(over)
        said = [one for one in await shop.rows("message") if "物流进度" in one["text"]]
        assert len(said) == 1
        assert records.compares == 1
    async with open_verifying_shop(tmp_path, Records()) as (shop, records):
        await shop.later(timedelta(seconds=40))
        assert records.compares == 0, "what is settled stays settled"


async def test_records_that_do_not_answer_verify_nobody_count_nothing_and_a_person_takes_over(
    tmp_path: Path,
) -> None:
    async with open_verifying_shop(tmp_path, Records(silent=True)) as (shop, _):
        visitor = await shop.visitor()
        await visitor.ask("我的订单到哪里了？")
        seq = await visitor.write(f"{ORDER} 5678")

        async def taken() -> bool:
            return [one["state"] for one in await shop.rows("attempt")] == ["taken"]

        await shop.until(taken)
        await shop.later(timedelta(milliseconds=800))
        said = (await visitor.heard(after=seq))[-1]["text"]
        assert "转给同事" in said
        assert [row["outcome"] for row in await shop.rows("attempt")] == ["unavailable"]
        assert await shop.rows("proof") == []
        assert len(await shop.rows("ticket")) == 1
