"""L5: a case is closed when the customer confirms; unsolved goes back to classification."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.shop import Agent, Shop, Visitor, open_shop

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def resolved(shop: Shop, agent: Agent, visitor: Visitor, text: str = "转人工") -> str:
    """A ticket of this visitor's that an agent has just resolved."""
    number = await shop.ticket(text, visitor)
    await agent.claim(number)
    await shop.later(timedelta(seconds=10))
    version = (await agent.get(f"/tickets/{number}"))["ticket"]["version"]
    await agent.post(f"/tickets/{number}/resolve", {"outcome": "已为您补发", "version": version})
    return number


async def pass_hours(shop: Shop, hours: int) -> None:
    """Let hours pass at once; whoever looks at the wall clock does so within a minute."""
    shop.clock.jump(hours * HOUR - MINUTE)
    await shop.later(MINUTE)


async def became(shop: Shop, number: str, status: str) -> dict[str, Any]:
    """The ticket's row, as soon as it has this status."""

    async def found() -> list[dict[str, Any]]:
        rows = await shop.rows("ticket")
        return [row for row in rows if row["number"] == number and row["status"] == status]

    return (await shop.until(found))[0]


@pytest.mark.parametrize("said", [{"text": "好了谢谢"}, {"text": "Solved, thanks!"}, {"text": "1"}])
async def test_l5_words_of_thanks_or_the_choice_close_it_and_nothing_is_owed(
    shop: Shop, said: dict[str, str]
) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await resolved(shop, agent, visitor)
    last = (await visitor.messages())[-1]
    assert [one["id"] for one in last["choices"]] == ["solved", "not_solved"]
    await visitor.write(**said)
    await became(shop, number, "closed")
    assert not [row for row in await shop.rows("promise") if row["state"] == "running"]
    assert (await visitor.messages())[-1]["author"] == "customer"  # nobody answers thanks


async def test_l5_not_solved_reopens_it_and_classifies_it_anew(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await resolved(shop, agent, visitor)
    await visitor.write("没有解决，我要投诉你们，太差了")
    now = await became(shop, number, "in_progress")
    assert (now["type"], now["reopens"]) == ("complaint", 1)
    assert now["agent_id"] == agent.row.id
    assert (await agent.get(f"/tickets/{number}/complaint"))["fields"]["content"]["value"]


async def test_l5_the_button_that_says_not_solved_reopens_it(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await resolved(shop, agent, visitor)
    await visitor.write("", choice="not_solved")
    assert (await became(shop, number, "in_progress"))["reopens"] == 1


async def test_l5_silence_closes_it_after_a_notice_that_names_the_time(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await resolved(shop, agent, visitor)
    before = len(await visitor.messages())
    await pass_hours(shop, 47)
    assert len(await visitor.messages()) == before
    await pass_hours(shop, 1)
    notices = (await visitor.messages())[before:]
    assert len(notices) == 1
    assert "11月26日" in notices[0]["text"]
    assert number in notices[0]["text"]
    await pass_hours(shop, 24)
    assert (await became(shop, number, "closed"))["closes_at"] is None
    assert len(await visitor.messages()) == before + 1


async def test_l5_whoever_answers_the_notice_is_not_closed_away(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await resolved(shop, agent, visitor)
    await pass_hours(shop, 48)
    await visitor.write("还没有收到补发")
    await became(shop, number, "in_progress")
    await pass_hours(shop, 72)
    await became(shop, number, "in_progress")


async def test_l5_after_downtime_it_is_told_once_and_closed_no_sooner_than_told(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        agent, visitor = await shop.agent(), await shop.visitor()
        number, token = await resolved(shop, agent, visitor), visitor.token
        left = shop.clock.now()
    async with open_shop(tmp_path, at=left + 100 * HOUR) as shop:
        visitor = Visitor(shop=shop, token=token)

        async def told() -> list[dict[str, Any]]:
            return [one for one in await visitor.messages() if "自动关闭" in one["text"]]

        assert len(await shop.until(told)) == 1
        await became(shop, number, "resolved")
        await pass_hours(shop, 24)
        await became(shop, number, "closed")
        assert len(await told()) == 1
