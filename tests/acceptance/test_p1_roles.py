"""P1: agents handle tickets, supervisors see figures and change priority, administrators settings, editors knowledge."""

import pytest

from tests.acceptance.shop import Shop

MAY = {
    "agent": {"/tickets": 200, "/reports/triage": 403, "/audit": 200},
    "supervisor": {"/tickets": 200, "/reports/triage": 200, "/audit": 200},
    "admin": {"/tickets": 403, "/accounts": 200, "/audit": 403},
    "editor": {"/tickets": 403, "/accounts": 403, "/knowledge/entries": 200},
    "auditor": {"/tickets": 403, "/accounts": 403, "/audit": 200},
}


@pytest.mark.parametrize("role", MAY)
async def test_p1_each_role_gets_what_is_its_own_and_no_more(shop: Shop, role: str) -> None:
    somebody = await shop.agent(role=role)
    for path, status in MAY[role].items():
        async with somebody.http.get(f"/api/v1{path}") as answer:
            assert (path, answer.status) == (path, status)


async def test_p1_the_priority_is_a_supervisor_s_to_change(shop: Shop) -> None:
    agent, supervisor = await shop.agent(), await shop.agent("2001", role="supervisor")
    number = await shop.ticket()
    change = {"urgency": "urgent", "reason": "等了很久"}
    await agent.post(f"/tickets/{number}/urgency", change, status=403)
    await supervisor.post(f"/tickets/{number}/urgency", change)
    assert (await agent.get(f"/tickets/{number}"))["ticket"]["urgency"] == "urgent"
