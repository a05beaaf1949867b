"""L7: half an hour before the end of the working day each agent is shown what is still open, and hands it over."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from gateway.store import tables as t
from tests.acceptance.people import at_work, before_long
from tests.acceptance.shop import Shop

CLOSING = timedelta(hours=8)  # the shop opens its tests at ten, and closes at eighteen


async def pass_time(shop: Shop, span: timedelta) -> None:
    """Let time pass, with everybody at their desks all the while."""
    await shop.later(span)
    now = shop.clock.now()
    await shop.house.database.write(lambda tx: tx.execute(update(t.session).values(seen_at=now)) and None)


async def test_l7_the_sheet_comes_half_an_hour_before_and_is_handed_over_with_consent(shop: Shop) -> None:
    giver, taker = await at_work(shop, "1001"), await at_work(shop, "1002", hours=[["09:00-22:00"]] * 7)
    boss = await shop.agent("2001", "supervisor")
    visitor = await shop.visitor()
    one, two, done = await shop.ticket("转人工", visitor), await shop.ticket(), await shop.ticket()
    for number in (one, two, done):
        await giver.claim(number)
    await giver.reply(done, "已经为您处理好了。")
    await pass_time(shop, CLOSING - timedelta(minutes=31))
    assert not (await giver.get("/me/handover"))["is_due"]
    await pass_time(shop, timedelta(minutes=2))
    sheet = await giver.get("/me/handover")
    assert sheet["is_due"]
    assert {ticket["number"] for ticket in sheet["tickets"]} == {one, two, done}
    assert sheet["colleagues"][0]["number"] == "1002"
    (shown,) = await before_long(shop, lambda: of_kind(shop, "event", "shift"), timedelta(minutes=1))
    assert (shown["data"]["number"], shown["data"]["open"]) == ("1001", 2)

    made = await giver.post("/handovers", {"to": "1002", "tickets": [one, two, "T0"], "note": "请接着跟进"})
    assert made["offered"] == [one, two]
    assert [each["ticket"] for each in made["refused"]] == ["T0"]
    first, second = (await taker.get("/me/handover"))["received"]
    assert (first["ticket"]["number"], first["note"], first["from"]["number"]) == (one, "请接着跟进", "1001")
    assert first["ticket"]["agent"]["number"] == "1001"  # until it is accepted, the giver is responsible

    taken = await taker.post(f"/handovers/{first['id']}/accept")
    assert (taken["agent"]["number"], taken["first_agent"]["number"]) == ("1002", "1001")
    assert "1002" in (await visitor.heard())[-1]["text"]
    kept = await taker.post(f"/handovers/{second['id']}/decline", {"reason": "我不熟悉这个问题"})
    assert kept["agent"]["number"] == "1001"
    given = {each["ticket"]["number"]: each for each in (await giver.get("/me/handover"))["given"]}
    assert (given[one]["state"], given[two]["state"]) == ("accepted", "declined")
    assert given[two]["answer"] == "我不熟悉这个问题"
    await taker.post(f"/handovers/{first['id']}/accept", status=409)

    await pass_time(shop, timedelta(minutes=27))
    assert not await of_kind(shop, "alarm", "handover")
    await before_long(shop, lambda: of_kind(shop, "alarm", "handover"), timedelta(minutes=3))
    (alarm,) = [each for each in (await boss.get("/alarms"))["alarms"] if each["kind"] == "handover"]
    assert "1001" in alarm["text"]
    for _ in range(3):
        await pass_time(shop, timedelta(minutes=1))
    assert len(await of_kind(shop, "alarm", "handover")) == 1


async def test_l7_with_nothing_open_nobody_is_reminded(shop: Shop) -> None:
    await at_work(shop, "1001")
    await pass_time(shop, CLOSING - timedelta(minutes=20))
    for _ in range(3):
        await pass_time(shop, timedelta(minutes=10))
    assert not await of_kind(shop, "event", "shift")
    assert not await of_kind(shop, "alarm", "handover")


async def of_kind(shop: Shop, table: str, kind: str) -> list[dict[str, Any]]:
    """Return the rows of that kind."""
    return [row for row in await shop.rows(table) if row["kind"] == kind]
