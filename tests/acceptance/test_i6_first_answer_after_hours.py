"""I6: outside opening hours a concrete time is told, computed from the calendar, and kept by the same clock."""

from datetime import UTC, datetime
from pathlib import Path

from gateway.store import tables as t
from tests.acceptance.shop import open_shop

EVE = datetime(2026, 9, 30, 14, 0, tzinfo=UTC)
"""22:00 in Shanghai on the eve of the National Day holidays, which last until 7 October."""


async def test_i6_on_the_eve_of_the_holidays_the_first_working_day_is_told_and_owed(tmp_path: Path) -> None:
    async with open_shop(tmp_path, at=EVE) as shop:
        visitor = await shop.visitor()
        await shop.ticket("转人工", visitor)
        said = (await visitor.heard())[0]["text"]
        (first,) = await shop.rows("promise", t.promise.c.kind == "first_response")
        assert first["due_at"] == datetime(2026, 10, 8, 1, 1, tzinfo=UTC)
        assert "10月8日" in said
        assert "09:01" in said
        assert not any(word in said for word in ("尽快", "及时", "稍后", "马上"))
        assert first["told"]
