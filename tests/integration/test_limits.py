"""Limits of pace and size as clients of the interface meet them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters import reading
from gateway.web.limits import Limits, Pace
from gateway.web.server import API_ROUTES, build_app
from tests.servers.desk import running_desk

TWO = Pace(amount=2)
LIMITS = Limits(reads=TWO, writes=TWO, strangers=TWO, visitors=TWO)


async def test_one_too_many_waits_on_that_route_alone_and_by_person(tmp_path: Path) -> None:
    async with running_desk(tmp_path, limits=LIMITS) as rig:
        seat, other = await rig.seat(), await rig.seat(number="1002")
        assert [(await seat.get("/tickets")).status for _ in range(3)] == [200, 200, 429]
        refused = await seat.get("/tickets")
        assert (await refused.json())["code"] == "too_many"
        assert refused.headers["Retry-After"] == "30"
        assert (await seat.get("/me")).status == 200
        assert (await other.get("/tickets")).status == 200
        await rig.clock.advance(timedelta(seconds=31))
        assert (await seat.get("/tickets")).status == 200


async def test_strangers_are_counted_by_the_address_a_trusted_proxy_tells(tmp_path: Path) -> None:
    proxies = (ip_network("127.0.0.0/8"),)
    async with running_desk(tmp_path, limits=LIMITS, trusted_proxies=proxies) as rig:

        async def sign_in(address: str) -> int:
            headers = {"X-Forwarded-For": address}
            body = {"login": "nobody", "password": "wrong password"}
            answer = await rig.client.post("/api/v1/session", json=body, headers=headers)
            return answer.status

        first = [await sign_in("198.51.100.1") for _ in range(3)]
        assert first[2] == 429 != first[0]
        assert await sign_in("198.51.100.2") != 429


async def test_new_visitors_are_counted_by_public_address_only(tmp_path: Path) -> None:
    async def visitor(request: web.Request) -> web.Response:
        return web.Response(status=201)

    proxies = (ip_network("127.0.0.0/8"),)
    async with running_desk(tmp_path, limits=LIMITS, trusted_proxies=proxies) as rig:
        app = build_app(rig.world, [web.post("/chat/v1/visitors", visitor)])
        async with TestClient(TestServer(app)) as client:

            async def come(address: str) -> int:
                headers = {"X-Forwarded-For": address} if address else {}
                return (await client.post("/chat/v1/visitors", headers=headers)).status

            assert [await come("1.1.1.1") for _ in range(3)] == [201, 201, 429]
            assert await come("1.0.0.1") == 201
            assert [await come("") for _ in range(5)] == [201] * 5
            assert [await come("10.0.0.9") for _ in range(5)] == [201] * 5


async def test_every_route_says_how_much_it_takes_and_none_takes_a_megabyte_more() -> None:
    taking = [route for route in API_ROUTES if route.takes is not None and not route.is_query]
    assert taking
    assert all(0 < route.max_body <= 1024 * 1024 for route in taking)


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_over_the_limit_of_its_route_is_refused_unread(tmp_path: Path, declared: bool) -> None:
    async with running_desk(tmp_path) as rig:
        seat = await rig.seat()
        number = await rig.ticket()
        [route] = [r for r in API_ROUTES if r.path == "/tickets/{number}/notes"]
        body = b'{"text": "' + b"x" * route.max_body + b'"}'

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 65536):
                yield body[start : start + 65536]

        answer = await seat.client.post(
            f"/api/v1/tickets/{number}/notes",
            data=body if declared else pieces(),
            headers={"X-CSRF-Token": seat.csrf, "Content-Type": "application/json"},
        )
        assert (answer.status, (await answer.json())["code"]) == (413, "too_large")


async def test_a_body_that_does_not_come_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "seconds_for", lambda most, within: 0.1)
    async with running_desk(tmp_path) as rig:
        seat = await rig.seat()
        number = await rig.ticket()
        host, port = rig.client.host, rig.client.port
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(
            f"POST /api/v1/tickets/{number}/notes HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: sid={seat.token}\r\n"
            f"X-CSRF-Token: {seat.csrf}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{{".encode()
        )
        said = await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
        writer.close()
    assert said.startswith(b"HTTP/1.1 408")
