"""Row 35: no body, however it is sent, is taken beyond the limit of its route, or kept in memory."""

import gzip
import re
from collections.abc import Iterator

import psutil
import pytest

from tests.security.conftest import Figure
from tests.security.wire import said_to, statuses
from tests.servers.gateway import Gateway, prepared, running

MIB = 1024 * 1024
APP_TOKEN = "a token of the sample app in tests"
CHANNELS = """
[channels.web]
kind = "webchat"
[channels.app]
kind = "api"
token = {env = "APP_TOKEN"}
webhook_url = "http://localhost:9/"
webhook_secret = {env = "APP_SECRET"}
max_attachment_bytes = 65536
"""
ENVIRON = {"APP_TOKEN": APP_TOKEN, "APP_SECRET": "whsec_" + "c2FtcGxl" * 4}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    house = prepared(tmp_path_factory.mktemp("bodies") / "house", channels=CHANNELS)
    house.environ = ENVIRON
    with running(house) as one:
        yield one


async def visitor(gateway: Gateway) -> str:
    heard = await said_to(
        gateway, b"POST /chat/v1/visitors HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", within=1
    )
    found = re.search(rb'"token":"([^"]+)"', heard)
    assert found is not None, heard
    return found[1].decode()


def head(path: str, token: str, *more: str, kind: str = "application/json") -> bytes:
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {token}",
        f"Content-Type: {kind}",
        *more,
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def in_chunks(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


ROUTES = {
    "/chat/v1/messages": 16 * 1024,
    "/api/v1/channels/app/messages": 400 * 1024,
    "/chat/v1/visitors": 1024,
}


@pytest.mark.parametrize("path", ROUTES)
async def test_row_35_ten_times_the_limit_is_refused_declared_or_not(gateway: Gateway, path: str) -> None:
    token = APP_TOKEN if "channels" in path else await visitor(gateway)
    body = b'{"text": "' + b"x" * (10 * ROUTES[path]) + b'"}'
    declared = await said_to(gateway, head(path, token, f"Content-Length: {len(body)}") + body, within=2)
    streamed = await said_to(
        gateway, head(path, token, "Transfer-Encoding: chunked") + in_chunks(body), within=2
    )
    assert (statuses(declared), statuses(streamed)) == ([413], [413])


@pytest.mark.parametrize("path", [*ROUTES, "/chat/v1/attachments"])
async def test_row_35_a_packed_body_is_not_unpacked(gateway: Gateway, path: str) -> None:
    token = APP_TOKEN if "channels" in path else await visitor(gateway)
    bomb = gzip.compress(b"\0" * (50 * MIB))
    for coding in ("gzip", "deflate", "br", "x-gzip", "gzip, gzip"):
        raw = head(path, token, f"Content-Encoding: {coding}", f"Content-Length: {len(bomb)}") + bomb
        assert statuses(await said_to(gateway, raw, within=1)) == [415], coding


FORM = "multipart/form-data; boundary=B"


async def upload(gateway: Gateway, body: bytes) -> list[int]:
    token = await visitor(gateway)
    raw = head("/chat/v1/attachments", token, "Transfer-Encoding: chunked", kind=FORM) + in_chunks(body)
    return statuses(await said_to(gateway, raw, within=6))


async def test_row_35_ten_thousand_parts_are_not_walked_through(gateway: Gateway) -> None:
    parts = b"".join(
        b'--B\r\nContent-Disposition: form-data; name="p%d"\r\n\r\nx\r\n' % n for n in range(10_000)
    )
    assert await upload(gateway, parts + b"--B--\r\n") == [400]


async def test_row_35_a_part_with_a_thousand_headers_is_refused(gateway: Gateway) -> None:
    headers = b"".join(b"X-%d: y\r\n" % n for n in range(5000))
    part = (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        + headers
        + b"\r\nhello\r\n--B--\r\n"
    )
    assert (await upload(gateway, part))[:1] in ([400], [413])


async def test_row_35_a_file_of_ten_times_the_limit_is_cut_off_and_memory_stays(
    gateway: Gateway, figure: Figure
) -> None:
    assert gateway.process is not None
    process = psutil.Process(gateway.process.pid)
    before = process.memory_info().rss
    start = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    assert await upload(gateway, start + b"x" * (100 * MIB) + b"\r\n--B--\r\n") == [413]
    grown = (process.memory_info().rss - before) / MIB
    figure("MiB of memory grown by an upload of 100 MiB", round(grown, 1))
    assert grown < 20
    assert list((gateway.data / "blobs").glob("tmp/*")) == []
