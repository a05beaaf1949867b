"""Proof 12: thirty mutations of a site's token, its replay, and every way in: none changes who somebody is."""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.acceptance.shop import MONDAY, Shop, Visitor
from tests.security.conftest import Figure
from tests.verifying import ORDER, OTHER, open_verifying_shop, settled

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*RFC 9864", "ignore:.*none.*", "ignore::joserfc.errors.SecurityWarning"
)

SITE = OKPKey.generate_key("Ed25519", parameters={"kid": "k1"})
ELLIPTIC = ECKey.generate_key("P-256", parameters={"kid": "k2"})
STRANGER = OKPKey.generate_key("Ed25519", parameters={"kid": "k1"})
ISSUER, AUDIENCE = "https://shop.example", "intake-gateway"
L2 = {"details.md": "---\nquestion: 我的发票抬头是什么？\nlevel: L2\n---\n发票抬头见订单详情。\n"}


def claims(now: datetime = MONDAY, **changes: Any) -> dict[str, Any]:
    """What a good token says; None takes a claim out."""
    at = int(now.timestamp())
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "cust-1",
        "iat": at,
        "exp": at + 300,
        "jti": f"token-{base64.b32encode(json.dumps(changes, default=str).encode()).decode()[:40]}-{at}",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def token(body: dict[str, Any], key: Any = SITE, **header: Any) -> str:
    """Sign ``body``."""
    head = {"alg": "EdDSA", "kid": "k1"} | header
    return jwt.encode(head, body, key, algorithms=[head["alg"]])


def unsigned(header: dict[str, Any], body: dict[str, Any], signature: bytes = b"") -> str:
    """Put a token together by hand."""
    parts = (json.dumps(header).encode(), json.dumps(body).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def tampered(good: str, **changes: Any) -> str:
    """Change claims under a signature that was right."""
    head, body, signature = good.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(said | changes).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


def _header_of(**header: Any) -> str:
    """Sign rightly under a header the library itself would not write."""
    start = unsigned({"alg": "EdDSA", "kid": "k1", **header}, claims()).rpartition(".")[0]
    private: Any = SITE.private_key
    return f"{start}.{base64.urlsafe_b64encode(private.sign(start.encode())).rstrip(b'=').decode()}"


def shared_secret(secret: bytes) -> str:
    """Sign with a secret that everybody knows: the public key."""
    start = unsigned({"alg": "HS256", "kid": "k1"}, claims()).rpartition(".")[0]
    mac = hmac.digest(secret, start.encode(), "sha256")
    return f"{start}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


AT = int(MONDAY.timestamp())
PUBLIC_PEM = SITE.as_pem(private=False)
MUTATIONS: dict[str, Callable[[], object]] = {
    "nothing": lambda: "",
    "a number": lambda: 7,
    "null": lambda: None,
    "a list": lambda: ["x"],
    "words": lambda: "not.a.token",
    "two parts": lambda: token(claims()).rpartition(".")[0],
    "alg none": lambda: unsigned({"alg": "none", "kid": "k1"}, claims()),
    "alg None": lambda: unsigned({"alg": "None", "kid": "k1", "typ": "JWT"}, claims(), b"x"),
    "HS256 with the public key": lambda: shared_secret(PUBLIC_PEM),
    "HS256 with an empty key": lambda: unsigned({"alg": "HS256", "kid": "k1"}, claims(), b"\0" * 32),
    "RS256": lambda: jwt.encode(
        {"alg": "RS256", "kid": "k1"}, claims(), RSAKey.generate_key(2048), algorithms=["RS256"]
    ),
    "another key under our kid": lambda: token(claims(), STRANGER),
    "another key's algorithm": lambda: token(claims(), ELLIPTIC, alg="ES256", kid="k1"),
    "an unknown kid": lambda: token(claims(), kid="k9"),
    "no kid": lambda: unsigned({"alg": "EdDSA"}, claims(), b"x" * 64),
    "a kid that is a path": lambda: token(claims(), kid="../../etc/passwd"),
    "a kid that is no text": lambda: unsigned({"alg": "EdDSA", "kid": ["k1"]}, claims(), b"x" * 64),
    "its own key in jwk": lambda: token(claims(), STRANGER, jwk=STRANGER.as_dict(private=False)),
    "its own address in jku": lambda: _stranger_with(jku="https://evil.example/keys"),
    "its own address in x5u": lambda: _stranger_with(x5u="https://evil.example/cert"),
    "a critical extension": lambda: _header_of(crit=["exp"], exp=AT + 300),
    "a changed subject": lambda: tampered(token(claims()), sub="cust-2"),
    "a changed end": lambda: tampered(token(claims()), exp=AT + 10_000),
    "a cut signature": lambda: token(claims())[:-4],
    "no end": lambda: token(claims(exp=None)),
    "a long life": lambda: token(claims(exp=AT + 3600)),
    "over": lambda: token(claims(iat=AT - 600, exp=AT - 300)),
    "an end that is text": lambda: token(claims(exp="tomorrow")),
    "no beginning": lambda: token(claims(iat=None)),
    "from the future": lambda: token(claims(iat=AT + 3600, exp=AT + 3700)),
    "another issuer": lambda: token(claims(iss="https://evil.example")),
    "no issuer": lambda: token(claims(iss=None)),
    "another audience": lambda: token(claims(aud="another-shop")),
    "no audience": lambda: token(claims(aud=None)),
    "no subject": lambda: token(claims(sub=None)),
    "an empty subject": lambda: token(claims(sub="  ")),
    "a subject of control signs": lambda: token(claims(sub="cust-1\0x")),
    "no jti": lambda: token(claims(jti=None)),
    "a short jti": lambda: token(claims(jti="1")),
    "signed in tomorrow": lambda: token(claims(auth_time=AT + 86_400)),
    "a kilobyte too much": lambda: token(claims(more="x" * 5000)),
}


def _stranger_with(**header: Any) -> str:
    from joserfc import jws

    registry = jws.JWSRegistry(algorithms=["EdDSA"], strict_check_header=False)
    body = json.dumps(claims()).encode()
    return jws.serialize_compact({"alg": "EdDSA", "kid": "k1", **header}, body, STRANGER, registry=registry)


@asynccontextmanager
async def site_shop(folder: Path, more: str = "") -> AsyncIterator[Shop]:
    """A shop whose site signs its visitors in."""
    keys = json.dumps(
        {"k1": PUBLIC_PEM.decode(), "k2": ELLIPTIC.as_pem(private=False).decode()}, ensure_ascii=False
    )
    table = ", ".join(f"{kid} = {json.dumps(pem)}" for kid, pem in json.loads(keys).items())
    config = f'site_issuer = "{ISSUER}"\nsite_audience = "{AUDIENCE}"\nsite_keys = {{ {table} }}\n{more}\n'
    async with open_verifying_shop(folder, config=config, entries=L2) as (shop, _):
        yield shop


async def vouched(shop: Shop, identity: object, visitor: Visitor | None = None) -> tuple[int, dict[str, Any]]:
    """Show a token, as somebody new or as a visitor there is."""
    path = "/chat/v1/identity" if visitor else "/chat/v1/visitors"
    headers = {"Authorization": f"Bearer {visitor.token}"} if visitor else {}
    async with shop.http.post(path, json={"identity": identity}, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_no_mutation_changes_who_somebody_is(tmp_path: Path, figure: Figure) -> None:
    async with site_shop(tmp_path) as shop:
        visitor = await shop.visitor()
        for name, made in MUTATIONS.items():
            bad = made()
            await shop.later(timedelta(seconds=1))  # one visitor may not ask faster
            for who in (None, visitor):
                status, body = await vouched(shop, bad, who)
                assert status in (401, 413, 422), f"{name}: {status} {body}"
        assert await shop.rows("proof") == []
        status, _ = await vouched(shop, token(claims()), visitor)
        assert status == 200, "and the very token unchanged is taken"
        figure("mutations of a token, none of them believed", len(MUTATIONS))
    assert len(MUTATIONS) >= 30


async def test_a_token_counts_once_and_everywhere(tmp_path: Path) -> None:
    async with site_shop(tmp_path) as shop:
        good = token(claims())
        visitor, other = await shop.visitor(), await shop.visitor()
        assert (await vouched(shop, good, visitor))[0] == 200
        for who in (visitor, other, None):
            assert (await vouched(shop, good, who))[0] == 401
        assert {row["thread_key"] for row in await shop.rows("proof")} == {
            (await shop.rows("proof"))[0]["thread_key"]
        }


async def test_no_other_door_takes_an_identity(tmp_path: Path) -> None:
    async with site_shop(tmp_path) as shop:
        visitor, good = await shop.visitor(), token(claims())
        headers = {"Authorization": f"Bearer {visitor.token}"}
        message = {"id": "m-identity-1", "text": "你好"}
        for extra in ({"identity": good}, {"customer": "cust-1"}, {"sub": "cust-1"}, {"level": "L3"}):
            async with shop.http.post("/chat/v1/messages", json=message | extra, headers=headers) as answer:
                assert answer.status == 422
            async with shop.http.post("/chat/v1/visitors", json=extra | {"name": "x"}) as answer:
                assert answer.status == 422
        async with shop.http.ws_connect("/chat/v1/socket") as socket:
            await socket.send_json({"type": "hello", "token": visitor.token, "since": 0, "identity": good})
            await socket.receive(timeout=5)
        assert await shop.rows("proof") == []


async def test_row_14_a_log_in_switch_begins_a_conversation_of_its_own(tmp_path: Path) -> None:
    async with site_shop(tmp_path) as shop:
        status, first = await vouched(shop, token(claims()))
        assert status == 201
        wang = Visitor(shop=shop, token=first["token"])
        assert "发票抬头见订单详情" in await wang.ask("我的发票抬头是什么？")
        status, same = await vouched(shop, token(claims(jti="another-1")), wang)
        assert (status, same["conversation"]) == (200, first["conversation"])
        status, second = await vouched(shop, token(claims(sub="cust-2", jti="another-2")), wang)
        assert status == 200
        assert second["conversation"] != first["conversation"], "two people never share a thread"
        lee = Visitor(shop=shop, token=second["token"])
        assert await lee.messages() == [], "nothing of the first one's is shown"
        rows = await shop.rows("proof")
        marks = {
            row["thread_key"]: {
                one["customer_mark"] for one in rows if one["thread_key"] == row["thread_key"]
            }
            for row in rows
        }
        assert all(len(each) == 1 for each in marks.values()), "no thread was ever two customers'"


async def test_row_14_unsigned_words_prove_nothing_and_a_site_may_insist(tmp_path: Path) -> None:
    async with site_shop(tmp_path, "require_identity = true") as shop:
        async with shop.http.post("/chat/v1/visitors", json={}) as answer:
            assert answer.status == 401
            assert (await answer.json())["code"] == "identity-required"
        assert (await vouched(shop, ""))[0] in (401, 422)
        status, _ = await vouched(shop, token(claims(), ELLIPTIC, alg="ES256", kid="k2"))
        assert status == 201, "either kind of key is taken"


@pytest.mark.parametrize(
    ("signed_in", "levels"),
    [(None, {"L2"}), (60, {"L2", "L3"}), (3600, {"L2"})],
    ids=["unknown", "now", "long ago"],
)
async def test_the_level_follows_from_when_they_signed_in(
    tmp_path: Path, signed_in: int | None, levels: set[str]
) -> None:
    async with site_shop(tmp_path) as shop:
        at = None if signed_in is None else AT - signed_in
        assert (await vouched(shop, token(claims(auth_time=at))))[0] == 201
        rows = await shop.rows("proof")
        assert {row["level"] for row in rows} == levels
        strong = [row for row in rows if row["level"] == "L3"]
        assert all(row["ends_at"] == MONDAY - timedelta(seconds=60) + timedelta(minutes=15) for row in strong)


async def test_row_39_the_library_is_never_asked_to_choose(tmp_path: Path) -> None:
    """Holes of JOSE libraries: alg none, a key in the header, HS with a public key, crit: each is among the mutations."""
    named = {
        "alg none",
        "its own key in jwk",
        "HS256 with the public key",
        "a critical extension",
        "a kid that is a path",
    }
    assert named <= MUTATIONS.keys()
    async with site_shop(tmp_path) as shop:
        for name in sorted(named):
            assert (await vouched(shop, MUTATIONS[name]()))[0] == 401, name
        assert await shop.rows("proof") == []


async def test_a_signed_in_customer_sees_their_own_orders_only(tmp_path: Path) -> None:
    async with site_shop(tmp_path) as shop:
        _, first = await vouched(shop, token(claims(sub="cust-2")))
        lee = Visitor(shop=shop, token=first["token"])
        said = await settled(shop, lee, f"请问订单号 {ORDER} 的快递到哪了？")
        assert "未能核对一致" in said, "somebody else's order looks like none"
        mine = await settled(shop, lee, f"请问订单号 {OTHER} 的快递到哪了？")
        assert OTHER in mine
        assert "已付款" in mine
