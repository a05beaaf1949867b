"""L4: the outcome is told to the customer unasked, over the channel they prefer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from gateway.store import tables as t
from gateway.store.database import Tx
from tests.acceptance.shop import Shop, open_shop
from tests.sealed_rows import sealed_row

OTHER = '\n[channels.other]\nkind = "echo"\nfolder = "other"\n'


async def also_known(shop: Shop, *, prefers: str | None) -> int:
    """Let the only customer be known on the other channel, too; return that thread."""
    now = shop.clock.now()

    def unit(tx: Tx) -> int:
        contact = tx.execute(t.contact.select()).one()
        tx.execute(update(t.contact).values(preferred_channel=prefers))
        who = {"contact_id": contact.id, "channel": "other", "address": "wang", "created_at": now}
        tx.execute(insert(t.contact_identity).values(sealed_row(tx, t.contact_identity, who)))
        there = {"channel": "other", "key": "wang", "contact_id": contact.id, "created_at": now}
        return int(tx.execute(insert(t.thread).values(there).returning(t.thread.c.id)).scalar_one())

    return await shop.house.database.write(unit)


async def resolved(
    shop: Shop, after: timedelta, *, prefers: str | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what was owed to the other channel, and what stands in the window, after an agent resolved it."""
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    await also_known(shop, prefers=prefers)
    await agent.claim(number)
    await shop.later(after)
    version = (await agent.get(f"/tickets/{number}"))["ticket"]["version"]
    await agent.post(f"/tickets/{number}/resolve", {"outcome": "已为您退款 50 元", "version": version})
    owed = [row for row in await shop.rows("outbox") if row["channel"] == "other"]
    return owed, [one["text"] for one in await visitor.messages()]


async def test_l4_the_outcome_goes_to_the_channel_the_customer_prefers(tmp_path: Path) -> None:
    async with open_shop(tmp_path, OTHER) as shop:
        owed, window = await resolved(shop, timedelta(), prefers="other")
    assert ["已为您退款 50 元" in row["body"]["text"] for row in owed] == [True]
    assert "已为您退款 50 元" in window[-1], "it stands in the thread they wrote on as well"


async def test_l4_who_has_left_the_window_is_told_where_they_are_known(tmp_path: Path) -> None:
    async with open_shop(tmp_path, OTHER) as shop:
        owed, _ = await resolved(shop, timedelta(minutes=12), prefers=None)
    assert len(owed) == 1


async def test_l4_who_is_there_and_prefers_nothing_is_told_in_the_window_alone(tmp_path: Path) -> None:
    async with open_shop(tmp_path, OTHER) as shop:
        owed, window = await resolved(shop, timedelta(minutes=1), prefers=None)
    assert owed == []
    assert "已为您退款 50 元" in window[-1]
