"""The second factor: set up, shown, put off, lost; and what a session that is not whole opens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from gateway.desk.post import Letter
from gateway.domain.account_rules import AccountRules
from gateway.store import accounts, staff
from gateway.store import tables as t
from gateway.web.api import models as m
from gateway.web.api import models_access as ma
from tests.servers.desk import LOOPBACK, PASSWORD, Client, DeskRig, Seat, running_desk
from tests.servers.passkey import PRESENT, Authenticator

HTTPS = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "help.shop.example",
}
STEP = timedelta(seconds=30)


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
    async with running_desk(
        tmp_path, accounts=AccountRules(), trusted_proxies=LOOPBACK, post=Letters()
    ) as running:
        yield running


class Hand:
    """Somebody at a browser, from the sign-in form on."""

    def __init__(self, rig: DeskRig, headers: dict[str, str] | None = None) -> None:
        assert isinstance(rig.client.server, TestServer)
        client: Client = TestClient(rig.client.server, cookie_jar=DummyCookieJar())
        rig.clients.append(client)
        self.client, self.headers, self.csrf = client, headers or {}, ""
        self.cookies: dict[str, str] = {}  # kept by hand: the line is not really https

    async def ask(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items() if value)
        headers = self.headers | {"X-CSRF-Token": self.csrf, "Cookie": kept}
        async with self.client.request(method, f"/api/v1{path}", json=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status, f"{method} {path}: {answer.status} {text}"
            found = await answer.json() if text else None
            for line in answer.headers.getall("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value.strip('"')
        if isinstance(found, dict) and (found.get("csrf") or (found.get("me") or {}).get("csrf")):
            self.csrf = found.get("csrf") or found["me"]["csrf"]
        return found

    async def sign_in(self, login: str = "a1001", password: str = PASSWORD) -> Any:
        return await self.ask("POST", "/session", {"login": login, "password": password})

    async def enrol(self, clock: Any) -> tuple[pyotp.TOTP, list[str]]:
        """Set an authenticator app up."""
        begun = await self.ask("POST", "/me/factors/totp", {"name": "phone"}, 201)
        totp = pyotp.TOTP(begun["secret"])
        made = await self.ask("POST", "/me/factors/totp/confirm", {"code": totp.at(clock.now())}, 201)
        return totp, made["codes"]


async def test_without_a_factor_one_can_set_one_up_and_nothing_else(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    me = m.Me.model_validate(await hand.sign_in())
    assert (me.stage, me.rights, me.may_put_off) == ("enrol", [], False)
    for method, path in (("GET", "/tickets"), ("GET", "/events"), ("GET", "/me/account"), ("GET", "/agents")):
        assert (await hand.ask(method, path, status=403))["code"] == "factor_wanted"
    assert (await hand.ask("POST", "/session/later", {}, 400))["code"] == "factor_wanted"
    begun = ma.TotpBegun.model_validate(await hand.ask("POST", "/me/factors/totp", {"name": "phone"}, 201))
    assert begun.address.startswith("otpauth://totp/")
    assert set(begun.path) <= set("Mhvz0123456789 -")
    assert (await hand.ask("POST", "/me/factors/totp/confirm", {"code": "000000"}, 400))[
        "code"
    ] == "bad_proof"
    code = pyotp.TOTP(begun.secret).at(rig.clock.now())
    made = ma.FactorMade.model_validate(
        await hand.ask("POST", "/me/factors/totp/confirm", {"code": code}, 201)
    )
    assert made.me is not None
    assert made.me.stage == "in"
    assert len(set(made.codes)) == 10
    await hand.ask("GET", "/tickets")


async def test_on_the_gateways_own_machine_it_may_be_put_off(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig)
    assert (await hand.sign_in())["may_put_off"] is True
    assert (await hand.ask("POST", "/session/later", {}))["stage"] == "in"
    await hand.ask("GET", "/tickets")
    await hand.sign_in()
    assert (await hand.ask("GET", "/me"))["stage"] == "enrol"  # asked again the next time


async def test_the_password_alone_opens_nothing_and_a_code_works_once(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    totp, _ = await hand.enrol(rig.clock)
    await hand.ask("DELETE", "/session", status=204)
    me = await hand.sign_in()
    assert (me["stage"], me["factors"], me["rights"]) == ("second", ["totp"], [])
    assert (await hand.ask("GET", "/tickets", status=403))["code"] == "factor_wanted"
    # The code that set it up is used already; so is one of a step before.
    used = totp.at(rig.clock.now())
    assert (await hand.ask("POST", "/session/second", {"code": used}, 400))["code"] == "bad_proof"
    await rig.clock.advance(STEP)
    code = totp.at(rig.clock.now())
    assert (await hand.ask("POST", "/session/second", {"code": f"{code[:3]} {code[3:]}"}))["stage"] == "in"
    await hand.ask("DELETE", "/session", status=204)
    await hand.sign_in()
    assert (await hand.ask("POST", "/session/second", {"code": code}, 400))["code"] == "bad_proof"


async def test_second_factors_cannot_be_guessed_through(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    totp, _ = await hand.enrol(rig.clock)
    await rig.clock.advance(STEP * 4)
    await hand.ask("DELETE", "/session", status=204)
    await hand.sign_in()
    wrong = str((int(totp.at(rig.clock.now())) + 1) % 10**6).zfill(6)
    for _ in range(5):
        await hand.ask("POST", "/session/second", {"code": wrong}, 400)
    right = totp.at(rig.clock.now())
    assert (await hand.ask("POST", "/session/second", {"code": right}, 429))["code"] == "too_many"
    await hand.sign_in()  # a new sign-in does not help
    await hand.ask("POST", "/session/second", {"code": right}, 429)


async def test_a_recovery_code_works_once_and_new_ones_void_the_old(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    totp, codes = await hand.enrol(rig.clock)
    for code, status in ((codes[0].lower().replace("-", " "), 200), (codes[0], 400), (codes[1], 200)):
        await hand.sign_in()
        await hand.ask("POST", "/session/second", {"code": code}, status)
    account = ma.Account.model_validate(await hand.ask("GET", "/me/account"))
    assert account.recovery_codes == 8
    await rig.clock.advance(STEP)
    await hand.ask("POST", "/session/proof", {"code": totp.at(rig.clock.now())})
    new = (await hand.ask("POST", "/me/recovery-codes", {}, 201))["codes"]
    await hand.sign_in()
    await hand.ask("POST", "/session/second", {"code": codes[2]}, 400)
    await hand.ask("POST", "/session/second", {"code": new[0]})


async def test_secrets_of_authenticators_and_codes_are_not_in_the_tables(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    totp, codes = await hand.enrol(rig.clock)
    stored = await rig.database.read(lambda tx: tx.execute(select(t.factor.c.secret)).scalars().all())
    hashes = await rig.database.read(
        lambda tx: tx.execute(select(t.recovery_code.c.code_hash)).scalars().all()
    )
    assert all(str(one).startswith("v1.") and totp.secret not in str(one) for one in stored)
    assert not {code.replace("-", "") for code in codes} & set(hashes)
    assert len(hashes) == 10


async def passkey_of(hand: Hand) -> Authenticator:
    """Make a passkey."""
    asked = await hand.ask("POST", "/me/factors/passkey/options", {})
    authenticator = Authenticator(origin="https://help.shop.example")
    assert asked["options"]["rp"]["id"] == "help.shop.example"
    assert asked["options"]["authenticatorSelection"]["userVerification"] == "required"
    answer = {"flow": asked["flow"], "credential": authenticator.make(asked["options"]), "name": "laptop"}
    made = await hand.ask("POST", "/me/factors/passkey", answer, 201)
    assert len(made["codes"]) == 10
    return authenticator


async def shown(hand: Hand, authenticator: Authenticator, site: str = "") -> dict[str, Any]:
    asked = await hand.ask("POST", "/session/passkey/options", {})
    return {"flow": asked["flow"], "credential": authenticator.show(asked["options"], site)}


async def test_a_passkey_is_a_second_factor_and_a_sign_in_of_its_own(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    authenticator = await passkey_of(hand)
    assert (await hand.ask("GET", "/me"))["stage"] == "in"
    assert (await hand.sign_in())["factors"] == ["passkey"]
    assert (await hand.ask("POST", "/session/second", await shown(hand, authenticator)))["stage"] == "in"
    await hand.ask("DELETE", "/session", status=204)
    me = await hand.ask("POST", "/session/passkey", await shown(hand, authenticator))
    assert (me["stage"], me["agent"]["number"]) == ("in", "1001")
    await hand.ask("GET", "/tickets")


@pytest.mark.parametrize(
    "wrong", ["replayed", "elsewhere", "no finger", "stranger", "cloned", "other flow", "empty"]
)
async def test_a_passkey_that_does_not_hold_opens_nothing(rig: DeskRig, wrong: str) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    authenticator = await passkey_of(hand)
    await hand.ask("DELETE", "/session", status=204)
    answer = await shown(hand, authenticator)
    if wrong == "replayed":
        await hand.ask("POST", "/session/passkey", answer)
        await hand.ask("DELETE", "/session", status=204)
    elif wrong == "elsewhere":
        authenticator.origin = "https://help.shop.example.evil.example"
        answer = await shown(hand, authenticator)
    elif wrong == "no finger":
        authenticator.flags = PRESENT
        answer = await shown(hand, authenticator)
    elif wrong == "stranger":
        stranger = Authenticator(origin=authenticator.origin, id=authenticator.id, user=authenticator.user)
        answer = await shown(hand, stranger)
    elif wrong == "cloned":
        authenticator.count = 6
        await hand.ask("POST", "/session/passkey", await shown(hand, authenticator))
        await hand.ask("DELETE", "/session", status=204)
        authenticator.count = 3
        answer = await shown(hand, authenticator)
    elif wrong == "other flow":
        other = await hand.ask("POST", "/session/passkey/options", {})
        answer["flow"] = other["flow"]
    else:
        answer["credential"] = {"id": answer["credential"]["id"], "response": {}}
    assert (await hand.ask("POST", "/session/passkey", answer, 401))["code"] == "bad_login"
    await hand.ask("GET", "/tickets", status=401)


async def test_passkeys_are_not_offered_for_an_address_in_figures(rig: DeskRig) -> None:
    seat = await rig.seat()
    assert (await (await seat.get("/session/ways")).json())["passkey"] is False
    answer = await seat.post("/me/factors/passkey/options", {})
    assert (answer.status, (await answer.json())["code"]) == (409, "no_passkeys")


async def test_what_matters_asks_for_a_fresh_proof_and_the_session_gets_a_new_id(rig: DeskRig) -> None:
    seat = await rig.seat("admin")
    await rig.clock.advance(timedelta(minutes=6))
    new = {"login": "li", "number": "1002", "name": "李", "roles": ["agent"]}
    refused = await seat.post("/accounts", new)
    assert (refused.status, (await refused.json())["code"]) == (403, "proof_wanted")
    stored = accounts_password()
    await rig.database.write(lambda tx: accounts.set_password(tx, seat.agent.id, stored, rig.clock.now()))
    wrong = await seat.post("/session/proof", {"password": "wrong"})
    assert (wrong.status, (await wrong.json())["code"]) == (400, "bad_proof")
    right = await seat.post("/session/proof", {"password": PASSWORD})
    assert right.status == 200
    assert f"sid={seat.token}" not in right.headers["Set-Cookie"]
    assert (await seat.post("/accounts", new)).status == 201
    old = {"Cookie": f"sid={seat.token}"}
    async with rig.client.get("/api/v1/me", headers=old) as answer:
        assert answer.status == 401


async def test_where_there_is_a_second_factor_the_password_proves_nothing(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    totp, codes = await hand.enrol(rig.clock)
    await rig.clock.advance(timedelta(minutes=6))
    await hand.ask("POST", "/me/recovery-codes", {}, 403)
    await hand.ask("POST", "/session/proof", {"password": PASSWORD}, 400)
    await hand.ask("POST", "/session/proof", {"code": codes[0]}, 400)
    await hand.ask("POST", "/session/proof", {"code": totp.at(rig.clock.now())})
    await hand.ask("POST", "/me/recovery-codes", {}, 201)


async def test_the_last_factor_stays_where_one_is_required(rig: DeskRig) -> None:
    await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    await hand.enrol(rig.clock)
    (factor,) = (await hand.ask("GET", "/me/account"))["factors"]
    assert (await hand.ask("DELETE", f"/me/factors/{factor['id']}", status=400))["code"] == "last_factor"
    await rig.clock.advance(STEP)
    begun = await hand.ask("POST", "/me/factors/totp", {"name": "second"}, 201)
    code = pyotp.TOTP(begun["secret"]).at(rig.clock.now())
    assert (await hand.ask("POST", "/me/factors/totp/confirm", {"code": code}, 201))["codes"] == []
    await hand.ask("DELETE", f"/me/factors/{factor['id']}", status=204)
    await hand.ask("DELETE", f"/me/factors/{factor['id']}", status=404)


async def test_lost_factors_are_reset_by_two_administrators(rig: DeskRig) -> None:
    first, second = await rig.seat("admin", "1"), await rig.seat("admin", "2")
    agent = await rig.agent(password=True)
    hand = Hand(rig, HTTPS)
    await hand.sign_in()
    await hand.enrol(rig.clock)

    async def decide(seat: Seat, wish: int, approve: bool = True) -> tuple[int, Any]:
        answer = await seat.post(f"/factor-resets/{wish}", {"approve": approve})
        return answer.status, await answer.json()

    own = await first.post("/accounts/1/factors/reset", {"reason": "my own telephone"})
    assert (await own.json())["code"] == "no_self_approval"
    asked = await first.post("/accounts/1001/factors/reset", {"reason": "lost telephone"})
    assert (await asked.json())["reset_asked"] is True
    seen = ma.Accounts.model_validate(await (await second.get("/accounts")).json())
    (wish,) = seen.resets
    assert (wish.number, wish.asked_by, wish.is_mine) == ("1001", "1", False)
    assert (await decide(first, wish.id))[1]["code"] == "no_self_approval"
    await hand.ask("GET", "/tickets")  # nothing has happened yet
    status, face = await decide(second, wish.id)
    assert (status, face["factors"], face["reset_asked"]) == (200, [], False)
    assert (await decide(second, wish.id))[0] == 404
    await hand.ask("GET", "/tickets", status=401)
    assert (await hand.sign_in())["stage"] == "enrol"
    assert agent.id == 3


async def test_new_roles_and_shutting_out_end_everything_at_once(rig: DeskRig) -> None:
    admin, seat = await rig.seat("admin", "1"), await rig.seat("agent", "1001")
    changed = await admin.client.patch(
        "/api/v1/accounts/1001", json={"roles": ["agent", "editor"]}, headers={"X-CSRF-Token": admin.csrf}
    )
    assert (await changed.json())["roles"] == ["agent", "editor"]
    assert (await seat.get("/me")).status == 401
    own = await admin.client.patch(
        "/api/v1/accounts/1", json={"roles": ["admin", "supervisor"]}, headers={"X-CSRF-Token": admin.csrf}
    )
    assert (own.status, (await own.json())["code"]) == (403, "not_grantable")
    refused = await admin.post("/accounts/1/disable", {})
    assert (await refused.json())["code"] == "last_admin"
    assert (await admin.post("/accounts/1001/disable", {})).status == 200
    assert (await (await admin.post("/accounts/1001/enable", {})).json())["disabled_at"] is None
    found = await rig.database.read(lambda tx: staff.find_any(tx, "1001"))
    assert found is not None
    assert found.roles == ("agent", "editor")


def accounts_password() -> str:
    from gateway.desk.passwords import Passwords

    return Passwords().hash_now(PASSWORD)
