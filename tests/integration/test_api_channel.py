"""The generic channel over HTTP: what an app may post, what it gets, and what reaches its webhook."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from adapters.api.adapter import ApiAdapter
from adapters.api.settings import ApiSettings
from adapters.contract import (
    BadCredentials,
    Choice,
    History,
    NotStored,
    OutboundAttachment,
    Refused,
    SendFailed,
)
from adapters.testing import FakeContext, an_outbound
from adapters.webhook_signing import headers, key_of
from tests.servers.shop_app import SECRET, TOKEN, Reply, ShopApp, post

OTHER = "whsec_" + base64.b64encode(b"the next secret of the test app!").decode()


@pytest.fixture
async def shop() -> AsyncIterator[ShopApp]:
    async with ShopApp() as app:
        yield app


@pytest.fixture
def context() -> FakeContext:
    return FakeContext("shop")


@pytest.fixture
async def adapter(shop: ShopApp, context: FakeContext) -> AsyncIterator[ApiAdapter]:
    settings = ApiSettings(
        token=SecretStr(TOKEN),
        webhook_url=shop.webhook_url,
        webhook_secret=SecretStr(SECRET),
        timeout=timedelta(seconds=0.3),
        max_text=100,
        max_attachments=2,
        max_attachment_bytes=1000,
    )
    adapter = ApiAdapter(settings, context)
    yield adapter
    await adapter.close()


@pytest.fixture
async def url(adapter: ApiAdapter) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(adapter.routes())
    async with TestServer(app) as server:
        yield str(server.make_url("/api/v1/channels/shop/messages"))


def a_message(**changes: Any) -> dict[str, Any]:
    """Return the JSON of an ordinary message."""
    return {"id": "m1", "thread": "t1", "from": {"id": "c1"}, "text": "你好"} | changes


async def test_the_same_message_again_gets_the_same_answer(url: str, context: FakeContext) -> None:
    first = await post(url, a_message())
    second = await post(url, a_message())
    assert (first[0], first[2]) == (second[0], second[2]) == (202, {"id": "m1", "seq": 1})
    assert len(context.delivered) == 1


async def test_another_message_under_a_used_id_is_a_conflict(url: str) -> None:
    await post(url, a_message())
    status, _, said = await post(url, a_message(text="别的"))
    assert (status, said["code"]) == (409, "id-taken")


async def test_what_cannot_be_stored_is_answered_503_and_may_come_again(
    url: str, context: FakeContext
) -> None:
    context.fail_next(NotStored("the disk is full"))
    status, headers, said = await post(url, a_message(), Accept_Language="en")
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "Send it again later" in said["title"]
    assert (await post(url, a_message()))[0] == 202


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "ünicode"])
async def test_a_wrong_token_stores_nothing(url: str, context: FakeContext, token: str) -> None:
    status, headers, said = await post(url, a_message(), token=token)
    assert (status, headers["WWW-Authenticate"], said["code"]) == (401, "Bearer", "bad-token")
    assert context.attempts == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"\\ud800"', b"\xff\xfe", b"[" * 5000])
async def test_what_is_no_json_object_is_answered_400(url: str, raw: bytes) -> None:
    status, _, said = await post(url, None, raw=raw)
    assert (status, said["code"]) == (400, "bad-json")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"id": ""}, "/id"),
        ({"id": 7}, "/id"),
        ({"thread": "t" * 201}, "/thread"),
        ({"from": {"id": "c1", "vip": True}}, "/from/vip"),
        ({"text": "a\x00b"}, "/text"),
        ({"attachments": [{"name": "a", "content": "?"}]}, "/attachments/0/content"),
        ({"surprise": 1}, "/surprise"),
    ],
)
async def test_a_malformed_message_is_told_where_but_not_repeated(
    url: str, context: FakeContext, changes: dict[str, Any], pointer: str
) -> None:
    status, _, said = await post(url, a_message(**changes))
    assert (status, said["code"]) == (422, "bad-message")
    assert [it["pointer"] for it in said["errors"]] == [pointer]
    assert context.attempts == []


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "长" * 101},
        {"text": "长" * 100_000},
        {"attachments": [{"name": "a", "content": "AAAA"}] * 3},
        {"attachments": [{"name": "a", "content": "AAAA" * 250}] * 2},
    ],
)
async def test_too_much_is_answered_413(url: str, context: FakeContext, changes: dict[str, Any]) -> None:
    status, _, said = await post(url, a_message(**changes))
    assert (status, said["code"]) == (413, "too-big")
    assert context.attempts == []


async def test_a_form_is_not_json(url: str) -> None:
    assert (await post(url, a_message(), Content_Type="application/x-www-form-urlencoded"))[0] == 415


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [("", "zh-CN"), ("en-GB,zh;q=0.5", "en"), ("fr, zh-TW;q=0.9", "zh-CN"), ("en;q=x", "zh-CN")],
)
async def test_refusals_speak_the_readers_language(url: str, accepted: str, lang: str) -> None:
    _, headers, _ = await post(url, a_message(), token="x", Accept_Language=accepted)
    assert headers["Content-Language"] == lang
    assert headers["Content-Type"] == "application/problem+json"


async def test_the_app_may_read_what_it_missed(url: str, context: FakeContext) -> None:
    await post(url, a_message())
    context.say("t1", "我来帮您。", author="agent", agent_name="小林", agent_number="1024")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, params={"thread": "t1", "since": "1"}, headers=headers) as response,
    ):
        said = await response.json()
    assert said["last_seq"] == 2
    (message,) = said["messages"]
    assert (message["author"], message["agent"]) == ("agent", {"name": "小林", "number": "1024"})
    assert message["text"] == "我来帮您。"


async def test_a_history_that_cannot_be_read_is_answered_503(
    url: str, context: FakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object) -> History:
        raise NotStored("the database is away")

    monkeypatch.setattr(context, "history", down)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}?thread=t1", headers=headers) as response,
    ):
        assert response.status == 503


@pytest.mark.parametrize("query", ["", "?since=1", "?thread=t1&since=-1", "?thread=t1&since=x"])
async def test_a_question_without_a_thread_is_answered_400(url: str, query: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession() as session, session.get(url + query, headers=headers) as response:
        assert response.status == 400


async def test_a_reply_reaches_the_app_signed_and_whole(shop: ShopApp, adapter: ApiAdapter) -> None:
    async def read() -> bytes:
        return b"%PDF"

    file = OutboundAttachment(id="f", name="发票.pdf", media_type="application/pdf", size=4, read=read)
    receipt = await adapter.send(
        an_outbound(text="**好**", choices=(Choice(id="a", label="退货"),), attachments=(file,), ticket="T1")
    )
    assert receipt.provider_ids == ("k1",)
    (got,) = shop.received
    assert (got["id"], got["text"], got["ticket"]) == ("k1", "**好**", "T1")
    assert got["choices"] == [{"id": "a", "label": "退货"}]
    assert got["attachments"][0]["content"] == "JVBERg=="


async def test_a_second_try_carries_the_same_id(shop: ShopApp, adapter: ApiAdapter) -> None:
    shop.script.append(Reply(status=500))
    with pytest.raises(SendFailed):
        await adapter.send(an_outbound())
    await adapter.send(an_outbound(attempt=2))
    await adapter.send(an_outbound(attempt=3))
    assert shop.ids == ["k1", "k1"]


@pytest.mark.parametrize(
    ("reply", "error", "maybe_sent"),
    [
        (Reply(status=400), Refused, False),
        (Reply(status=404), Refused, False),
        (Reply(status=403), BadCredentials, False),
        (Reply(status=408), SendFailed, False),
        (Reply(status=429), SendFailed, False),
        (Reply(status=500), SendFailed, False),
        (Reply(status=307, headers=(("Location", "/hook"),)), SendFailed, False),
        (Reply(kind="hang"), SendFailed, True),
        (Reply(kind="drop"), SendFailed, True),
    ],
)
async def test_each_answer_of_the_app_has_its_meaning(
    shop: ShopApp, adapter: ApiAdapter, reply: Reply, error: type[Exception], maybe_sent: bool
) -> None:
    shop.script.append(reply)
    with pytest.raises((SendFailed, BadCredentials)) as raised:
        await adapter.send(an_outbound())
    assert type(raised.value) is error
    assert getattr(raised.value, "maybe_sent", False) is maybe_sent
    assert shop.received == []


@pytest.mark.parametrize("status", [429, 503])
async def test_the_apps_pause_is_honoured(shop: ShopApp, adapter: ApiAdapter, status: int) -> None:
    shop.script.append(Reply(status=status, headers=(("Retry-After", "120"),)))
    with pytest.raises(SendFailed) as raised:
        await adapter.send(an_outbound())
    assert raised.value.retry_after == timedelta(minutes=2)


async def test_an_app_that_is_gone_has_got_nothing(shop: ShopApp, adapter: ApiAdapter) -> None:
    await shop.stop()
    with pytest.raises(SendFailed, match="check webhook_url") as raised:
        await adapter.send(an_outbound())
    assert raised.value.maybe_sent is False


async def test_a_name_that_leads_into_a_private_network_is_not_followed(context: FakeContext) -> None:
    settings = ApiSettings(
        token=SecretStr(TOKEN), webhook_url="https://localhost.localdomain/", webhook_secret=SecretStr(SECRET)
    )
    adapter = ApiAdapter(settings, context)
    with pytest.raises(SendFailed) as raised:
        await adapter.send(an_outbound())
    assert raised.value.maybe_sent is False
    await adapter.close()


# --- signed both ways ------------------------------------------------------------------------------


@pytest.fixture
async def signing(shop: ShopApp, context: FakeContext) -> AsyncIterator[str]:
    """The address of a channel that asks for the app's signature, and changes its own secret just now."""
    settings = ApiSettings(
        token=SecretStr(TOKEN),
        webhook_url=shop.webhook_url,
        webhook_secret=SecretStr(OTHER),
        webhook_second_secret=SecretStr(SECRET),
        post_secret=SecretStr(SECRET),
        post_second_secret=SecretStr(OTHER),
    )
    adapter = ApiAdapter(settings, context)
    app = web.Application()
    app.add_routes(adapter.routes())
    async with TestServer(app) as server:
        yield str(server.make_url("/api/v1/channels/shop/messages"))
    await adapter.send(an_outbound())  # the app knows the second secret only
    assert len(shop.received) == 1
    await adapter.close()


async def posted(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as client,
        client.post(url, data=body, headers={"Content-Type": "application/json"} | headers) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def test_what_the_app_signed_is_taken_and_played_again_changes_nothing(
    signing: str, context: FakeContext
) -> None:
    body = orjson.dumps(a_message())
    for secret in (SECRET, OTHER):
        signed = headers((key_of(secret),), "m1", context.clock.now(), body)
        assert await posted(signing, body, signed) == (202, {"id": "m1", "seq": 1})
    assert len(context.delivered) == 1


@pytest.mark.parametrize("wrong", ["absent", "body", "key", "late", "early", "renamed", "stamp", "id"])
async def test_what_the_app_did_not_sign_just_now_is_not_taken(
    signing: str, context: FakeContext, wrong: str
) -> None:
    body, late = orjson.dumps(a_message()), timedelta(minutes=6)
    at = context.clock.now() + {"late": -late, "early": late}.get(wrong, timedelta())
    key = b"another key of twenty-four bytes" if wrong == "key" else key_of(SECRET)
    signed = headers((key,), "other" if wrong == "id" else "m1", at, body)
    match wrong:
        case "absent":
            signed = {}
        case "body":
            body = orjson.dumps(a_message(text="别的"))
        case "renamed":
            signed["webhook-id"] = "m2"
        case "stamp":
            signed["webhook-timestamp"] = str(int(at.timestamp()) + 1)
    status, said = await posted(signing, body, signed)
    assert (status, said["code"]) == (401, "bad-signature")
    assert context.delivered == []
