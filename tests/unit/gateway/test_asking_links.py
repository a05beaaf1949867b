"""Links are asked politely, in time, and never inside our own network."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.editing.links import ask, is_public


def here(address: str) -> bool:
    """Let the test's own server pass for the open network."""
    return address == "127.0.0.1" or is_public(address)


async def page(request: web.Request) -> web.Response:
    match request.path:
        case "/good":
            return web.Response(text="here")
        case "/only-get":
            return web.Response(status=200 if request.method == "GET" else 405)
        case "/guarded":
            return web.Response(status=403)
        case "/broken":
            return web.Response(status=500)
        case "/moved":
            raise web.HTTPFound("/good")
        case "/inside":
            raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")
        case "/to-a-file":
            raise web.HTTPFound("file:///etc/passwd")
        case "/circle":
            raise web.HTTPFound("/circle")
        case "/silent":
            await asyncio.Event().wait()
    return web.Response(status=404)


@pytest.fixture
async def site() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("path", ["/good", "/only-get", "/guarded", "/moved", "/circle"])
async def test_a_link_somebody_answers_is_alive(site: str, path: str) -> None:
    assert await ask([site + path], is_public=here) == {}


@pytest.mark.parametrize(
    ("path", "level", "says"),
    [
        ("/gone", "error", "answers 404."),
        ("/broken", "warning", "answers 500."),
        ("/inside", "error", "leads into a private network and was not followed."),
        ("/to-a-file", "warning", "cannot be reached (ValueError)."),
    ],
)
async def test_a_link_that_leads_nowhere_is_told_with_its_reason(
    site: str, path: str, level: str, says: str
) -> None:
    found = await ask([site + path], is_public=here)
    assert found[site + path][0] == level
    assert found[site + path][1].en == says


async def test_a_silent_site_costs_no_more_than_the_deadline(site: str) -> None:
    found = await ask([site + "/silent"], deadline_s=0.05, is_public=here)
    assert found[site + "/silent"][0] == "warning"
    assert "did not answer" in found[site + "/silent"][1].en


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "10.0.0.1", "[::ffff:192.168.0.1]"])
async def test_private_addresses_are_never_asked(host: str) -> None:
    found = await ask([f"http://{host}:9/"])
    assert "private network" in found[f"http://{host}:9/"][1].en


@pytest.mark.parametrize("address", ["224.0.0.1", "64:ff9b::7f00:1", "100.64.0.1", "0.0.0.0", "fe80::1"])
def test_what_only_looks_public_is_not(address: str) -> None:
    assert not is_public(address)
