"""K5: never the banned phrases: not in our texts, not in the configuration, and in drafts only against advice."""

from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.safety.wordings import wordings
from gateway.settings import load
from tests.acceptance.shop import Shop, open_shop

BLOCK = '\n[words]\nenforce = "block"\n'


async def test_k5_a_draft_with_a_banned_phrase_is_shown_a_better_one(shop: Shop) -> None:
    agent = await shop.agent()
    number = await shop.ticket()
    found = await agent.post("/drafts/check", {"ticket": number, "text": "这个我不清楚，我们会尽快处理"})
    assert [(one["kind"], one["text"]) for one in found["problems"]] == [
        ("banned", "不清楚"),
        ("vague", "尽快"),
    ]
    assert found["problems"][0]["better"] == "我为您核实"
    assert found["problems"][1]["better"] == "今天 18:00 前"


async def test_k5_a_house_that_blocks_does_not_send_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path, BLOCK) as shop:
        agent, visitor = await shop.agent(), await shop.visitor()
        number = await shop.ticket("转人工", visitor)
        seen = (await agent.get(f"/tickets/{number}"))["last_seq"]
        body = {"id": "reply-0001", "text": "我也不知道", "seen_seq": seen}
        refused = await agent.post(f"/tickets/{number}/replies", body, status=422)
        assert (refused["code"], "我为您核实" in refused["detail"]) == ("banned_words", True)
        assert not any("不知道" in one["text"] for one in await visitor.messages())


def test_k5_a_configuration_that_says_one_does_not_start(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[house]\ngreeting = "{name} {number}，这不是我们的问题"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"house\.greeting"):
        load(config, environ={})


async def test_k5_nothing_we_ship_says_one(shop: Shop) -> None:
    found = list(wordings(shop.application.settings, shop.clock.now().date()))
    assert [one.level for one in found] == ["ok"]
