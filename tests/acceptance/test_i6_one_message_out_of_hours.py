"""I6: out of hours, with the bot on, exactly one message names the next opening (golden: nothing, or two of them)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance.shop import open_shop

SATURDAY = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai, closed until Monday 09:00."""
OPENING = "11月30日（周一）09:00"


async def test_i6_out_of_hours_exactly_one_message_names_the_next_opening(tmp_path: Path) -> None:
    async with open_shop(tmp_path, at=SATURDAY) as shop:
        visitor = await shop.visitor()
        await shop.ticket("转人工", visitor)
        await shop.later(timedelta(minutes=5))
        said = [one["text"] for one in await visitor.heard()]
    assert len(said) == 1
    assert OPENING in said[0]
    assert not any(word in said[0] for word in ("尽快", "马上", "稍后"))


async def test_i6_what_the_bot_knows_is_answered_out_of_hours_with_the_opening_beside_it(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path, at=SATURDAY) as shop:
        visitor = await shop.visitor()
        seq = await visitor.write("怎么退货？")
        said = [one["text"] for one in await visitor.heard(after=seq)]
    assert len(said) == 1
    assert "请在七天内把商品寄回" in said[0]
    assert OPENING in said[0]
