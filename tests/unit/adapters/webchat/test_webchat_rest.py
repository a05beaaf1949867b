from datetime import timedelta
from typing import Any

import pytest

from adapters.contract import Choice, IdTaken, NotStored
from tests.unit.adapters.webchat.client import Chat, Open

M1 = {"id": "m1", "text": "你好"}


async def test_a_message_is_stored_and_answered_with_its_place(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    assert await chat.post(token, M1, headers={"Accept-Language": "zh-TW"}) == (202, {"id": "m1", "seq": 1})
    (inbound,) = chat.context.delivered
    assert inbound.external_id == f"{visitor}:m1"
    assert (inbound.thread, inbound.address, inbound.lang) == (visitor, visitor, "zh-TW")
    assert inbound.text == "你好"


async def test_the_same_message_again_gets_the_same_answer(chat: Chat) -> None:
    token, _ = await chat.visitor()
    first = await chat.post(token, M1)
    assert await chat.post(token, M1) == first
    assert len(chat.context.delivered) == 1


async def test_the_same_id_with_another_body_is_a_conflict(chat: Chat) -> None:
    token, _ = await chat.visitor()
    await chat.post(token, M1)
    status, problem = await chat.post(token, M1 | {"text": "another"})
    assert (status, problem["code"]) == (409, "id-taken")


async def test_two_visitors_may_use_the_same_id(chat: Chat) -> None:
    for _ in range(2):
        token, _ = await chat.visitor()
        assert (await chat.post(token, M1))[0] == 202
    assert len(chat.context.delivered) == 2


async def test_what_cannot_be_stored_is_not_acknowledged(chat: Chat) -> None:
    token, _ = await chat.visitor()
    chat.context.fail_next(NotStored("the disk is full"))
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    async with chat.http.post("/chat/v1/messages", json=M1, headers=headers) as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "5"
        assert answer.content_type == "application/problem+json"
        assert await answer.json() == {
            "type": "urn:intake-gateway:problem:not-stored",
            "title": "The message could not be saved and was not sent. Please send it again in 5 seconds.",
            "status": 503,
            "code": "not-stored",
        }
    assert (await chat.post(token, M1))[0] == 202


async def test_a_conflict_found_by_the_gateway_is_told(chat: Chat) -> None:
    token, _ = await chat.visitor()
    chat.context.fail_next(IdTaken("m1"))
    assert (await chat.post(token, M1))[0] == 409


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad-json"),
        (b"[]", 400, "bad-json"),
        (b"\xff", 400, "bad-json"),
        (b'{"id":"m1","text":"x","type":"message"}', 422, "bad-message"),
        (b'{"id":"m1","text":"x","author":"agent"}', 422, "bad-message"),
        (b'{"id":"m1"}', 422, "bad-message"),
        (b'{"id":"m1","text":"' + b"x" * 4001 + b'"}', 413, "too-big"),
        (b'{"id":"m1","text":"' + b"x" * 20_000 + b'"}', 413, "too-big"),
        (b'{"id":"m1","text":"","attachments":["nobodys"]}', 422, "bad-message"),
    ],
)
async def test_bad_bodies_are_refused_and_nothing_is_stored(
    chat: Chat, body: bytes, status: int, code: str
) -> None:
    token, _ = await chat.visitor()
    got, problem = await chat.post(token, body)
    assert (got, problem["code"], problem["status"]) == (status, code, status)
    assert chat.context.attempts == []


async def test_a_body_of_unknown_length_is_counted_as_it_comes(chat: Chat) -> None:
    token, _ = await chat.visitor()

    async def endless() -> Any:
        for _ in range(1000):
            yield b" " * 1024

    headers = {"Authorization": f"Bearer {token}"}
    async with chat.http.post("/chat/v1/messages", data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_a_compressed_body_is_refused(chat: Chat) -> None:
    token, _ = await chat.visitor()
    status, _ = await chat.post(token, b"{}", headers={"Content-Encoding": "gzip"})
    assert status in (400, 415)
    assert chat.context.attempts == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic abc", "bearer AAAA"])
async def test_without_a_token_of_ours_nothing_is_read_or_written(chat: Chat, header: str) -> None:
    headers = {"Authorization": header}
    for method, path in (
        ("POST", "/chat/v1/messages"),
        ("GET", "/chat/v1/messages"),
        ("POST", "/chat/v1/attachments"),
        ("GET", "/chat/v1/attachments/blob1"),
    ):
        async with chat.http.request(method, path, headers=headers) as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert (await answer.json())["code"] == "bad-token"


async def test_a_token_is_of_no_use_after_its_time(chat: Chat) -> None:
    token, _ = await chat.visitor()
    await chat.clock.advance(timedelta(days=30, seconds=1))
    assert (await chat.post(token, M1))[0] == 401


async def test_history_is_read_from_where_the_client_left_off(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    await chat.post(token, M1)
    chat.context.say(visitor, "请选择", choices=(Choice(id="c", label="退货"),))
    headers = {"Authorization": f"Bearer {token}"}
    async with chat.http.get("/chat/v1/messages?since=1", headers=headers) as answer:
        body = await answer.json()
        assert answer.headers["Cache-Control"] == "no-store"
    assert body["last_seq"] == 2
    assert [(it["seq"], it["author"]) for it in body["messages"]] == [(2, "bot")]
    assert body["messages"][0]["choices"] == [{"id": "c", "label": "退货"}]
    assert body["messages"][0]["at"] == "2026-11-20T04:00:00Z"


async def test_a_visitor_sees_their_own_thread_only(chat: Chat) -> None:
    mine, _ = await chat.visitor()
    theirs, _ = await chat.visitor()
    await chat.post(theirs, M1)
    async with chat.http.get("/chat/v1/messages", headers={"Authorization": f"Bearer {mine}"}) as answer:
        assert await answer.json() == {"messages": [], "last_seq": 0}


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "9" * 16, "²"])
async def test_a_since_that_is_no_number_is_refused(chat: Chat, since: str) -> None:
    token, _ = await chat.visitor()
    headers = {"Authorization": f"Bearer {token}"}
    async with chat.http.get("/chat/v1/messages", params={"since": since}, headers=headers) as answer:
        assert answer.status == 400


async def test_who_sends_too_fast_is_told_when_to_go_on(chat: Chat) -> None:
    token, _ = await chat.visitor()
    for n in range(20):
        assert (await chat.post(token, {"id": f"m{n}", "text": "x"}))[0] == 202
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    async with chat.http.post("/chat/v1/messages", json=M1, headers=headers) as answer:
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "1"
    await chat.clock.advance(timedelta(seconds=1))
    assert (await chat.post(token, {"id": "later", "text": "x"}))[0] == 202


async def test_a_foreign_page_is_kept_out(chat: Chat) -> None:
    headers = {"Origin": "https://evil.test"}
    async with chat.http.post("/chat/v1/visitors", headers=headers) as answer:
        assert answer.status == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    async with chat.http.options("/chat/v1/messages", headers=headers) as answer:
        assert answer.status == 403


async def test_a_listed_page_is_let_in_also_when_refused_for_another_reason(open_chat: Open) -> None:
    chat = await open_chat(origins=["https://shop.example"])
    headers = {"Origin": "https://shop.example"}
    async with chat.http.options("/chat/v1/messages", headers=headers) as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    async with chat.http.get("/chat/v1/messages", headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert answer.headers["Vary"] == "Origin"


async def test_each_visitor_is_somebody_new(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    other = await chat.visitor()
    assert other[0] != token
    assert other[1] != visitor
