"""What the desk's interface shows of promises, and takes about them."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.store import tables as t
from gateway.web.api import models_promises as mp
from tests.acceptance.shop import Agent, Shop, open_shop

HOUR = timedelta(hours=1)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path) as opened:
        yield opened


async def promises(seat: Agent, number: str) -> dict[str, dict[str, Any]]:
    body = await seat.get(f"/tickets/{number}/promises")
    mp.TicketPromises.model_validate(body)
    return {one["kind"]: one for one in body["promises"]}


async def test_a_bar_shows_what_counted_and_what_stood_still_and_why(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    await agent.claim(number)
    await shop.later(HOUR / 3)  # a session idles away after half an hour
    await agent.reply(number, "请问您的订单号是多少？")
    solved = (await promises(agent, number))["resolution"]
    assert (solved["state"], solved["used_s"], solved["due_at"]) == ("paused", 1200, None)
    assert solved["paused_because"] == "the agent asked the contact something"
    await shop.later(HOUR / 3)
    await visitor.write("订单号 12345678")

    async def runs() -> bool:
        return bool((await promises(agent, number))["resolution"]["state"] == "running")

    await shop.until(runs)
    solved = (await promises(agent, number))["resolution"]
    assert [one["kind"] for one in solved["segments"]] == ["counting", "paused", "counting"]
    assert solved["segments"][-1]["until_at"] is None
    assert (solved["rule"], solved["counts"], solved["span_s"]) == (
        "promises.resolution.normal",
        "calendar",
        86400,
    )
    assert solved["agent"]["number"] == "1001"


async def test_what_is_due_next_is_listed_and_an_agent_sees_their_own(shop: Shop) -> None:
    agent, other = await shop.agent(), await shop.agent("1002")
    boss = await shop.agent("9001", "supervisor")
    numbers = [await shop.ticket() for _ in range(3)]
    await agent.claim(numbers[0])
    mine = await agent.get("/promises")
    mp.PromisePage.model_validate(mine)
    assert {one["ticket"] for one in mine["promises"]} == {numbers[0]}
    assert (await other.get("/promises"))["promises"] == []
    first = await boss.get("/promises?limit=4")
    rest = await boss.get(f"/promises?limit=5&cursor={first['next']}")
    owed = [*first["promises"], *rest["promises"]]
    dues = [one["due_at"] for one in owed]
    # Who was told a later time is owed that besides: how many, the queue of the moment says.
    kinds = Counter(one["kind"] for one in owed if one["kind"] != "told")
    assert kinds == {"first_response": 3, "resolution": 3}
    assert dues == sorted(dues)
    assert rest["next"] is None
    theirs = (await boss.get("/promises?agent=1001"))["promises"]
    assert {one["ticket"] for one in theirs} == {numbers[0]}
    assert (await boss.get("/promises?department=nowhere"))["promises"] == []
    await shop.later(timedelta(minutes=2))

    async def all_late() -> list[dict[str, Any]]:
        late: list[dict[str, Any]] = (await boss.get("/promises?state=late"))["promises"]
        return late if len(late) == 3 else []

    late = await shop.until(all_late)
    assert {(one["kind"], one["is_late"], one["escalation"]) for one in late} == {("first_response", True, 1)}
    async with boss.http.get("/api/v1/promises?cursor=nonsense") as answer:
        assert answer.status == 422 or answer.status == 400


async def test_a_later_time_has_to_lie_ahead_and_the_customer_is_told_of_it(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    await agent.claim(number)
    first = (await promises(agent, number))["first_response"]
    path = f"/tickets/{number}/promises/{first['id']}/renegotiate"
    now = shop.clock.now()
    past = {"due_at": (now - HOUR).isoformat(), "reason": "忙"}
    refused = await agent.post(path, past, status=400)
    assert (refused["code"], refused["field"]) == ("invalid", "due_at")
    await agent.post(path, {"due_at": (now + 2 * HOUR).isoformat(), "reason": "等物流"})
    told = [one["text"] for one in await visitor.messages() if one["author"] == "system"]
    assert "非常抱歉" in told[-1]
    assert "12:00" in told[-1]
    rows = await shop.rows("promise", t.promise.c.kind == "first_response")
    assert [row["state"] for row in rows] == ["renegotiated", "running"]
    await agent.post(path, {"due_at": (now + 3 * HOUR).isoformat(), "reason": "x"}, status=404)


async def test_answers_are_kept_by_answering_and_not_by_saying_so(shop: Shop) -> None:
    agent = await shop.agent()
    number = await shop.ticket()
    await agent.claim(number)
    first = (await promises(agent, number))["first_response"]
    await agent.post(f"/tickets/{number}/promises/{first['id']}/keep", status=400)
    await agent.post(f"/tickets/{number}/promises/nonsense/keep", status=404)


async def test_only_a_supervisor_says_how_urgent_it_is_and_time_follows(shop: Shop) -> None:
    agent, boss = await shop.agent(), await shop.agent("9001", "supervisor")
    number = await shop.ticket()
    body = {"urgency": "urgent", "reason": "客户赶飞机"}
    await agent.post(f"/tickets/{number}/urgency", body, status=403)
    assert (await boss.post(f"/tickets/{number}/urgency", body))["urgency"] == "urgent"
    solved = (await promises(boss, number))["resolution"]
    assert (solved["rule"], solved["span_s"]) == ("promises.resolution.urgent", 7200)


async def test_causes_of_delay_are_stated_counted_and_shown_in_words(shop: Shop) -> None:
    agent, boss = await shop.agent(), await shop.agent("9001", "supervisor")
    number = await shop.ticket()
    await agent.claim(number)
    await shop.later(timedelta(minutes=2))

    async def is_late() -> Any:
        found = await boss.get("/reports/causes")
        return found if found["late"] else None

    report = await shop.until(is_late)
    mp.CausesReport.model_validate(report)
    assert (report["late"], report["unexplained"]) == ({"first_response": 1}, 1)
    path = f"/tickets/{number}/explanation"
    await agent.post(path, {"cause": "weather", "plan": "x"}, status=400)
    await agent.post(path, {"cause": "details", "plan": "  "}, status=400)
    await agent.post(path, {"cause": "details", "plan": "核实身份后今天18:00前答复"})
    report = await boss.get("/reports/causes")
    assert report["unexplained"] == 0
    (stated,) = [one for one in report["causes"] if one["count"]]
    assert (stated["cause"], stated["departments"]) == ("details", {"support": 1})
    assert stated["label"]["zh-CN"] == "信息不全，身份待核实"
    async with agent.http.get("/api/v1/reports/causes") as answer:
        assert answer.status == 403
