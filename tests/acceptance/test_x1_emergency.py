"""X1: a burst starts the emergency plan: a calming notice, alarms, news and the end to all concerned, a review."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from gateway.store import tables as t
from tests.acceptance.shop import Agent, Shop, Visitor, open_shop

NEWS = {
    "texts": {
        "zh-CN": "支付已部分恢复，下一次通报：{news}。",
        "en": "Payments work in part; next news: {news}.",
    }
}


async def burst(shop: Shop, count: int = 6) -> list[Visitor]:
    """Let so many customers complain of the same thing within minutes."""
    visitors = []
    for n in range(count):
        visitor = await shop.visitor()
        await shop.ticket(f"我要投诉，你们第{n}次欺骗我，太差了", visitor)
        visitors.append(visitor)
    return visitors


async def emergencies(agent: Agent) -> list[dict[str, Any]]:
    """The list as the desk sees it."""
    listed: list[dict[str, Any]] = (await agent.get("/emergencies"))["emergencies"]
    return listed


async def test_x1_a_burst_of_complaints_is_proposed_and_supervisors_are_alarmed(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    await burst(shop)
    await shop.later(timedelta(seconds=16))
    found = await shop.until(lambda: emergencies(boss))
    assert all(one["state"] == "proposed" for one in found)
    assert any("complaints" in one["topics"] for one in found)
    alarms = (await boss.get("/alarms?unseen=1"))["alarms"]
    assert any(one["kind"] == "emergency" for one in alarms)
    await shop.later(timedelta(minutes=2))
    assert len(await emergencies(boss)) == len(found)  # proposed once


async def test_x1_those_who_brought_it_about_are_counted_in_and_told_once(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    visitors = await burst(shop)
    await shop.later(timedelta(seconds=16))
    [proposed] = await shop.until(lambda: emergencies(boss))
    page = await boss.post(f"/emergencies/{proposed['id']}/begin", {})
    assert len(page["tickets"]) == 6
    for visitor in visitors:
        await shop.until(lambda visitor=visitor: saying(visitor, "下一次进展通报"))  # type: ignore[misc] # bound now
    await shop.later(timedelta(minutes=1))
    for visitor in visitors:
        assert len(await saying(visitor, "下一次进展通报")) == 1
    assert len(await shop.rows("tag", t.tag.c.name == f"应急-{proposed['id']}")) == 6


async def test_x1_what_would_concern_nobody_or_lies_in_the_past_is_refused(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    for wrong in (
        {"topics": ["payment"]},
        {"topics": ["anomaly:payments"]},
        {"news_at": "2020-01-01T00:00:00Z"},
    ):
        await boss.post("/emergencies", {"because": "支付中断"} | wrong, status=400)
    assert await emergencies(boss) == []


async def test_x1_newcomers_after_the_news_hear_what_happened_and_the_news(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    begun = await boss.post("/emergencies", {"because": "支付通道中断"}, status=201)
    await boss.post(
        f"/emergencies/{begun['emergency']['id']}/news",
        {"texts": {"zh-CN": "支付已部分恢复，下一次通报：{news}。"}},
    )
    told = await (await shop.visitor()).ask("你好")
    assert "影响多位客户的问题" in told
    assert "支付已部分恢复" in told
    english = await (await shop.visitor()).ask("hello there")
    assert "We know of a problem" in english  # nobody wrote news in English: never another language


async def test_x1_from_notice_to_review_everybody_concerned_is_told_each_thing_once(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        boss, agent = await shop.agent("9001", "supervisor"), await shop.agent()
        begun = await boss.post("/emergencies", {"because": "支付通道中断"}, status=201)
        number = begun["emergency"]["id"]
        await agent.post("/emergencies", {"because": "no right"}, status=403)
        visitors = [await shop.visitor() for _ in range(3)]
        for visitor in visitors:
            first = await visitor.ask("你好")
            assert "下一次进展通报：今天 11:00" in first
            assert "下一次进展通报" not in await visitor.ask("怎么退货？")
        await boss.post(
            f"/emergencies/{number}/news", {"texts": {"zh-CN": "我们会尽快通报。{news}"}}, status=400
        )
        await boss.post(f"/emergencies/{number}/news", NEWS)
        for visitor in visitors:
            await shop.until(lambda visitor=visitor: saying(visitor, "支付已部分恢复"))  # type: ignore[misc] # bound now
    async with open_shop(tmp_path) as shop:  # as after a kill: the rows know who was told
        boss = await shop.agent("9002", "supervisor")
        await shop.later(timedelta(seconds=30))
        await boss.post(f"/emergencies/{number}/end", {})
        for visitor in visitors:
            visitor.shop = shop
            await shop.until(lambda visitor=visitor: saying(visitor, "已经解决"))  # type: ignore[misc] # bound now
        await shop.later(timedelta(minutes=2))
        for visitor in visitors:
            texts = [one["text"] for one in await visitor.messages()]
            assert sum("支付已部分恢复" in text for text in texts) == 1
            assert sum("已经解决" in text for text in texts) == 1
        [review] = await shop.rows("promise", t.promise.c.kind == "review")
        assert review["state"] == "running"
        assert review["due_at"] - shop.clock.now() <= timedelta(days=7)
        report = await boss.get(f"/emergencies/{number}/report")
        assert report["is_draft"]
        assert "受影响客户 3 位" in report["markdown"] or "Customers concerned: 3" in report["markdown"]
        await boss.post(f"/emergencies/{number}/report", {"markdown": "原因：证书过期。", "done": True})
        [review] = await shop.rows("promise", t.promise.c.kind == "review")
        assert review["state"] == "kept"


async def test_x1_tickets_of_the_emergency_are_tagged_and_listed_with_it(shop: Shop) -> None:
    boss = await shop.agent("9001", "supervisor")
    begun = await boss.post("/emergencies", {"because": "投诉增多", "topics": ["complaints"]}, status=201)
    number = await shop.ticket("我要投诉，你们欺骗消费者")
    other = await shop.ticket("转人工")
    page = await boss.get(f"/emergencies/{begun['emergency']['id']}")
    assert page["tickets"] == [number]
    assert other not in page["tickets"]
    [tag] = await shop.rows("tag", t.tag.c.name.startswith("应急-"))
    assert tag["kind"] == "ticket"


async def test_x1_a_gateway_that_was_away_says_so_when_it_is_back(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.later(timedelta(seconds=20))
        at = shop.clock.now()
    async with open_shop(tmp_path, at=at + timedelta(hours=2)) as shop:
        boss = await shop.agent("9001", "supervisor")
        found = await shop.until(lambda: emergencies(boss))
        assert [(one["cause"], one["state"]) for one in found] == [("own", "proposed")]
        assert "120 minutes" in found[0]["because"]


async def saying(visitor: Visitor, words: str) -> list[dict[str, Any]]:
    """What the visitor heard that holds these words."""
    return [one for one in await visitor.messages() if words in one["text"]]
