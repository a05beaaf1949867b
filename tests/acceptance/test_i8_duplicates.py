"""I8: what a customer gave on one channel is known on another; one matter becomes one ticket."""

from datetime import timedelta

from tests.acceptance.shop import Shop


async def test_i8_the_same_order_by_phone_and_chat_is_suggested_and_merged(shop: Shop) -> None:
    boss, visitor = await shop.agent("9001", role="supervisor"), await shop.visitor()
    chat = await shop.ticket("转人工，我的订单号 DD20261123001 一直没有发货", visitor)
    await shop.later(timedelta(seconds=1))
    body = {"id": "call-0001", "channel": "phone", "contact": {"phone": "13812345678"}}
    call = await boss.post("/logged", body | {"text": "来电询问，订单号：DD20261123001 为什么没发货"})
    found = (await boss.get(f"/tickets/{chat}"))["suggestions"]
    assert [(one["number"], one["because"]) for one in found] == [(call["number"], ["order"])]
    await boss.post(f"/tickets/{chat}/merge", {"into": call["number"], "reason": "同一订单"})
    seq = await visitor.write("有消息了吗")

    async def touched() -> bool:
        ticket = (await boss.get(f"/tickets/{call['number']}"))["ticket"]
        return bool(ticket["last_text"] == "有消息了吗")

    await shop.until(touched)
    assert [
        one for one in await visitor.messages() if one["seq"] > seq
    ] == []  # a person has it, the bot is silent
    page = await boss.get(f"/tickets/{call['number']}")
    assert page["reply_to"] == chat
    reply = {"id": "reply-0001", "text": "今天发货", "seen_seq": page["last_seq"]}
    await boss.post(f"/tickets/{call['number']}/replies", reply)
    assert (await visitor.heard(after=seq))[0]["text"] == "今天发货"
