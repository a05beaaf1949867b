"""P3: passwords are changed regularly; an unattended desk signs itself out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from gateway.desk.passwords import Passwords
from gateway.store import accounts
from tests.acceptance.shop import Agent, Shop, open_shop

PASSWORD, NEW = "drei-graue-Enten-im-Regen", "vier-blaue-Hunde-im-Nebel"


async def signed_in(shop: Shop, agent: Agent, password: str) -> dict[str, Any]:
    """Sign in with a password as anybody does; return what the gateway says."""
    body = {"login": agent.row.login, "password": password}
    async with agent.http.post("/api/v1/session", json=body) as answer:
        assert answer.status == 200, await answer.text()
        me: dict[str, Any] = await answer.json()
        cookie = answer.cookies["sid"].value  # the client keeps none of a host in figures by itself
    agent.http.cookie_jar.update_cookies({"sid": cookie})
    agent.csrf = me["csrf"]
    return me


async def test_p3_a_desk_that_nobody_touches_for_half_an_hour_opens_nothing_any_more(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        agent = await shop.agent()
        for _ in range(3):
            shop.clock.jump(timedelta(minutes=29))
            await agent.get("/tickets")
        shop.clock.jump(timedelta(minutes=31))
        async with agent.http.get("/api/v1/tickets") as answer:
            assert answer.status == 401


async def test_p3_an_old_password_is_reminded_of_and_where_the_house_says_so_changed(tmp_path: Path) -> None:
    async with open_shop(tmp_path, environ={"GATEWAY__ACCOUNTS__PASSWORD_MAX_AGE": "180d"}) as shop:
        agent, now = await shop.agent(), shop.clock.now()
        stored = Passwords().hash_now(PASSWORD)
        await shop.house.database.write(lambda tx: accounts.set_password(tx, agent.row.id, stored, now))
        shop.clock.jump(timedelta(days=91))
        me = await signed_in(shop, agent, PASSWORD)
        assert (me["stage"], me["password_is_due"]) == ("in", True)
        account = await agent.get("/me/account")
        assert account["password"]["age_days"] == 91
        shop.clock.jump(timedelta(days=90))
        assert (await signed_in(shop, agent, PASSWORD))["stage"] == "password"
        async with agent.http.get("/api/v1/tickets") as answer:
            assert answer.status == 403
        change = {"present": PASSWORD, "wanted": NEW}
        assert (await agent.post("/session/password", change))["stage"] == "in"
        assert (await signed_in(shop, agent, NEW))["stage"] == "in"
