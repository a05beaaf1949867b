"""S5: three complaints tag the customer by themselves; preferences mentioned in talk are kept."""

from datetime import timedelta

from tests.acceptance.shop import Shop


async def test_s5_the_third_complaint_tags_the_customer_by_itself(shop: Shop) -> None:
    agent = await shop.agent()
    contact, number = {"phone": "13812345678"}, ""
    for count in range(3):
        await shop.later(timedelta(seconds=1))
        body = {"id": f"call-000{count}", "channel": "phone", "contact": contact, "text": "我要投诉，又碎了"}
        number = (await agent.post("/logged", body))["number"]
        tags = (await agent.get(f"/tickets/{number}"))["customer"]["tags"]
        assert [one["name"] for one in tags] == (["重点跟进"] if count == 2 else [])
    assert tags[0]["because"] == "3 complaints within 365 days"
    assert len((await agent.get("/tickets?tag=重点跟进"))["tickets"]) == 3
    contact_tags = (await shop.rows("contact"))[0]["tags"]
    assert contact_tags == ["重点跟进"]
    await agent.post(f"/tickets/{number}/tags", {"on": "contact", "remove": ["重点跟进"]})
    assert (await agent.get("/tickets?tag=重点跟进"))["tickets"] == []
    await agent.post(f"/tickets/{number}/tags", {"add": ["易碎品"]})
    assert [one["number"] for one in (await agent.get("/tickets?tag=易碎品"))["tickets"]] == [number]


async def test_s5_a_preference_mentioned_in_talk_is_proposed_and_kept_by_an_agent(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket("转人工，有结果请打电话给我", visitor)
    card = (await agent.get(f"/tickets/{number}"))["customer"]
    assert [(one["kind"], one["value"], one["state"]) for one in card["preferences"]] == [
        ("channel", "phone", "proposed")
    ]
    kept = [card["preferences"][0] | {"state": "kept"}]
    body = {"preferences": kept, "preferred_channel": "phone"}
    card = await agent.patch(f"/contacts/{card['number']}", body)
    assert card["preferences"][0]["state"] == "kept"
    assert card["preferred_channel"] == "phone"
    await visitor.write("还是打电话给我")
    await shop.later(timedelta(seconds=1))
    again = await agent.get(f"/contacts/{card['number']}")
    assert len(again["preferences"]) == 1
    assert [one["number"] for one in again["tickets"]] == [number]
    await agent.patch(f"/contacts/{card['number']}", {"preferred_channel": "nowhere"}, status=422)
