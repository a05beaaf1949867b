"""T3: complaints, serious losses, outages and media events each have spans of their own."""

from datetime import timedelta

import pytest

from gateway.store import tables as t
from tests.acceptance.shop import Shop

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "anomaly", "solve"),
    [
        ("我要投诉你们的客服，态度很差", "complaint", 48 * HOUR),
        ("你们的充电宝爆炸，我被烫伤住院了", "serious", 24 * HOUR),
        ("你们的网站打不开了，系统崩溃，大家都付不了款", "outage", 2 * HOUR),
        ("再不处理我就找记者在微博曝光你们", "media", 24 * HOUR),
    ],
)
async def test_t3_a_solution_is_owed_within_the_anomalys_own_span(
    shop: Shop, text: str, anomaly: str, solve: timedelta
) -> None:
    await shop.ticket(text)
    (ticket,) = await shop.rows("ticket")
    assert ticket["anomaly"] == anomaly
    (solved,) = await shop.rows("promise", t.promise.c.kind == "resolution")
    urgent = 2 * HOUR if ticket["urgency"] != "normal" else solve
    assert solved["due_at"] - solved["started_at"] == min(solve, urgent)
