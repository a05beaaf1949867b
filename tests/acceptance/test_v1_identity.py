"""V1: nothing private is shown without proof of identity; what was typed to prove it is not kept in the transcript."""

from datetime import timedelta
from pathlib import Path

from tests.verifying import ORDER, open_verifying_shop, settled


async def test_v1_the_waiting_question_is_answered_once_order_and_tail_are_right(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, records):
        visitor = await shop.visitor()
        asked = await visitor.ask("我的订单到哪里了？")
        assert "订单号" in asked
        assert "物流进度" not in asked
        answer = await settled(shop, visitor, f"{ORDER} 5678")
        assert "物流进度" in answer
        assert records.compares == 1
        transcript = [one["text"] for one in await visitor.messages()]
        assert not any("5678" in text for text in transcript), "the digits are not to be read again"
        assert await shop.rows("proof") != []
        again = await visitor.ask("我的订单到哪里了？")
        assert "物流进度" in again, "the level holds for the conversation"
        await shop.later(timedelta(minutes=31))
        late = await visitor.ask("我的订单到哪里了？")
        assert "订单号" in late, "and is lost after half an hour of silence"


async def test_v1_every_failure_sounds_the_same(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        said = []
        for order, tail in ((ORDER, "0000"), ("209912310009", "5678")):
            visitor = await shop.visitor()
            await visitor.ask("我的订单到哪里了？")
            said.append(await settled(shop, visitor, f"订单号 {order}，尾号 {tail}"))
        assert len(set(said)) == 1
        assert "未能核对一致" in said[0]
