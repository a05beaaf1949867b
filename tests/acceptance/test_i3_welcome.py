"""I3: a written enquiry gets an automatic welcome within ten seconds."""

from datetime import timedelta

from tests.acceptance.shop import Shop


async def test_i3_a_first_message_is_welcomed_before_ten_seconds_have_passed(shop: Shop) -> None:
    visitor = await shop.visitor()
    seq = await visitor.write("怎么退货？")
    said = await visitor.heard(after=seq)  # no time of the house passes
    assert "请在七天内把商品寄回" in said[0]["text"]
    assert said[0]["author"] == "bot"


async def test_i3_who_asks_for_a_person_is_told_a_number_and_a_time_at_once(shop: Shop) -> None:
    await shop.agent()
    visitor = await shop.visitor()
    number = await shop.ticket("转人工", visitor)
    said = await visitor.heard()
    assert number in said[0]["text"]
    await shop.later(timedelta(seconds=10))
    assert len(await visitor.heard()) == 1
