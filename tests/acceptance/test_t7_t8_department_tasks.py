"""T7: the first agent keeps the case while departments work on it. T8: departments have limits of their own."""

from datetime import timedelta
from typing import Any

from tests.acceptance.shop import Agent, Shop

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def asked(agent: Agent, number: str, **body: object) -> dict[str, Any]:
    """A task for the technicians."""
    wanted = {"department": "tech", "text": "请查设备日志"} | body
    found: dict[str, Any] = await agent.post(f"/tickets/{number}/tasks", wanted)
    return found


async def promises(shop: Shop, task: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = await shop.rows("promise")
    return {row["kind"]: row for row in rows if row["needs"] == f"task:{task['id']}"}


async def test_t7_the_first_agent_stays_responsible_while_a_department_works(shop: Shop) -> None:
    first, technician = await shop.agent(), await shop.agent("2001")
    number = await shop.ticket("转人工")
    await first.claim(number)
    task = await asked(first, number)
    page = await first.get(f"/tickets/{number}")
    assert page["ticket"]["waiting_on"] == "department"
    assert page["tasks"][0]["text"] == "请查设备日志"
    listed = (await technician.get("/tasks?department=tech"))["tasks"]
    assert [(one["ticket"], one["state"]) for one in listed] == [(number, "asked")]
    await technician.post(f"/tasks/{task['id']}/accept")
    await technician.post(f"/tasks/{task['id']}/notes", {"text": "在看"})
    await technician.post(f"/tasks/{task['id']}/done", {"answer": "固件太旧，已推送更新"})
    page = await first.get(f"/tickets/{number}")
    assert page["ticket"]["agent"]["number"] == "1001"
    assert page["ticket"]["waiting_on"] == "agent"
    done = page["tasks"][0]
    assert (done["state"], done["answer"]) == ("done", "固件太旧，已推送更新")
    assert done["agent"]["number"] == "2001"
    assert [one["text"] for one in done["notes"]] == ["在看"]


async def test_t8_a_department_owes_acceptance_and_the_work_within_its_own_limits(shop: Shop) -> None:
    agent, technician = await shop.agent(), await shop.agent("2001")
    number = await shop.ticket("转人工")
    await agent.claim(number)
    task = await asked(agent, number)
    owed = await promises(shop, task)
    now = shop.clock.now()
    assert owed["acceptance"]["due_at"] == now + 2 * HOUR
    assert owed["task"]["due_at"] == now + 24 * HOUR
    assert {one["owner"] for one in owed.values()} == {"tech"}
    shop.clock.jump(2 * HOUR)
    await shop.later(MINUTE)
    assert (await promises(shop, task))["acceptance"]["fired_at"] is not None
    await shop.agent("9001", role="supervisor")
    late = await shop.agent("2002")
    await late.post(f"/tasks/{task['id']}/accept")
    settled = (await promises(shop, task))["acceptance"]
    assert settled["state"] == "broken"
    assert technician.row.number == "2001"


async def test_t8_a_declined_task_goes_back_to_the_first_agent_with_the_reason(shop: Shop) -> None:
    agent, technician = await shop.agent(), await shop.agent("2001")
    number = await shop.ticket("转人工")
    await agent.claim(number)
    task = await asked(agent, number, wanted_by=(shop.clock.now() + HOUR).isoformat())
    assert task["solve_by"] == task["wanted_by"]
    await technician.post(f"/tasks/{task['id']}/decline", {"reason": "不是设备问题，请找物流"})
    page = await agent.get(f"/tickets/{number}")
    assert page["ticket"]["waiting_on"] == "agent"
    assert page["tasks"][0]["answer"] == "不是设备问题，请找物流"
    await technician.post(f"/tasks/{task['id']}/accept", status=409)
    assert {row["state"] for row in (await promises(shop, task)).values()} <= {"kept", "withdrawn"}


async def test_t8_a_complaints_department_confirms_that_it_accepts_it(shop: Shop) -> None:
    agent = await shop.agent()
    number = await shop.ticket("我要投诉，服务太差了")
    rows = [row for row in await shop.rows("promise") if row["kind"] == "acceptance"]
    department = (await agent.get(f"/tickets/{number}"))["ticket"]["department"]
    assert [(row["owner"], row["state"]) for row in rows] == [(department, "running")]
    await agent.claim(number)
    rows = [row for row in await shop.rows("promise") if row["kind"] == "acceptance"]
    assert [row["state"] for row in rows] == ["kept"]
