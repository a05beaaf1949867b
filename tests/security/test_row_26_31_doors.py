"""Row 26: nothing is open that nobody meant to be. Row 31 (its first half): a password alone is nobody's way in."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.desk.passwords_plain import is_plain
from gateway.desk.rights import Action, Role
from gateway.domain.account_rules import AccountRules
from gateway.web.server import API_ROUTES
from tests.servers.desk import LOOPBACK, PASSWORD, DeskRig, running_desk

Figure = Callable[[str, object], None]
OPEN = {
    "GET /session/ways",
    "GET /session/sign-on",
    "GET /session/sign-on/back",
    "POST /session",
    "POST /session/passkey",
    "POST /session/passkey/options",
    "POST /session/forgot",
    "POST /links",
    "POST /links/password",
    "POST /setup",
}
"""All that anybody may ask below /api/v1: the door itself."""


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path, accounts=AccountRules(), trusted_proxies=LOOPBACK) as running:
        yield running


async def test_row_26_of_all_routes_only_the_door_answers_a_stranger(rig: DeskRig, figure: Figure) -> None:
    answered = set()
    for route in API_ROUTES:
        path = route.path.replace("{number}", "T20261123-0001").replace("{", "").replace("}", "")
        async with rig.client.request(
            route.method, f"/api/v1{path}", json={}, allow_redirects=False
        ) as answer:
            if answer.status not in (401, 403):
                answered.add(f"{route.method} {route.path}")
            assert answer.status < 500
    assert answered - OPEN == set()
    assert {f"{one.method} {one.path}" for one in API_ROUTES if one.action is None} == OPEN
    figure("routes tried without a session", len(API_ROUTES))


async def test_row_26_there_is_no_account_to_begin_with_and_setup_needs_its_link(rig: DeskRig) -> None:
    for login in ("admin", "root", "administrator", "gateway", "demo"):
        for password in ("admin", "password", "123456", "gateway", login):
            body = {"login": login, "password": password}
            headers = {"X-Forwarded-For": f"10.1.{len(login)}.{len(password)}"}
            async with rig.client.post("/api/v1/session", json=body, headers=headers) as answer:
                assert answer.status in (401, 429)
    form = {"token": "0" * 64, "login": "root", "name": "x", "number": "1", "password": PASSWORD}
    async with rig.client.post("/api/v1/setup", json=form) as answer:
        assert answer.status == 400


async def test_row_31_a_stolen_password_opens_no_route_at_all(rig: DeskRig, figure: Figure) -> None:
    await rig.agent("supervisor", password=True)
    https = {
        "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.shop.example",
    }  # fmt: skip
    body = {"login": "a1001", "password": PASSWORD}
    async with rig.client.post("/api/v1/session", json=body, headers=https) as answer:
        csrf, cookie = (await answer.json())["csrf"], answer.headers["Set-Cookie"].partition(";")[0]
    headers = https | {"Cookie": cookie, "X-CSRF-Token": csrf}
    opened = set()
    for route in API_ROUTES:
        if route.action is None or (route.method, route.path) == ("DELETE", "/session"):
            continue
        path = route.path.replace("{number}", "T20261123-0001").replace("{", "").replace("}", "")
        async with rig.client.request(route.method, f"/api/v1{path}", json={}, headers=headers) as answer:
            if answer.status not in (401, 403):
                opened.add(f"{route.method} {route.path}")
    setting_up = {
        "/me",
        "/session/later",
        *(one.path for one in API_ROUTES if one.path.startswith("/me/factors")),
    }
    assert {one.partition(" ")[2] for one in opened} <= setting_up
    figure("routes that a password alone opens, of all", f"{len(opened)} of {len(API_ROUTES)}")


async def test_row_31_a_session_that_is_let_lie_is_over(rig: DeskRig) -> None:
    seat = await rig.seat()
    await rig.clock.advance(timedelta(minutes=29))
    assert (await seat.get("/tickets")).status == 200
    await rig.clock.advance(timedelta(minutes=31))
    assert (await seat.get("/tickets")).status == 401


async def test_row_31_nobody_makes_a_token_that_reads_what_they_may_not(rig: DeskRig) -> None:
    admin = await rig.seat("admin", "1")
    for role in (Role.AGENT, Role.SUPERVISOR):
        answer = await admin.post("/tokens", {"name": "x", "role": role, "actions": [Action.SEE_TICKETS]})
        assert (answer.status, (await answer.json())["code"]) == (403, "not_grantable")


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password2026!", "P@ssw0rd1234", "123456789012", "qwertyuiop12", "1q2w3e4r5t6y",
        "iloveyou2024", "admin123admin", "welcome12345", "abcdefghijkl", "111111111111", "gateway12345",
        "woaini520520", "Shanghai2026", "qazwsxedcrfv", "letmeinletmein", "asdfghjkl123", "monkey123456",
        "IntakeGateway1", "zaq12wsxcde3",
    ],
)  # fmt: skip
def test_row_26_what_everybody_tries_first_is_no_password(password: str) -> None:
    assert is_plain(password, "li", "李")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "correct horse battery staple",
        "小明昨天在河边钓了三条鱼呢",
        "vK3#tq9!LmZ2xw",
        "tief-im-Wald-steht-ein-Haus",
    ],
)
def test_row_26_and_a_few_unrelated_words_are_one(password: str) -> None:
    assert not is_plain(password, "li", "李")
