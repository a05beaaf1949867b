"""V2: details incomplete, identity to be verified: counted as a cause where a ticket waits for it."""

from datetime import timedelta
from pathlib import Path

from gateway.store import tables as t
from tests.verifying import ORDER, open_verifying_shop, settled


async def test_v2_what_is_late_while_a_customer_has_not_verified_is_counted(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        agent, boss = await shop.agent(), await shop.agent("9001", "supervisor")
        waiting, visitor = await shop.ticket(), await shop.visitor()
        proven = await shop.ticket("转人工", visitor)
        for number in (waiting, proven):
            await agent.claim(number)
            await agent.post(f"/tickets/{number}/verification/ask", {"level": "L1"})
        await settled(shop, visitor, f"{ORDER} 5678")
        await shop.later(timedelta(minutes=2))
        first = (t.promise.c.kind == "first_response") & t.promise.c.fired_at.is_not(None)

        async def late() -> bool:
            return len(await shop.rows("promise", first)) == 2

        await shop.until(late)
        said = {"cause": "details", "plan": "客户核实身份后继续处理，今天 18:00 前答复。"}
        await agent.post(f"/tickets/{waiting}/explanation", said)
        report = await boss.get("/reports/causes")
        assert report["unverified"] == 1, "the one who has verified by then is not counted"
        assert {one["cause"]: one["count"] for one in report["causes"]}["details"] == 1
