"""P2: sensitive data is stored sealed and shown covered; only those allowed open it, and every opening leaves a trace."""

from sqlalchemy import select

from gateway.store import tables as t
from tests.acceptance.shop import Shop

IDENTITY = "11010519491231002X"


async def test_p2_an_identity_number_is_sealed_covered_opened_with_a_reason_and_traced(shop: Shop) -> None:
    agent, other = await shop.agent(), await shop.agent("1002")
    supervisor = await shop.agent("2001", role="supervisor")
    visitor = await shop.visitor()
    number = await shop.ticket(f"我的身份证号是 {IDENTITY}，请人工帮我改资料", visitor)
    await agent.claim(number)

    shown = (await agent.get(f"/tickets/{number}"))["messages"]
    assert IDENTITY not in str(shown)
    seq = next(one["seq"] for one in shown if one["author"] == "customer")
    query = select(t.message.c.text, t.message.c.sealed).where(t.message.c.seq == seq)
    text, sealed = await shop.house.database.read(lambda tx: tuple(tx.execute(query).one()))
    assert IDENTITY not in text + sealed
    assert sealed.startswith("v1.")

    opening = f"/tickets/{number}/messages/{seq}/reveal"
    await other.post(opening, {"reason": "想看看"}, status=403)
    opened = await agent.post(opening, {"reason": "核对身份证号"})
    assert IDENTITY in str(opened["values"])
    assert IDENTITY not in str(
        await agent.get(f"/tickets/{number}")
    )  # for those who asked, for a minute, no longer

    traces = (await supervisor.get("/audit?act=reveal"))["acts"]
    assert [(one["actor"], one["outcome"]) for one in traces][:1] == [("agent:1001", "done")]
    assert IDENTITY not in str(traces)
