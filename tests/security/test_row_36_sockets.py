"""Rows 36 and 50: sockets that stall or flood, and requests broken off, cost nobody else anything."""

import asyncio
import json
import socket
import statistics
import time
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.security.conftest import Figure
from tests.security.wire import said_to, statuses
from tests.servers.gateway import WEB, Gateway, prepared, running

MIB = 1024 * 1024


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    with running(prepared(tmp_path / "house", channels=WEB + 'origins = ["https://shop.example"]\n')) as one:
        yield one


async def visitor(http: aiohttp.ClientSession, gateway: Gateway) -> str:
    async with http.post(f"{gateway.url}/chat/v1/visitors") as answer:
        return str((await answer.json())["token"])


async def seated(http: aiohttp.ClientSession, gateway: Gateway) -> aiohttp.ClientWebSocketResponse:
    token = await visitor(http, gateway)
    line = await http.ws_connect(f"{gateway.url}/chat/v1/socket")
    await line.send_json({"type": "hello", "token": token, "since": 0})
    while (await line.receive_json())["type"] != "ready":
        pass
    return line


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://shop.example.evil.example", "http://shop.example"]
)
async def test_row_36_a_page_nobody_allowed_gets_no_socket(gateway: Gateway, origin: str) -> None:
    upgrade = (
        f"GET /chat/v1/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
    assert statuses(await said_to(gateway, upgrade, within=1)) == [403]


async def test_row_36_the_stalled_and_the_flooding_disturb_nobody(
    gateway: Gateway, scale: Callable[[int, int], int], figure: Figure
) -> None:
    quiet, stalled, flooding, rounds = scale(20, 1600), scale(5, 200), scale(5, 200), scale(20, 200)
    assert gateway.process is not None
    process = psutil.Process(gateway.process.pid)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        lines = [await seated(http, gateway) for _ in range(quiet)]
        still = [await seated(http, gateway) for _ in range(stalled)]  # nobody reads these from here on
        for line in still:
            transport = line.get_extra_info("socket")
            transport.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        floods = [asyncio.create_task(flood(http, gateway)) for _ in range(flooding)]
        before = process.memory_info().rss
        asker = lines[0]
        waits = []
        for _ in range(rounds):
            began = time.perf_counter()
            await asker.send_json({"type": "message", "id": str(uuid.uuid4()), "text": "退货怎么办"})
            while (await asker.receive_json())["type"] != "ack":
                pass
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.6)  # twenty frames in ten seconds is what one visitor may send
        codes = await asyncio.gather(*floods)
        grown = (process.memory_info().rss - before) / MIB
    p99 = statistics.quantiles(waits, n=100)[98]
    figure("sockets", quiet + stalled + flooding)
    figure("p99 of an acknowledgement meanwhile, ms", round(p99 * 1000, 1))
    figure("MiB grown", round(grown, 1))
    assert set(codes) == {4029}, "a flooding socket is closed as that"
    assert grown < 50
    assert p99 < 3, "a loaded machine is slow, but nobody waits for the flooding"


async def flood(http: aiohttp.ClientSession, gateway: Gateway) -> int | None:
    """Send without end until the socket is closed; return its code."""
    line = await seated(http, gateway)
    try:
        for _ in range(100_000):
            await line.send_str('{"type": "typing"}')
            await asyncio.sleep(0)
    except (ConnectionError, aiohttp.ClientError):
        pass
    async for _ in line:
        pass
    return line.close_code


async def test_row_36_a_frame_beyond_the_limit_closes_the_socket(gateway: Gateway) -> None:
    async with aiohttp.ClientSession() as http:
        line = await seated(http, gateway)
        await line.send_str(json.dumps({"type": "message", "id": str(uuid.uuid4()), "text": "x" * 100_000}))
        async for _ in line:
            pass
        assert line.close_code == 1009


async def test_row_36_a_fourth_socket_of_one_visitor_ends_the_first(gateway: Gateway) -> None:
    async with aiohttp.ClientSession() as http:
        token = await visitor(http, gateway)
        lines = []
        for _ in range(4):
            line = await http.ws_connect(f"{gateway.url}/chat/v1/socket")
            await line.send_json({"type": "hello", "token": token, "since": 0})
            assert (await line.receive_json())["type"] == "ready"
            lines.append(line)
        async for _ in lines[0]:
            pass
        assert lines[0].close_code == 4009


async def test_row_50_requests_broken_off_leave_nothing_behind(
    gateway: Gateway, scale: Callable[[int, int], int], figure: Figure
) -> None:
    async with aiohttp.ClientSession() as http:
        token = await visitor(http, gateway)
        count = scale(200, 5000)
        raw = f"GET /chat/v1/messages?since=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        for _ in range(count):
            _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
            writer.write(raw)
            writer.transport.abort()
        assert gateway.process is not None
        process = psutil.Process(gateway.process.pid)
        for _ in range(50):
            if len(process.net_connections()) < 20:
                break
            await asyncio.sleep(0.1)
        figure("requests broken off", count)
        assert len(process.net_connections()) < 20
        another = await visitor(http, gateway)
        headers = {"Authorization": f"Bearer {another}"}
        began = time.perf_counter()
        async with http.get(f"{gateway.url}/chat/v1/messages?since=0", headers=headers) as answer:
            assert answer.status == 200
        figure("ms of the next request", round((time.perf_counter() - began) * 1000, 1))
