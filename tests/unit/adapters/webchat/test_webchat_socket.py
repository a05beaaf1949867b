import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from adapters.contract import IdTaken, LiveNotice, NotStored
from adapters.testing.clock import breathe
from adapters.webchat.session import Session
from tests.unit.adapters.webchat.client import Chat, Open, closed, frame

M1 = {"type": "message", "id": "m1", "text": "你好"}


async def test_hello_brings_what_was_missed_and_then_ready(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    for text in ("one", "two", "three"):
        chat.context.say(visitor, text)
    socket = await chat.hello(token, since=1)
    frames = [await frame(socket) for _ in range(3)]
    assert [it.get("text") for it in frames[:2]] == ["two", "three"]
    assert frames[2] == {"type": "ready", "last_seq": 3}


async def test_a_long_history_comes_whole_and_in_order(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    for n in range(450):
        chat.context.say(visitor, f"line {n}")
    socket = await chat.hello(token)
    assert [(await frame(socket))["seq"] for _ in range(450)] == list(range(1, 451))
    assert await frame(socket) == {"type": "ready", "last_seq": 450}


async def test_what_is_said_during_the_replay_comes_after_it_and_once(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    chat.context.say(visitor, "old")
    ask = chat.context.history

    async def slow(thread: str, since: int = 0, limit: int = 200) -> Any:
        page = await ask(thread, since, limit)
        if since == 0:
            chat.context.say(visitor, "meanwhile")
        return page

    chat.context.history = slow  # type: ignore[method-assign]  # the race has to be made to happen
    socket = await chat.hello(token)
    assert [(await frame(socket)).get("text") for _ in range(2)] == ["old", "meanwhile"]
    assert await frame(socket) == {"type": "ready", "last_seq": 2}


async def test_a_message_is_acknowledged_with_its_place_and_not_echoed(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    socket = await chat.ready(token)
    await socket.send_json(M1)
    assert await frame(socket) == {"type": "ack", "id": "m1", "seq": 1}
    chat.context.say(visitor, "您好！")
    assert (await frame(socket))["text"] == "您好！"
    assert chat.context.delivered[0].external_id == f"{visitor}:m1"


async def test_a_message_sent_again_is_acknowledged_again_and_stored_once(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    await socket.send_json(M1)
    await socket.send_json(M1)
    assert await frame(socket) == await frame(socket) == {"type": "ack", "id": "m1", "seq": 1}
    assert len(chat.context.delivered) == 1


async def test_the_other_tab_of_the_same_visitor_sees_the_message(chat: Chat) -> None:
    token, _ = await chat.visitor()
    here, there = await chat.ready(token), await chat.ready(token)
    await here.send_json(M1)
    seen = await frame(there)
    assert (seen["type"], seen["id"], seen["author"], seen["seq"]) == ("message", "m1", "customer", 1)


async def test_what_one_visitor_is_told_no_other_hears(chat: Chat) -> None:
    mine, visitor = await chat.visitor()
    theirs, _ = await chat.visitor()
    here, there = await chat.ready(mine), await chat.ready(theirs)
    chat.context.say(visitor, "secret")
    assert (await frame(here))["text"] == "secret"
    await there.send_json({"type": "ping"})
    assert await frame(there) == {"type": "pong"}


async def test_nothing_is_acknowledged_before_it_is_stored(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    chat.context.hold()
    await socket.send_json(M1)
    await chat.context.attempted()
    with pytest.raises(TimeoutError):
        await socket.receive(timeout=0.1)


@pytest.mark.parametrize(("error", "code"), [(NotStored("full"), "not-stored"), (IdTaken("m1"), "id-taken")])
async def test_a_message_that_was_not_taken_is_named_with_its_id(
    chat: Chat, error: NotStored | IdTaken, code: str
) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    chat.context.fail_next(error)
    await socket.send_json(M1)
    refusal = await frame(socket)
    assert (refusal["type"], refusal["code"], refusal["id"]) == ("error", code, "m1")
    await socket.send_json(M1)
    assert (await frame(socket))["type"] == "ack"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", "bad-json"),
        ('{"type":"shout"}', "bad-type"),
        ('{"type":"message","id":"m1"}', "bad-message"),
        ('{"type":"message","id":"m1","text":"x","seq":9}', "bad-message"),
        ('{"type":"hello","token":"x"}', "hello-again"),
    ],
)
async def test_a_bad_frame_is_refused_and_the_socket_stays(chat: Chat, sent: str, code: str) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    await socket.send_str(sent)
    assert (await frame(socket))["code"] == code
    await socket.send_json(M1)
    assert (await frame(socket))["type"] == "ack"


async def test_the_language_of_hello_goes_with_the_messages_and_refusals(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.hello(token, lang="en-GB")
    await frame(socket)
    await socket.send_json(M1)
    await frame(socket)
    assert chat.context.delivered[0].lang == "en-GB"
    await socket.send_str("{")
    assert (await frame(socket))["title"] == "The request is not a JSON object."


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        ({"type": "hello", "token": "forged"}, "bad-token", 4001),
        ({"type": "hello"}, "bad-token", 4001),
        ({"type": "hello", "token": 7}, "bad-token", 4001),
        ({"type": "hello", "token": "x", "since": -1}, "bad-since", 4000),
        ({"type": "hello", "token": "x", "since": "1"}, "bad-since", 4000),
        ({"type": "hello", "token": "x", "visitor": "y"}, "bad-message", 4000),
        (M1, "hello-first", 4000),
    ],
)
async def test_who_does_not_say_hello_properly_is_shown_out(
    chat: Chat, first: dict[str, Any], code: str, close: int
) -> None:
    socket = await chat.open()
    await socket.send_json(first)
    assert (await frame(socket))["code"] == code
    assert await closed(socket) == close
    assert chat.context.attempts == []


async def test_who_says_nothing_at_all_is_shown_out_in_time(chat: Chat) -> None:
    socket = await chat.open()
    await breathe()
    await chat.pass_time(timedelta(seconds=10))
    assert await closed(socket) == 4000


async def test_a_foreign_page_gets_no_socket(chat: Chat) -> None:
    with pytest.raises(WSServerHandshakeError) as raised:
        await chat.open(Origin="https://evil.test")
    assert raised.value.status == 403
    assert not (await chat.open(Origin=str(chat.http.make_url("")).rstrip("/"))).closed


async def test_typing_is_passed_on_in_both_directions(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    socket = await chat.ready(token)
    await socket.send_json({"type": "typing"})
    await socket.send_json({"type": "ping"})
    assert await frame(socket) == {"type": "pong"}
    assert chat.context.typed == [visitor]
    chat.context.notify(visitor, LiveNotice(kind="queue", place=2, expected_at=chat.clock.now()))
    assert await frame(socket) == {"type": "queue", "place": 2, "expected_at": "2026-11-20T04:00:00Z"}


async def test_a_frame_that_is_too_big_ends_the_socket(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    await socket.send_json(M1 | {"text": "x" * 17_000})
    assert await closed(socket) == 1009


async def test_binary_frames_are_not_taken(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    await socket.send_bytes(b"\0")
    assert await closed(socket) == 1003


async def test_a_flood_is_refused_frame_by_frame_and_then_closed(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    for n in range(21):
        await socket.send_json(M1 | {"id": f"m{n}"})
    answers = [await frame(socket) for _ in range(21)]
    assert [it["type"] for it in answers] == ["ack"] * 20 + ["error"]
    assert (answers[20]["code"], answers[20]["id"], answers[20]["retry_after"]) == ("flood", "m20", 1)
    for n in range(70):
        await socket.send_json(M1 | {"id": f"x{n}"})
    assert await closed(socket) == 4029
    assert len(chat.context.delivered) == 20


async def test_a_flood_over_several_sockets_counts_as_one(chat: Chat) -> None:
    token, _ = await chat.visitor()
    sockets = [await chat.ready(token), await chat.ready(token)]
    for n in range(11):
        for place, socket in enumerate(sockets):
            await socket.send_json({"type": "message", "id": f"m{place}-{n}", "text": "x"})
    await chat.context.stored(20)
    await breathe(200)
    assert len(chat.context.delivered) == 20


async def test_a_fourth_socket_sends_the_oldest_away(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    sockets = [await chat.ready(token) for _ in range(4)]
    assert await closed(sockets[0]) == 4009
    assert chat.context.subscribers(visitor) == 3
    chat.context.say(visitor, "still here")
    for socket in sockets[1:]:
        assert (await frame(socket))["text"] == "still here"


async def test_the_house_takes_only_so_many_sockets(open_chat: Open) -> None:
    chat = await open_chat(max_sockets=1)
    await chat.open()
    with pytest.raises(WSServerHandshakeError) as raised:
        await chat.open()
    assert raised.value.status == 503


async def test_a_quiet_client_is_pinged_and_kept_while_it_answers(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    for _ in range(4):
        await chat.pass_time(timedelta(seconds=25))
        assert (await socket.receive(timeout=5)).type is WSMsgType.PING
        await socket.pong()
        await socket.send_json({"type": "ping"})
        assert await frame(socket) == {"type": "pong"}
    assert len(chat.adapter.sockets) == 1


async def test_a_dead_client_is_dropped(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    socket = await chat.ready(token)
    await chat.pass_time(timedelta(seconds=25))
    await chat.pass_time(timedelta(seconds=25))
    assert (await socket.receive(timeout=5)).type is WSMsgType.PING
    assert await closed(socket) == 1006
    assert chat.context.subscribers(visitor) == 0


async def test_a_client_may_ping_too(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    await socket.ping(b"are you there")
    received = await socket.receive(timeout=5)
    assert (received.type, received.data) == (WSMsgType.PONG, b"are you there")


async def test_an_idle_chat_is_closed_though_it_answers_pings(open_chat: Open) -> None:
    chat = await open_chat(idle="1m")
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    await chat.pass_time(timedelta(seconds=30))
    await socket.pong()
    await breathe(50)
    await chat.pass_time(timedelta(seconds=30))
    assert await closed(socket) == 4002


async def test_leaving_ends_the_subscription(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    socket = await chat.ready(token)
    assert chat.context.subscribers(visitor) == 1
    await socket.close()
    await chat.adapter.sockets.emptied()
    assert chat.context.subscribers(visitor) == 0


async def test_closing_sends_everyone_away_and_lets_nobody_in(chat: Chat) -> None:
    token, _ = await chat.visitor()
    socket = await chat.ready(token)
    closing = asyncio.create_task(chat.adapter.close())
    assert await closed(socket) == 1001
    async with asyncio.timeout(5):
        await closing
    with pytest.raises(WSServerHandshakeError) as raised:
        await chat.open()
    assert raised.value.status == 503


async def test_a_client_that_does_not_leave_is_dropped_after_a_farewell(chat: Chat) -> None:
    token, _ = await chat.visitor()
    await chat.ready(token)
    closing = asyncio.create_task(chat.adapter.close())
    await chat.clock.somebody_waits()
    await chat.clock.advance(timedelta(seconds=2))
    async with asyncio.timeout(5):
        await closing
        await chat.adapter.sockets.emptied()


async def test_the_loop_keeps_house_and_reports_progress(chat: Chat) -> None:
    running = asyncio.create_task(chat.adapter.run())
    await chat.clock.somebody_waits()
    socket = await chat.open()
    await breathe()
    await chat.clock.advance(timedelta(seconds=15))
    assert await closed(socket) == 4000
    assert len(chat.context.progressed) >= 3
    running.cancel()


class StalledTransport(asyncio.Transport):
    """A peer that has stopped reading: whatever is written stays."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[bytes] = []

    def write(self, data: Any) -> None:
        self.frames.append(bytes(data))

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self.frames))


def test_a_reader_who_has_stopped_reading_is_closed_at_the_bound() -> None:
    transport = StalledTransport()
    session = Session(transport, lambda: 0.0, lambda _: b"", 256)
    for _ in range(1000):
        session.send(b"{}")
    assert len(transport.frames) == 258
    assert transport.frames[-1].startswith(b"\x88")
    assert int.from_bytes(transport.frames[-1][2:4], "big") == 4008


def test_a_few_huge_frames_are_too_much_as_well() -> None:
    transport = StalledTransport()
    session = Session(transport, lambda: 0.0, lambda _: b"", 256)
    for _ in range(10):
        session.send(b"x" * 400_000)
    assert session.closed_at is not None
    assert len(transport.frames) == 4


async def test_a_slow_reader_is_sent_away_and_finds_everything_on_coming_back(open_chat: Open) -> None:
    chat = await open_chat(backlog_frames=8)
    token, visitor = await chat.visitor()
    socket = await chat.ready(token)
    said = 0
    while chat.context.subscribers(visitor):
        said += 1
        chat.context.say(visitor, "x" * 100_000)
    # Nothing was awaited: the client had no chance to read. What had been written still arrives.
    assert await closed(socket) == 4008
    assert said > 8
    await socket.close()
    again = await chat.hello(token)
    assert [(await frame(again))["seq"] for _ in range(said)] == list(range(1, said + 1))
