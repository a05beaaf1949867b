"""Row 15: nobody comes in by what a single sign-on says of them unless all of it is right."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from adapters.outgoing import Egress, Outgoing
from gateway.domain.account_rules import AccountRules, SignOnRules
from gateway.store import accounts
from gateway.store import tables as t
from tests.servers.desk import DeskRig, running_desk
from tests.servers.idp import CLIENT, SECRET, Provider, by_hand, unsigned

Figure = Callable[[str, object], None]
BEGIN, BACK = "/api/v1/session/sign-on", "/api/v1/session/sign-on/back"
MAIL = "li@shop.example"


@dataclass(kw_only=True)
class House:
    """A desk, its provider, and a browser without cookies of its own."""

    rig: DeskRig
    provider: Provider
    browser: Any

    async def begin(self) -> tuple[str, str]:
        """Go to the provider; return the address and the cookie to bring back."""
        async with self.browser.get(BEGIN, allow_redirects=False) as answer:
            assert answer.status == 303
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
            return answer.headers["Location"], cookie

    async def come_back(self, asked: dict[str, str], cookie: str) -> str:
        """Come back; return the session's cookie, or nothing."""
        async with self.browser.get(
            BACK, params=asked, headers={"Cookie": cookie}, allow_redirects=False
        ) as answer:
            assert answer.status == 303
            cookies = [line.partition(";")[0] for line in answer.headers.getall("Set-Cookie", [])]
            found = next((one for one in cookies if one.startswith("sid=") and len(one) > 10), "")
            wanted = "/desk" if found else "/desk?sign-on=refused"
            assert answer.headers["Location"] == wanted
            return found

    async def sign_in(self) -> str:
        """The whole round trip."""
        address, cookie = await self.begin()
        return await self.come_back(self.provider.agree(address), cookie)

    async def sessions(self) -> int:
        """How many sessions there are."""
        count = select(func.count()).select_from(t.session)
        return await self.rig.database.read(lambda tx: int(tx.execute(count).scalar_one()))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    times: list[Any] = []
    provider = Provider(now=lambda: times[0].now())
    server = TestServer(provider.app())
    await server.start_server()
    provider.issuer = f"http://127.0.0.1:{server.port}"
    sign_on = SignOnRules(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, label="SSO")
    outgoing = Outgoing(Egress(private_hosts=frozenset({f"127.0.0.1:{server.port}"})))
    rules = AccountRules(second_factor=False, sign_on=sign_on)
    async with running_desk(
        tmp_path, accounts=rules, outgoing=outgoing, local_url="http://127.0.0.1:1"
    ) as rig:
        times.append(rig.clock)
        assert isinstance(rig.client.server, TestServer)
        browser: Any = TestClient(rig.client.server, cookie_jar=DummyCookieJar())
        rig.clients.append(browser)
        now = rig.clock.now()
        await rig.database.write(
            lambda tx: accounts.add_agent(tx, MAIL, "1001", "李", "agent", "an old hash", now) and None
        )
        yield House(rig=rig, provider=provider, browser=browser)
    await outgoing.close()
    await server.close()


async def test_row_15_who_is_known_by_a_verified_address_is_linked_once_and_loses_the_password(
    house: House,
) -> None:
    assert await house.sign_in()
    password = await house.rig.database.read(lambda tx: tx.execute(select(t.agent.c.password)).scalar())
    assert password is None
    (form,) = house.provider.exchanged
    assert form["redirect_uri"] == f"http://127.0.0.1:1{BACK}"
    # From now on the subject is the person, whatever address it has.
    house.provider.mail = "other@shop.example"
    assert await house.sign_in()
    house.provider.subject, house.provider.mail = "somebody else", MAIL
    assert not await house.sign_in()


async def test_row_15_nobody_is_made_an_account(house: House) -> None:
    house.provider.mail = "stranger@shop.example"
    assert not await house.sign_in()
    assert len(await house.rig.database.read(accounts.list_agents)) == 1


async def test_row_15_who_was_shut_out_does_not_come_back_by_the_sign_on(house: House) -> None:
    assert await house.sign_in()
    now = house.rig.clock.now()
    await house.rig.agent("admin", "9")
    await house.rig.database.write(lambda tx: accounts.disable_agent(tx, MAIL, now) and None)
    assert not await house.sign_in()


async def test_row_15_two_people_with_one_address_are_nobody(house: House) -> None:
    now = house.rig.clock.now()
    await house.rig.database.write(
        lambda tx: accounts.add_agent(tx, "twin", "1002", "x", "admin", None, now, mail=MAIL.upper()) and None
    )
    assert not await house.sign_in()


def lies() -> dict[str, Callable[[dict[str, Any], dict[str, Any]], None]]:
    """Every way in which claims or header can be wrong, though the signature holds."""

    def put(**values: Any) -> Callable[[dict[str, Any], dict[str, Any]], None]:
        return lambda header, claims: claims.update(values)

    def drop(*names: str) -> Callable[[dict[str, Any], dict[str, Any]], None]:
        def without(header: dict[str, Any], claims: dict[str, Any]) -> None:
            for name in names:
                claims.pop(name)

        return without

    def later(name: str, seconds: int) -> Callable[[dict[str, Any], dict[str, Any]], None]:
        return lambda header, claims: claims.update({name: claims["iat"] + seconds})

    return {
        "another issuer": put(iss="https://evil.example"),
        "issuer with a slash more": lambda header, claims: claims.update(iss=claims["iss"] + "/"),
        "no issuer": drop("iss"),
        "for another client": put(aud="another-app"),
        "for another client in a list": put(aud=["another-app"]),
        "for several without azp": put(aud=[CLIENT, "another-app"]),
        "for several, asked by another": put(aud=[CLIENT, "another-app"], azp="another-app"),
        "asked by another": put(azp="another-app"),
        "no audience": drop("aud"),
        "over": later("exp", -1),
        "never over": drop("exp"),
        "over as a word": put(exp="tomorrow"),
        "over as a truth": put(exp=True),
        "made long ago": later("iat", -3600),
        "made tomorrow": later("iat", 86400),
        "no birth": drop("iat"),
        "not yet": later("nbf", 3600),
        "another nonce": put(nonce="0" * 64),
        "empty nonce": put(nonce=""),
        "no nonce": drop("nonce"),
        "nonce in a list": lambda header, claims: claims.update(nonce=[claims["nonce"]]),
        "address not verified": put(email_verified=False),
        "address verified as a word": put(email_verified="true"),
        "address verified as a number": put(email_verified=1),
        "nobody says it is verified": drop("email_verified"),
        "no subject": drop("sub"),
        "empty subject": put(sub=""),
        "subject in a list": put(sub=["subject-1001"]),
        "subject as a number": put(sub=1001),
        "endless subject": put(sub="s" * 300),
        "address in a list": put(email=[MAIL]),
        "address of nobody": put(email=""),
        "address with another behind": put(email=f"{MAIL},evil@evil.example"),
        "address with a wildcard": put(email="%@shop.example"),
        "a token of another kind": lambda header, claims: header.update(typ="at+jwt"),
    }


FORGERIES: dict[str, Callable[[Provider, dict[str, Any]], str]] = {
    "unsigned": unsigned,
    "unsigned, in capitals": lambda p, claims: by_hand({"alg": "NONE", "kid": "one"}, claims, b""),
    "by a stranger's key of the same name": lambda p, claims: p.sign(claims, key=p.other),
    "by a key that is not in the set": lambda p, claims: p.sign(claims, {"kid": "two"}, p.other),
    "by no named key": lambda p, claims: by_hand({"alg": "RS256"}, claims),
    "by the public key as a secret": lambda p, claims: p.sign(claims, {"alg": "HS256"}, p.as_secret()),
    "by an algorithm that was not agreed": lambda p, claims: p.sign(claims, {"alg": "RS512"}),
    "by the set's key for another algorithm": lambda p, claims: p.sign(
        claims, {"alg": "ES256", "kid": "ec"}, p.elliptic
    ),
    "by a key it brings along": lambda p, claims: p.sign(
        claims, {"jwk": p.other.as_dict(private=False)}, p.other
    ),
    "by a key it points to": lambda p, claims: p.sign(claims, {"jku": f"{p.issuer}/evil"}, p.other),
    "by a chain it points to": lambda p, claims: p.sign(claims, {"x5u": f"{p.issuer}/evil"}, p.other),
    "with a critical header": lambda p, claims: by_hand(
        {"alg": "RS256", "kid": "one", "crit": ["exp"]}, claims
    ),
    "with a path for a key's name": lambda p, claims: by_hand({"alg": "RS256", "kid": "../../one"}, claims),
    "with its last letter cut": lambda p, claims: p.sign(claims)[:-1],
    "with claims changed afterwards": lambda p, claims: _swapped(p, claims),
    "of five parts": lambda p, claims: p.sign(claims) + ".x.y",
    "of nothing": lambda p, claims: "",
}


def _swapped(provider: Provider, claims: dict[str, Any]) -> str:
    head, _, tail = provider.sign(claims | {"sub": "x"}).split(".")
    return f"{head}.{provider.sign(claims).split('.')[1]}.{tail}"


async def test_row_15_hostile_claims_sign_nobody_in(house: House, figure: Figure) -> None:
    surprises = []
    for name, lie in lies().items():
        house.provider.lie = lie
        if await house.sign_in():
            surprises.append(name)
    assert surprises == []
    assert await house.sessions() == 0
    house.provider.lie = lambda header, claims: None
    assert await house.sign_in(), "the same round trip without a lie must work, or nothing was tried"
    figure("hostile claim sets", len(lies()))


async def test_row_15_forged_tokens_sign_nobody_in(house: House, figure: Figure) -> None:
    surprises = []
    for name, forge in FORGERIES.items():
        house.provider.forge = forge
        if await house.sign_in():
            surprises.append(name)
        await house.rig.clock.advance(timedelta(minutes=2))
    assert surprises == []
    assert await house.sessions() == 0
    house.provider.forge = None
    assert await house.sign_in()
    figure("forged tokens", len(FORGERIES))


async def test_row_15_an_answer_counts_once_in_the_browser_that_asked(house: House) -> None:
    address, cookie = await house.begin()
    asked = house.provider.agree(address)
    stranger, theirs = await house.begin()
    for wrong, carried in (
        (asked, ""),  # a browser that never asked
        (asked, theirs),  # another's question: its state is another, and it is used up by it
        (asked | {"state": ""}, (await house.begin())[1]),
        (asked | {"iss": "https://evil.example"}, (await house.begin())[1]),
        ({"error": "access_denied", "state": asked["state"]}, (await house.begin())[1]),
    ):
        assert not await house.come_back(wrong, carried)
    assert parse_qs(urlsplit(stranger).query)["state"] != parse_qs(urlsplit(address).query)["state"]
    assert await house.come_back(asked, cookie)
    assert not await house.come_back(asked, cookie)  # used
    address, cookie = await house.begin()
    asked = house.provider.agree(address)
    await house.rig.clock.advance(timedelta(minutes=11))
    assert not await house.come_back(asked, cookie)  # too late


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "ftp://evil.example/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
async def test_row_15_a_provider_that_describes_itself_as_another_is_of_no_use(
    house: House, change: dict[str, Any]
) -> None:
    house.provider.describe = lambda description: description.update(change)
    async with house.browser.get(BEGIN, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/desk?sign-on=unavailable"


@pytest.mark.parametrize(
    "header", ["X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Auth-Request-Email", "X-On-Behalf-Of"]
)
async def test_row_15_no_header_of_a_proxy_signs_anybody_in(house: House, header: str) -> None:
    async with house.browser.get("/api/v1/me", headers={header: MAIL}) as answer:
        assert answer.status == 401
