"""Agents and verification: the level with its age, asking for proof, ending it, two people confirming."""

import re
from datetime import timedelta
from pathlib import Path

from tests.verifying import ORDER, open_verifying_shop, settled


async def test_an_agent_asks_and_sees_level_method_and_age_but_never_what_was_typed(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        agent, visitor = await shop.agent(), await shop.visitor()
        number = await shop.ticket("转人工", visitor)
        await agent.claim(number)
        before = await agent.get(f"/tickets/{number}/verification")
        assert (before["level"], before["awaited"]) == ("L0", None)
        asked = await agent.post(f"/tickets/{number}/verification/ask", {"level": "L1"})
        assert asked["awaited"]["level"] == "L1"
        said = (await visitor.heard())[-1]["text"]
        assert re.search(r"/verify/[0-9a-f]{64}", said)
        answer = await settled(shop, visitor, f"{ORDER} 5678")
        assert "核对完成" in answer
        face = await agent.get(f"/tickets/{number}/verification")
        assert (face["level"], face["method"], face["awaited"]) == ("L1", "order_phone", None)
        assert face["granted_at"] < face["expires_at"] < face["ends_at"]
        assert "5678" not in str(face)
        page = await agent.get(f"/tickets/{number}")
        assert "5678" not in str(page), "neither in the transcript nor in a summary"
        ended = await agent.post(f"/tickets/{number}/verification/end", {})
        assert ended["level"] == "L0"
        assert [row["act"] for row in await shop.rows("audit") if row["act"].startswith("verification")] == [
            "verification.attempt",
            "verification.end",
        ]


async def test_l4_needs_a_second_person_and_holds_for_one_action(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        agent, chief = await shop.agent(), await shop.agent("2001", "supervisor")
        number = await shop.ticket("转人工")
        await agent.claim(number)
        path, body = f"/tickets/{number}/verification/confirm", {"action": "change_phone"}
        refused = await agent.post(path, body, status=403)
        assert refused["code"] == "needs_approval"
        asked = {"act": "verification.override", "about": f"ticket:{number}", "reason": "已按原号码回拨确认"}
        request = await agent.post("/approvals", asked)
        await agent.post(f"/approvals/{request['id']}/approve", {}, status=403)
        await chief.post(f"/approvals/{request['id']}/approve", {})
        face = await agent.post(path, body)
        assert (face["level"], face["method"]) == ("L4", "people")
        again = await agent.post(path, body, status=403)
        assert again["code"] == "needs_approval", "an approval is for one time"
        await agent.post(path, {"action": "no_such_action"}, status=400)
        await shop.later(timedelta(minutes=16))
        assert (await agent.get(f"/tickets/{number}/verification"))["level"] == "L0"


async def test_a_merged_ticket_takes_no_proof_along(tmp_path: Path) -> None:
    async with open_verifying_shop(tmp_path) as (shop, _):
        chief, visitor = await shop.agent("2001", "supervisor"), await shop.visitor()
        number = await shop.ticket("转人工", visitor)
        other = await shop.ticket("转人工")
        await chief.claim(number)
        await chief.post(f"/tickets/{number}/verification/ask", {"level": "L1"})
        await settled(shop, visitor, f"{ORDER} 5678")
        assert (await chief.get(f"/tickets/{number}/verification"))["level"] == "L1"
        await chief.post(f"/tickets/{number}/merge", {"into": other, "reason": "同一件事"})
        assert (await chief.get(f"/tickets/{number}/verification"))["level"] == "L0"
