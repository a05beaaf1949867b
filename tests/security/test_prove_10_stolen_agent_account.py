"""Proof 10: whoever steals an agent's account opens a hundred values in an hour at most, and is found out within a minute."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from gateway.store import tables as t
from tests.acceptance.shop import Agent, Shop, open_shop
from tests.security.conftest import Figure

STOP, ALARM = 100, 30


def phone(number: int) -> str:
    """Of a range that nobody has."""
    return f"1380000{number:04d}"


async def tickets_of(shop: Shop, agent: Agent, count: int) -> list[tuple[str, int, str]]:
    """Let customers give their numbers to an agent; return ticket, seq and number of each."""
    found = []
    for at in range(count):
        number = await shop.ticket(f"转人工，请打我手机 {phone(at)}")
        await agent.claim(number)
        messages = (await agent.get(f"/tickets/{number}"))["messages"]
        found.append((number, messages[0]["seq"], phone(at)))
        assert phone(at) not in str(messages)
    return found


async def reveal(agent: Agent, ticket: str, seq: int) -> tuple[int, dict[str, Any]]:
    """Ask to see a message as it was written."""
    path, body = f"/api/v1/tickets/{ticket}/messages/{seq}/reveal", {"reason": "客户要求回电"}
    headers = {"X-CSRF-Token": agent.csrf}
    async with agent.http.post(path, json=body, headers=headers) as answer:
        return answer.status, await answer.json()


async def alarms_of_reveals(lead: Agent) -> list[dict[str, Any]]:
    """Return the alarms about opened values; customers who wait may raise others."""
    return [one for one in (await lead.get("/alarms"))["alarms"] if one["kind"] == "reveals"]


async def test_a_stolen_account_opens_a_hundred_values_and_is_found_out(
    tmp_path: Path, scale: Callable[[int, int], int], figure: Figure
) -> None:
    async with open_shop(tmp_path) as shop:
        thief, lead = await shop.agent("1001"), await shop.agent("2001", role="supervisor")
        known = await tickets_of(shop, thief, scale(4, 120))
        shown, refused, alarmed_after = 0, 0, None
        for at in range(scale(130, 400)):
            await shop.clock.advance(
                timedelta(seconds=3)
            )  # slow enough for the limit of requests, which audits nothing
            began = shop.clock.now()
            ticket, seq, number = known[at % len(known)]
            status, said = await reveal(thief, ticket, seq)
            if status == 200:
                assert number in said["values"]["text"]
                shown += 1
            else:
                assert status == 429
                assert number not in str(said)
                refused += 1
            if shown == ALARM and alarmed_after is None:
                await shop.later(timedelta(seconds=1))
                (alarm,) = await alarms_of_reveals(lead)
                assert "1001" in str(alarm)
                alarmed_after = (shop.clock.now() - began).total_seconds()
        assert shown == STOP
        assert refused > 0
        assert alarmed_after is not None
        assert alarmed_after <= 60
        assert len(await alarms_of_reveals(lead)) == 2
        rows = await shop.rows("audit", t.audit.c.act == "reveal")
        assert [row["outcome"] for row in rows].count("done") == STOP
        assert [row["outcome"] for row in rows].count("refused") == refused
        assert not any(number in str(rows) for _, _, number in known)
        for _ in range(4):  # a session that idles ends
            await shop.later(timedelta(minutes=20))
            await thief.get("/me")
        assert (await reveal(thief, *known[0][:2]))[0] == 200
        figure("values shown in an hour", shown)
        figure("wishes refused", refused)
        figure("seconds from the 30th value to the alarm", alarmed_after)


async def test_nothing_is_shown_where_the_audit_cannot_be_written(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        agent = await shop.agent("1001")
        ((ticket, seq, number),) = await tickets_of(shop, agent, 1)
        await shop.house.database.write(lambda tx: tx.exec_driver_sql("DROP TABLE audit"))
        status, said = await reveal(agent, ticket, seq)
        assert status >= 500
        assert number not in str(said)
        assert await shop.rows("reveal") == []


async def test_only_who_has_the_ticket_and_their_supervisors_may_open_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        agent, other = await shop.agent("1001"), await shop.agent("1002")
        lead, admin = await shop.agent("2001", role="supervisor"), await shop.agent("3001", role="admin")
        ((ticket, seq, _),) = await tickets_of(shop, agent, 1)
        statuses = [(await reveal(one, ticket, seq))[0] for one in (agent, lead, other, admin)]
        assert statuses[:2] == [200, 200]
        assert set(statuses[2:]) <= {403, 404}
        assert (await reveal(agent, ticket, 999))[0] == 404


async def test_the_answer_may_be_kept_by_nobody_and_says_until_when_it_is_shown(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        agent = await shop.agent("1001")
        ((ticket, seq, number),) = await tickets_of(shop, agent, 1)
        path = f"/api/v1/tickets/{ticket}/messages/{seq}/reveal"
        headers = {"X-CSRF-Token": agent.csrf}
        async with agent.http.post(path, json={"reason": "回电"}, headers=headers) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            assert number in (await answer.json())["values"]["text"]
        async with agent.http.post(path, json={"reason": " "}, headers=headers) as answer:
            assert answer.status in (400, 422)
        async with agent.http.post(path, json={}, headers=headers) as answer:
            assert answer.status == 422
