"""T9: what the first line cannot solve is with the second within two hours."""

from datetime import timedelta

from tests.acceptance.people import at_work, before_long, found
from tests.acceptance.shop import Shop


async def test_t9_what_the_first_line_cannot_solve_goes_to_the_second_in_two_hours(shop: Shop) -> None:
    first = await at_work(shop, "1001")
    expert = await at_work(shop, "1002", line=2)
    number = await shop.ticket()
    await first.claim(number)
    face = await first.post(f"/tickets/{number}/escalate", {"reason": "需要技术排查"})
    assert (face["line"], face["agent"], face["first_agent"]["number"]) == (2, None, "1001")
    row = await found(shop, number, column="suggested_agent_id", kind="suggested")
    assert row["suggested_agent_id"] == expert.row.id
    (promise,) = [one for one in await shop.rows("promise") if one["kind"] == "second_line"]
    assert promise["due_at"] - promise["created_at"] == timedelta(hours=2)
    assert promise["state"] == "running"
    await first.post(f"/tickets/{number}/escalate", {"reason": "再次"}, status=409)
    await expert.claim(number)
    (promise,) = [one for one in await shop.rows("promise") if one["kind"] == "second_line"]
    assert promise["state"] == "kept"
    row = await found(shop, number, column="agent_id", kind="claimed")
    assert (row["agent_id"], row["first_agent_id"]) == (expert.row.id, first.row.id)


async def test_t9_a_second_line_that_does_not_come_is_late_after_two_hours(shop: Shop) -> None:
    first = await at_work(shop, "1001")
    number = await shop.ticket()
    await first.claim(number)
    await first.post(f"/tickets/{number}/escalate", {"reason": "需要技术排查"})
    await shop.later(timedelta(hours=1, minutes=59))

    async def late() -> bool:
        return any(one["kind"] == "second_line" and one["fired_at"] for one in await shop.rows("promise"))

    assert not await late()
    assert await before_long(shop, late, timedelta(minutes=3))
