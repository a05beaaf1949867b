"""Signing in: cookies, throttling, idling, the first administrator."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.domain.account_rules import AccountRules
from gateway.store import accounts, links
from gateway.store import tables as t
from gateway.web.api import models as m
from tests.servers.desk import LOOPBACK, PASSWORD, Client, DeskRig, running_desk

HTTPS = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "help.shop.example",
}


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


@pytest.fixture
async def behind_proxy(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path, trusted_proxies=LOOPBACK) as running:
        yield running


async def sign_in(
    client: Client, login: str = "a1001", password: str = PASSWORD, **headers: str
) -> tuple[int, dict[str, object], str]:
    answer = await client.post(
        "/api/v1/session", json={"login": login, "password": password}, headers=headers
    )
    return answer.status, await answer.json(), answer.headers.get("Set-Cookie", "")


async def test_signing_in_opens_the_desk_and_signing_out_shuts_it(rig: DeskRig) -> None:
    await rig.agent(password=True)
    status, body, cookie = await sign_in(rig.client, "  A1001 ")
    assert status == 200
    me = m.Me.model_validate(body)
    assert (me.agent.number, me.agent.role, me.agent.state) == ("1001", "agent", "offline")
    assert me.departments[0].label.keys() >= {"zh-CN", "en"}
    for part in ("sid=", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    again = await rig.client.get("/api/v1/me")
    assert await again.json() == body
    out = await rig.client.delete("/api/v1/session", headers={"X-CSRF-Token": me.csrf})
    assert out.status == 204
    assert (await rig.client.get("/api/v1/me")).status == 401


async def test_over_https_the_cookie_is_bound_to_the_host_and_never_travels_in_the_open(
    behind_proxy: DeskRig,
) -> None:
    await behind_proxy.agent(password=True)
    status, _, cookie = await sign_in(behind_proxy.client, **HTTPS)
    assert status == 200
    assert cookie.startswith("__Host-sid=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


async def test_an_open_line_is_refused_before_the_password_is_looked_at(rig: DeskRig) -> None:
    await rig.agent(password=True)
    status, body, cookie = await sign_in(rig.client, Host="desk.shop.example")
    assert (status, body["code"], cookie) == (403, "not_secure", "")
    setup = {"token": "x", "login": "root", "name": "x", "number": "1", "password": PASSWORD}
    answer = await rig.client.post("/api/v1/setup", json=setup, headers={"Host": "desk.shop.example"})
    assert answer.status == 403


async def test_forwarded_headers_of_a_stranger_count_for_nothing(rig: DeskRig) -> None:
    await rig.agent(password=True)
    status, _, cookie = await sign_in(rig.client, **HTTPS)
    assert status == 200
    assert cookie.startswith("sid=")


async def test_only_hashes_of_cookies_and_tokens_are_stored(rig: DeskRig) -> None:
    await rig.agent(password=True)
    _, _, cookie = await sign_in(rig.client)
    token = cookie.partition("=")[2].partition(";")[0]
    assert len(token) == 64
    stored = await rig.database.read(lambda tx: tx.execute(select(t.session.c.token_hash)).scalars().all())
    assert stored == [accounts.hashed(token)]
    password = await rig.database.read(lambda tx: tx.execute(select(t.agent.c.password)).scalar())
    assert password is not None
    assert password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_each_sign_in_has_a_new_id_and_an_id_brought_along_is_not_taken_up(rig: DeskRig) -> None:
    await rig.agent(password=True)
    rig.client.session.cookie_jar.update_cookies({"sid": "planted"}, rig.client.make_url("/"))
    first = (await sign_in(rig.client))[2]
    second = (await sign_in(rig.client))[2]
    assert "planted" not in first
    assert first != second


@pytest.mark.parametrize("login", ["a1001", "nobody"])
async def test_a_wrong_password_and_an_unknown_login_look_the_same(rig: DeskRig, login: str) -> None:
    await rig.agent(password=True)
    status, body, cookie = await sign_in(rig.client, login, "wrong")
    assert (status, cookie) == (401, "")
    assert body == {
        "type": "urn:intake-gateway:problem:bad_login",
        "title": "请先登录。",
        "status": 401,
        "detail": "登录名或密码不正确。",
        "code": "bad_login",
    }


async def test_a_disabled_agent_can_neither_sign_in_nor_stay(rig: DeskRig) -> None:
    await rig.agent(password=True)
    await sign_in(rig.client)
    now = rig.clock.now()
    await rig.database.write(lambda tx: accounts.disable_agent(tx, "a1001", now))
    assert (await rig.client.get("/api/v1/me")).status == 401
    assert (await sign_in(rig.client))[0] == 401


async def test_each_wrong_guess_after_the_fifth_waits_longer_and_time_heals_it(rig: DeskRig) -> None:
    await rig.agent(password=True)
    for _ in range(5):
        assert (await sign_in(rig.client, password="wrong"))[0] == 401
    status, body, _ = await sign_in(rig.client)
    assert (status, body["code"]) == (429, "too_many")
    await rig.clock.advance(timedelta(seconds=2))
    assert (await sign_in(rig.client, password="wrong"))[0] == 401
    await rig.clock.advance(timedelta(seconds=1.5))
    answer = await rig.client.post("/api/v1/session", json={"login": "a1001", "password": PASSWORD})
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1
    await rig.clock.advance(timedelta(seconds=2))
    assert (await sign_in(rig.client))[0] == 200
    assert (await sign_in(rig.client, password="wrong"))[0] == 401


async def test_somebody_elsewhere_who_guesses_does_not_lock_the_agent_out(behind_proxy: DeskRig) -> None:
    await behind_proxy.agent(password=True)
    for _ in range(6):
        await sign_in(behind_proxy.client, password="wrong", **HTTPS)
    assert (await sign_in(behind_proxy.client, **HTTPS))[0] == 429
    elsewhere = HTTPS | {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    assert (await sign_in(behind_proxy.client, **elsewhere))[0] == 200


async def test_half_an_hour_of_nothing_ends_a_session_and_a_request_in_between_keeps_it(rig: DeskRig) -> None:
    seat = await rig.seat()
    for _ in range(3):
        await rig.clock.advance(timedelta(minutes=29))
        assert (await seat.get("/me")).status == 200
    await rig.clock.advance(timedelta(minutes=29))
    assert (await seat.get("/agents")).status == 200  # the desk asks this by itself: it proves nobody there
    await rig.clock.advance(timedelta(minutes=2))
    assert (await seat.get("/me")).status == 401


async def test_no_session_outlives_twelve_hours(rig: DeskRig) -> None:
    seat = await rig.seat()
    for _ in range(int(AccountRules().longest / timedelta(minutes=20)) - 1):
        await rig.clock.advance(timedelta(minutes=20))
        assert (await seat.get("/me")).status == 200
    await rig.clock.advance(timedelta(minutes=20))
    assert (await seat.get("/me")).status == 401


async def test_the_first_administrator_is_created_once_by_the_link(rig: DeskRig) -> None:
    now = rig.clock.now()
    assert await rig.database.write(lambda tx: links.make_setup_link(tx, accounts.hashed("older"), now))
    assert await rig.database.write(lambda tx: links.make_setup_link(tx, accounts.hashed("link"), now))
    form = {"token": "link", "login": "Root", "name": "管理员", "number": "1000", "password": PASSWORD}
    older = await rig.client.post("/api/v1/setup", json=form | {"token": "older"})
    assert (older.status, (await older.json())["code"]) == (400, "bad_link")
    weak = await rig.client.post("/api/v1/setup", json=form | {"password": "password1234"})
    assert (weak.status, (await weak.json())["field"]) == (400, "password")
    made = await rig.client.post("/api/v1/setup", json=form)
    assert (made.status, await made.json()) == (201, {"number": "1000", "name": "管理员"})
    again = await rig.client.post("/api/v1/setup", json=form | {"login": "two", "number": "2"})
    assert again.status == 400
    assert not await rig.database.write(lambda tx: links.make_setup_link(tx, accounts.hashed("third"), now))
    status, body, _ = await sign_in(rig.client, "root")
    assert status == 200
    assert m.Me.model_validate(body).agent.role == "admin"


async def test_the_link_is_void_after_a_quarter_of_an_hour(rig: DeskRig) -> None:
    now = rig.clock.now()
    await rig.database.write(lambda tx: links.make_setup_link(tx, accounts.hashed("link"), now))
    await rig.clock.advance(timedelta(minutes=15))
    form = {"token": "link", "login": "root", "name": "x", "number": "1", "password": PASSWORD}
    assert (await rig.client.post("/api/v1/setup", json=form)).status == 400


async def test_a_programs_token_reads_but_cannot_speak_for_a_person(rig: DeskRig) -> None:
    number = await rig.ticket()
    bearer = {"Authorization": f"Bearer {await rig.token('agent')}"}
    assert (await rig.client.get(f"/api/v1/tickets/{number}", headers=bearer)).status == 200
    me = await rig.client.get("/api/v1/me", headers=bearer)
    m.Me.model_validate(await me.json())
    answer = await rig.client.post(f"/api/v1/tickets/{number}/claim", json={"version": 1}, headers=bearer)
    assert answer.status == 403
    for wrong in ("Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer \udcff"):
        refused = await rig.client.get("/api/v1/me", headers={"Authorization": wrong})
        assert refused.status == 401


async def test_the_last_administrator_cannot_be_disabled(rig: DeskRig) -> None:
    await rig.agent("admin")
    now = rig.clock.now()
    with pytest.raises(Exception, match="last administrator"):
        await rig.database.write(lambda tx: accounts.disable_agent(tx, "a1001", now))
    await rig.agent("admin", "1002")
    gone = await rig.database.write(lambda tx: accounts.disable_agent(tx, "a1001", now))
    assert gone.disabled_at == now


@pytest.mark.parametrize(("number", "code"), [("1001", "login_taken"), ("1002", "number_taken")])
async def test_logins_and_numbers_belong_to_one_person(rig: DeskRig, number: str, code: str) -> None:
    await rig.agent()
    now = rig.clock.now()
    login = "A1001" if number == "1001" else "other"
    with pytest.raises(Exception, match="is taken") as caught:
        await rig.database.write(
            lambda tx: accounts.add_agent(
                tx, login, "1001" if code == "number_taken" else number, "x", "agent", "", now
            )
        )
    assert getattr(caught.value, "kind", "") == code
