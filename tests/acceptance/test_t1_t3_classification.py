"""T1, T2, T3: each enquiry has a type, an urgency with its reason, and an anomaly; people may correct it."""

from typing import Any

import pytest

from tests.acceptance.shop import Shop


async def ticket_of(shop: Shop, text: str) -> dict[str, Any]:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket(text, visitor)
    page: dict[str, Any] = await agent.get(f"/tickets/{number}")
    return page


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("转人工，我想买洗衣机，这款多少钱", "presale"),
        ("转人工，我买的台灯不亮了，要修", "aftersale"),
        ("我要投诉！客服态度太差了", "complaint"),
        ("转人工，我要把订单的收货地址改成公司的", "change"),
        ("转人工，我提个建议，希望你们app加个夜间模式", "suggestion"),
    ],
)
async def test_t1_every_enquiry_has_one_of_five_types_and_a_topic(shop: Shop, text: str, type_: str) -> None:
    assert (await ticket_of(shop, text))["ticket"]["type"] == type_


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("转人工，发票抬头怎么填", "normal"),
        ("转人工，包裹今天必须送到，催了三次都没人理", "urgent"),
        ("充电宝充电时冒烟着火了", "critical"),
    ],
)
async def test_t2_the_urgency_is_recorded_with_its_reason(shop: Shop, text: str, urgency: str) -> None:
    page = await ticket_of(shop, text)
    assert page["ticket"]["urgency"] == urgency
    assert any("“" in (event["because"] or "") for event in page["events"]), "the words that made it are told"


@pytest.mark.parametrize(
    ("text", "anomaly", "department"),
    [
        ("我要投诉！客服态度太差了", "complaint", "support"),
        ("你们的充电宝爆炸把我手烧伤了，我要你们赔偿", "serious", "aftersales"),
        ("你们app打不开，系统崩了，一直白屏", "outage", "tech"),
        ("再不退款我就打12315，找记者曝光你们", "media", "pr"),
    ],
)
async def test_t3_an_anomaly_has_its_class_and_its_department(
    shop: Shop, text: str, anomaly: str, department: str
) -> None:
    ticket = (await ticket_of(shop, text))["ticket"]
    assert (ticket["anomaly"], ticket["department"]) == (anomaly, department)


async def test_t1_what_is_wrong_is_corrected_and_counted(shop: Shop) -> None:
    agent, visitor = await shop.agent(), await shop.visitor()
    number = await shop.ticket("我要投诉！客服态度太差了", visitor)
    at = f"/tickets/{number}/classification"
    before = await agent.get(at)
    assert before["said"]["type"] == before["holds"]["type"] == "complaint"
    changed = {"type": "suggestion", "anomaly": "none", "department": "logistics", "subtype": "packaging"}
    reason = {"version": before["version"], "reason": "说的是包装，可以改进"}
    after = await agent.post(at, changed | reason)
    assert {field: after["holds"][field] for field in changed} == changed
    assert after["said"] == before["said"]
    assert {(one["field"], one["was"], one["value"]) for one in after["corrections"]} >= {
        ("type", "complaint", "suggestion"),
        ("anomaly", "complaint", "none"),
    }
    assert (await agent.get(f"/tickets/{number}"))["ticket"]["type"] == "suggestion"
