"""Where a customer is reached, shown on request: the address itself, never the cell it lies in."""

from pathlib import Path

from sqlalchemy import select

from gateway.store import tables as t
from tests.acceptance.shop import open_shop

PHONE = "13800000456"


async def test_the_address_of_a_customer_is_shown_as_it_is_and_traced(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        agent, lead = await shop.agent(), await shop.agent("2001", role="supervisor")
        call = {"id": "call-0001", "channel": "phone", "contact": {"phone": PHONE}, "text": "灯罩到货就碎了"}
        await agent.post("/logged", call)
        (ticket,) = await shop.rows("ticket")
        number = ticket["number"]
        assert PHONE not in str(await agent.get(f"/tickets/{number}"))
        cells = await shop.house.database.read(
            lambda tx: list(tx.execute(select(t.contact_identity.c.address)).scalars())
        )
        assert all(cell.startswith("v1.") for cell in cells)
        opened = await agent.post(f"/tickets/{number}/contact/reveal", {"reason": "回电"})
        assert PHONE in opened["values"].values()
        assert not any(value.startswith("v1.") for value in opened["values"].values())
        traces = await lead.get("/audit?act=reveal")
        assert [one["outcome"] for one in traces["acts"]] == ["done"]
        assert PHONE not in str(traces)
