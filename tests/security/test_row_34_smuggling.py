"""Row 34: a request two servers may read differently gets one refusal, and nothing hidden in it is obeyed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.reading import parser_is_fast
from tests.security.wire import said_to, statuses
from tests.servers.gateway import Gateway, prepared, running

HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /chat/v1/visitors HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
SIZE = str(len(HIDDEN)).encode()
NONE = b"0\r\n\r\n"


def chunked(how: bytes) -> bytes:
    return POST + how + b"\r\n\r\n" + NONE + HIDDEN


CASES = {
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + NONE + HIDDEN,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + NONE + HIDDEN,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: " + SIZE + b"\r\n\r\n" + HIDDEN,
    "two lengths the other way": POST + b"Content-Length: " + SIZE + b"\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "the same length twice": POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "a list of lengths": POST + b"Content-Length: 0, 0\r\n\r\n" + HIDDEN,
    "a length with a sign": POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "a length below nothing": POST + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length in hex": POST + b"Content-Length: 0x0\r\n\r\n" + HIDDEN,
    "a length with a gap": POST + b"Content-Length: 0 0\r\n\r\n" + HIDDEN,
    "a length with underscores": POST + b"Content-Length: 0_0\r\n\r\n" + HIDDEN,
    "a length in other digits": POST + "Content-Length: ٠\r\n\r\n".encode() + HIDDEN,
    "a length without a number": POST + b"Content-Length:\r\n\r\n" + HIDDEN,
    "a length beyond measure": POST + b"Content-Length: 99999999999999999999999\r\n\r\n" + HIDDEN,
    "a gap before the colon": POST + b"Content-Length : 0\r\n\r\n" + HIDDEN,
    "a gap before the name": GET + b" Content-Length: 0\r\n\r\n" + HIDDEN,
    "a folded header": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + NONE + HIDDEN,
    "a folded length": POST + b"Content-Length:\r\n 0\r\n\r\n" + HIDDEN,
    "a name with a hole": GET + b"Content\0-Length: 0\r\n\r\n" + HIDDEN,
    "a value with a hole": GET + b"X: a\0b\r\n\r\n" + HIDDEN,
    "a bare line feed in a value": GET + b"X: a\nY: b\r\n\r\n" + HIDDEN,
    "a bare return in a value": GET + b"X: a\rTransfer-Encoding: chunked\r\n\r\n" + HIDDEN,
    "a bare return ends the head": POST + b"Content-Length: 0\r\r" + HIDDEN,
    "a header without a name": GET + b": x\r\n\r\n" + HIDDEN,
    "a header without a colon": GET + b"nonsense\r\n\r\n" + HIDDEN,
    "a name in quotes": GET + b'"X": 1\r\n\r\n' + HIDDEN,
    "a name with brackets": GET + b"X(a): 1\r\n\r\n" + HIDDEN,
    "a name in Chinese": GET + "名: 1\r\n\r\n".encode() + HIDDEN,
    "chunked twice": chunked(b"Transfer-Encoding: chunked, chunked"),
    "chunked in two headers": chunked(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
    "chunked and then another": chunked(b"Transfer-Encoding: chunked, identity"),
    "another coding alone": chunked(b"Transfer-Encoding: identity"),
    "an unknown coding": chunked(b"Transfer-Encoding: xchunked"),
    "chunked with a tab": chunked(b"Transfer-Encoding: \x0bchunked"),
    "chunked in quotes": chunked(b'Transfer-Encoding: "chunked"'),
    "chunked and a comma": chunked(b"Transfer-Encoding: chunked,"),
    "a chunk of no size": POST + b"Transfer-Encoding: chunked\r\n\r\n\r\n" + HIDDEN,
    "a chunk of a signed size": POST + b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n" + HIDDEN,
    "a chunk of size 0x": POST + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + HIDDEN,
    "a chunk of size 0_0": POST + b"Transfer-Encoding: chunked\r\n\r\n0_0\r\n\r\n" + HIDDEN,
    "a chunk below nothing": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + HIDDEN,
    "a chunk beyond measure": POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n" + HIDDEN,
    "a chunk longer than it says": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n" + HIDDEN,
    "a chunk that ends in a bare line feed": POST + b"Transfer-Encoding: chunked\r\n\r\n0\n\n" + HIDDEN,
    "a line feed in a chunk's extension": POST + b"Transfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n" + HIDDEN,
    "no version": b"GET /healthz\r\n\r\n" + HIDDEN,
    "version 0.9": b"GET /healthz HTTP/0.9\r\nHost: x\r\n\r\n" + HIDDEN,
    "version 2": b"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n" + HIDDEN,
    "version 1.12": b"GET /healthz HTTP/1.12\r\nHost: x\r\n\r\n" + HIDDEN,
    "a gap in the address": b"GET /health z HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
    "a method with a hole": b"G\0ET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
    "a method in brackets": b"(GET) /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
    "chunked in version 1.0": b"POST /chat/v1/visitors HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + NONE + HIDDEN,
    "129 headers and more": GET + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n" + HIDDEN,
    "a header of a hundred thousand bytes": GET + b"X: " + b"y" * 100_000 + b"\r\n\r\n" + HIDDEN,
    "an address of a hundred thousand bytes": b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
}  # fmt: skip


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(prepared(tmp_path_factory.mktemp("wire") / "house")) as one:
        yield one


@pytest.mark.parametrize("case", CASES)
async def test_row_34_what_is_ambiguous_is_refused_once_and_the_line_is_closed(
    gateway: Gateway, case: str
) -> None:
    heard = await said_to(gateway, CASES[case], within=1)
    assert statuses(heard) in ([400], [431], [414]), heard[:400]


async def test_row_34_an_ordinary_pair_of_requests_is_answered_twice(gateway: Gateway) -> None:
    assert statuses(await said_to(gateway, HIDDEN + HIDDEN, within=1)) == [200, 200]


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/tickets", "/desk", "/chat/v1/messages"])
async def test_row_34_nothing_is_upgraded_but_the_socket(gateway: Gateway, path: str) -> None:
    upgrade = (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
    heard = await said_to(gateway, upgrade + HIDDEN, within=2)
    assert 101 not in statuses(heard)


def test_row_34_without_the_compiled_parser_it_does_not_start(tmp_path: Path) -> None:
    assert parser_is_fast()
    gateway = prepared(tmp_path / "house")
    done = gateway.command("run", AIOHTTP_NO_EXTENSIONS="1")
    assert done.returncode != 0
    assert "no compiled HTTP parser" in done.stdout + done.stderr
