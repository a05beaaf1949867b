"""L1: a unique number, four states, who is responsible, promised and actual time, remarks."""

from datetime import timedelta

from tests.acceptance.shop import Agent, Shop


async def test_l1_a_ticket_has_a_number_of_its_own_and_goes_through_four_states(shop: Shop) -> None:
    agent = await shop.agent()
    first, second = await shop.ticket("转人工"), await shop.ticket("转人工")
    assert first != second
    seen = [await status(agent, first)]
    await agent.claim(first)
    seen.append(await status(agent, first))
    await agent.reply(first, "您好，已为您核实。")
    version = (await agent.get(f"/tickets/{first}"))["ticket"]["version"]
    await agent.post(f"/tickets/{first}/resolve", {"version": version, "outcome": "已核实并处理"})
    seen.append(await status(agent, first))
    version = (await agent.get(f"/tickets/{first}"))["ticket"]["version"]
    await agent.post(f"/tickets/{first}/close", {"version": version})
    seen.append(await status(agent, first))
    assert seen == ["open", "in_progress", "resolved", "closed"]


async def test_l1_it_shows_who_is_responsible_what_was_promised_and_what_became_of_it(shop: Shop) -> None:
    agent = await shop.agent()
    number = await shop.ticket("转人工")
    await agent.claim(number)
    await shop.later(timedelta(seconds=20))
    await agent.reply(number, "您好，已为您核实。")
    await agent.post(f"/tickets/{number}/notes", {"text": "客户要求电话联系"})
    page = await agent.get(f"/tickets/{number}")
    assert page["ticket"]["agent"]["number"] == "1001"
    assert [note["text"] for note in page["notes"]] == ["客户要求电话联系"]
    promises = {one["kind"]: one for one in (await agent.get(f"/tickets/{number}/promises"))["promises"]}
    answered = promises["first_response"]
    assert answered["state"] == "kept"
    assert answered["settled_at"] < answered["due_at"]
    assert promises["resolution"]["state"] in ("running", "paused")


async def status(agent: Agent, number: str) -> str:
    page = await agent.get(f"/tickets/{number}")
    return str(page["ticket"]["status"])
