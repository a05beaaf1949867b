"""I5: mail and messengers are answered within two hours of opening time, chats within a minute, whatever the weekend."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.store import tables as t
from tests.acceptance.shop import open_shop

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""17:00 in Shanghai, an hour before the house closes for the weekend."""


async def test_i5_a_messengers_two_hours_begun_on_friday_at_five_end_on_monday_at_ten(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    config = f'\n[channels.mirror]\nkind = "echo"\nfolder = "{mirror}"\n'
    async with open_shop(tmp_path, config, at=FRIDAY) as shop:
        (mirror / "in").mkdir(parents=True, exist_ok=True)
        (mirror / "in" / "alice.1.txt").write_text("转人工", "utf-8")

        async def owed() -> list[dict[str, Any]]:
            await shop.later(timedelta(seconds=1))
            return await shop.rows("promise", t.promise.c.kind == "first_response")

        (first,) = await shop.until(owed)
        assert first["rule"] == "promises.first_response.social"
        two_hours = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        assert first["due_at"] - two_hours == first["started_at"] - FRIDAY
        began = shop.clock.now()
        await shop.ticket("转人工")
        chat = (await shop.rows("promise", t.promise.c.kind == "first_response"))[-1]
        assert chat["due_at"] == began + timedelta(minutes=1)
