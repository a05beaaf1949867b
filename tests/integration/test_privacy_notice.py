"""The privacy notice: shown before the first message, agreed to where the house asks for it, and kept with the contact."""

import re
from pathlib import Path

from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.database import Tx
from tests.acceptance.shop import open_shop

CONSENT = """
[privacy]
consent = "2026-11"
"""


async def test_version_and_time_of_the_consent_are_kept_with_the_contact(tmp_path: Path) -> None:
    async with open_shop(tmp_path, config=CONSENT) as shop:
        visitor = await shop.visitor()
        await visitor.write("你好", consent="2026-11")
        agreed_at = shop.clock.now()
        await visitor.write("怎么退货？", consent="2026-11")

        def read(tx: Tx) -> list[object]:
            c = t.contact.c
            return [tuple(row) for row in tx.execute(select(c.consent, c.consent_at))]

        assert await shop.house.database.read(read) == [("2026-11", agreed_at)]


async def test_the_widget_is_told_what_to_show_in_the_reader_s_language(tmp_path: Path) -> None:
    async with open_shop(tmp_path, config=CONSENT) as shop:
        async with shop.http.get("/chat/v1/settings?lang=en") as answer:
            told = (await answer.json())["privacy"]
        assert told["consent"] == "2026-11"
        assert told["agree"] == "Agree and start"
        found = re.search(r"\[Privacy notice\]\((\S+)\)", told["text"])
        assert found is not None
        async with shop.http.get(found[1]) as page:
            text = await page.text()
        assert "Agree and start" not in text
        for words in ("What we keep", "Your rights", "Version 2026-11"):
            assert words in text
        async with shop.http.get("/privacy?lang=zh-CN") as page:
            assert "您的权利" in await page.text()
