"""One's own account and other people's: password, browsers, letters, programs' tokens; what ends, ends at once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import hdrs
from sqlalchemy import select

from gateway.desk.post import Letter
from gateway.desk.rights import Role
from gateway.domain.account_rules import AccountRules
from gateway.store import tables as t
from gateway.web.api import models_access as ma
from tests.integration.test_second_factor import HTTPS, Hand
from tests.servers.desk import LOOPBACK, PASSWORD, DeskRig, Seat, Stream, running_desk

NEW = "vier-blaue-Hunde-im-Nebel"


class Letters:
    """Who keeps letters instead of sending them."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []

    def can_send(self) -> bool:
        return True

    async def send(self, letter: Letter) -> bool:
        self.sent.append(letter)
        return True


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    rules = AccountRules(second_factor=False, password_max_age=timedelta(days=180))
    async with running_desk(tmp_path, accounts=rules, trusted_proxies=LOOPBACK, post=Letters()) as running:
        yield running


async def with_password(rig: DeskRig, number: str = "1001", mail: str = "li@shop.example") -> Hand:
    """Somebody signed in with a password."""
    agent = await rig.agent(number=number, password=True)
    await rig.database.write(
        lambda tx: tx.execute(t.agent.update().where(t.agent.c.id == agent.id).values(mail=mail)) and None
    )
    hand = Hand(rig, HTTPS | {hdrs.USER_AGENT: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    await hand.sign_in(f"a{number}")
    return hand


async def test_changing_the_password_takes_the_present_one_and_ends_every_other_session(rig: DeskRig) -> None:
    hand, other = await with_password(rig), Hand(rig, HTTPS)
    await other.sign_in()
    for present, wanted, code in (
        ("wrong", NEW, "bad_proof"),
        (PASSWORD, PASSWORD, "same_password"),
        (PASSWORD, "password1234", "weak_password"),
    ):
        change = {"present": present, "wanted": wanted}
        assert (await hand.ask("PUT", "/me/password", change, 400))["code"] == code
    await hand.ask("PUT", "/me/password", {"present": PASSWORD, "wanted": NEW})
    await hand.ask("GET", "/me")
    await other.ask("GET", "/me", status=401)
    await other.ask("POST", "/session", {"login": "a1001", "password": PASSWORD}, 401)
    await other.sign_in(password=NEW)


async def test_a_password_is_reminded_of_and_past_its_age_must_be_changed_first(rig: DeskRig) -> None:
    hand = await with_password(rig)
    assert (await hand.ask("GET", "/me"))["password_is_due"] is False
    rig.clock.jump(timedelta(days=91))
    me = await hand.sign_in()
    assert (me["stage"], me["password_is_due"]) == ("in", True)
    account = ma.Account.model_validate(await hand.ask("GET", "/me/account"))
    assert (account.password.age_days, account.password.is_due, account.password.max_age_days) == (
        91,
        True,
        180,
    )
    rig.clock.jump(timedelta(days=90))
    assert (await hand.sign_in())["stage"] == "password"
    assert (await hand.ask("GET", "/tickets", status=403))["code"] == "factor_wanted"
    change = {"present": PASSWORD, "wanted": NEW}
    assert (await hand.ask("POST", "/session/password", change))["stage"] == "in"
    await hand.ask("GET", "/tickets")


async def test_browsers_are_listed_with_part_of_their_address_and_signed_out_one_by_one(rig: DeskRig) -> None:
    hand, other = await with_password(rig), Hand(rig, HTTPS | {"X-Forwarded-For": "198.51.100.7"})
    await other.sign_in()
    account = ma.Account.model_validate(await hand.ask("GET", "/me/account"))
    shown = {one.address: one for one in account.sessions}
    stored = select(t.session.c.address)
    kept = await rig.database.read(lambda tx: set(tx.execute(stored).scalars()))
    assert kept == set(shown), "no more is stored than is shown"
    assert shown.keys() == {"203.0.*.*", "198.51.*.*"}
    assert shown["203.0.*.*"].browser == "Firefox, Linux"
    assert shown["203.0.*.*"].is_this
    await hand.ask("DELETE", f"/me/sessions/{shown['198.51.*.*'].id}", status=204)
    await other.ask("GET", "/me", status=401)
    stranger = await with_password(rig, "1002")
    await stranger.ask("DELETE", f"/me/sessions/{shown['203.0.*.*'].id}", status=404)
    await hand.ask("GET", "/me")


async def test_a_new_browser_is_told_of_by_mail_and_a_known_one_is_not(rig: DeskRig) -> None:
    post: Any = rig.world.post
    hand = await with_password(rig)
    assert post.sent == []  # the first one of all is nobody's news
    await hand.sign_in()
    assert post.sent == []
    await Hand(rig, HTTPS | {hdrs.USER_AGENT: "Mozilla/5.0 (iPhone) Safari/605"}).sign_in()
    await rig.clock.advance(timedelta(0))
    (letter,) = post.sent
    assert letter.to == "li@shop.example"
    assert "Safari, iPhone" in letter.text


async def test_strangers_who_guess_do_not_keep_a_known_browser_out(rig: DeskRig) -> None:
    hand = await with_password(rig)
    for n in range(12):
        stranger = Hand(rig, HTTPS | {"X-Forwarded-For": f"192.0.2.{n}"})
        await stranger.ask("POST", "/session", {"login": "a1001", "password": "x"}, 401 if n < 10 else 429)
    new = Hand(rig, HTTPS | {"X-Forwarded-For": "192.0.2.99"})
    await new.ask("POST", "/session", {"login": "a1001", "password": PASSWORD}, 429)
    await hand.sign_in()


async def watching(seat: Seat, rig: DeskRig) -> tuple[Any, Stream]:
    answer = await seat.get("/events")
    stream = Stream(answer, rig.clock)
    await stream.next()
    return answer, stream


@pytest.mark.parametrize("act", ["roles", "disable", "sign out", "token"])
async def test_what_is_taken_away_ends_its_streams_at_once(rig: DeskRig, act: str) -> None:
    admin, seat = await rig.seat("admin", "1"), await rig.seat("supervisor", "1001")
    if act == "token":
        made = await (await admin.post("/tokens", {"name": "board", "role": "auditor"})).json()
        answer = await rig.client.get("/api/v1/events", headers={"Authorization": f"Bearer {made['token']}"})
        assert answer.status == 403  # figures, no tickets: nothing to watch
        ended = await admin.client.delete(
            f"/api/v1/tokens/{made['made']['id']}", headers={"X-CSRF-Token": admin.csrf}
        )
        assert ended.status == 204
        bearer = {"Authorization": f"Bearer {made['token']}"}
        assert (await rig.client.get("/api/v1/me", headers=bearer)).status == 401
        return
    _, stream = await watching(seat, rig)
    if act == "roles":
        await admin.client.patch(
            "/api/v1/accounts/1001", json={"roles": ["agent"]}, headers={"X-CSRF-Token": admin.csrf}
        )
    elif act == "disable":
        assert (await admin.post("/accounts/1001/disable", {})).status == 200
    else:
        assert await (await admin.post("/accounts/1001/sign-out", {})).json() == {"ended": 1}
    assert await stream.ended()


async def test_tokens_are_limited_listed_and_never_shown_again(rig: DeskRig) -> None:
    admin = await rig.seat("admin", "1")
    body = {"name": "figures", "role": "auditor", "actions": ["metrics.see"], "days": 7}
    made = ma.TokenMade.model_validate(await (await admin.post("/tokens", body)).json())
    bearer = {"Authorization": f"Bearer {made.token}"}
    for path, status in (("/reports/triage", 200), ("/reports/causes", 403), ("/knowledge/entries", 403)):
        assert (await rig.client.get(f"/api/v1{path}", headers=bearer)).status == status
    listed = ma.Tokens.model_validate(await (await admin.get("/tokens")).json())
    (one,) = listed.tokens
    assert (one.name, one.actions, one.made_by) == ("figures", ["metrics.see"], "agent:1")
    assert one.used_at == rig.clock.now()
    assert made.token not in await (await admin.get("/tokens")).text()
    wrong = await admin.post("/tokens", body | {"actions": ["accounts.change", "tickets.see"]})
    assert wrong.status == 400
    await rig.clock.advance(timedelta(days=7))
    assert (await rig.client.get("/api/v1/me", headers=bearer)).status == 401


async def test_an_administrator_invites_and_never_sees_the_link(rig: DeskRig) -> None:
    admin, post = await rig.seat("admin", "1"), rig.world.post
    new = {"login": "he@shop.example", "number": "7", "name": "何", "roles": ["agent", "editor"]}
    answer = await admin.post("/accounts", new)
    body = await answer.text()
    await rig.clock.advance(timedelta(0))
    assert isinstance(post, Letters)
    link = next(word for word in post.sent[0].text.split() if "/desk/invite#" in word)
    assert link.partition("#")[2] not in body
    token = {"token": link.partition("#")[2], "purpose": "invite"}
    hand = Hand(rig, HTTPS)
    assert (await hand.ask("POST", "/links", token)) == {"login": "he@shop.example", "name": "何"}
    await hand.ask("POST", "/links/password", token | {"password": NEW})
    me = await hand.sign_in("he@shop.example", NEW)
    assert sorted(me["agent"]["roles"]) == [Role.AGENT, Role.EDITOR]


async def test_every_step_is_in_the_audit_without_a_word_of_what_was_typed(rig: DeskRig) -> None:
    hand = await with_password(rig)
    await hand.ask("POST", "/session", {"login": "a1001", "password": "a secret word"}, 401)
    await hand.ask("POST", "/session", {"login": "hunter2-typed-here", "password": "x"}, 401)
    await hand.ask("PUT", "/me/password", {"present": PASSWORD, "wanted": NEW})
    rows = await rig.database.read(lambda tx: tx.execute(t.audit.select()).all())
    acts = [(row.act, row.outcome, row.actor, row.about) for row in rows]
    assert ("sign_in", "done", "agent:1001", None) in acts
    assert ("sign_in", "refused", "nobody", "agent:1001") in acts
    assert ("password.set", "done", "agent:1001", "agent:1001") in acts
    assert not any(word in str(rows) for word in ("secret word", "hunter2", PASSWORD, NEW))
