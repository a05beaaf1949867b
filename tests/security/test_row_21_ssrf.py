"""Row 21: whatever an address looks like and wherever its name leads, nothing reaches this machine's own ports."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.outgoing import Egress, NotAllowed, Outgoing, TooMuch, Unreachable
from adapters.outgoing.egress import is_open
from tests.security.certificates import certificate_for

SECOND = timedelta(seconds=2)


class Listener:
    """A port of this machine that counts who knocks; what it says to them is handed in."""

    def __init__(self, says: bytes = b"", tls: ssl.SSLContext | None = None) -> None:
        self.knocks = 0
        self.port = 0
        self._says, self._tls = says, tls
        self._servers: list[asyncio.Server] = []

    async def listen(self, *hosts: str) -> None:
        for host in hosts:
            server = await asyncio.start_server(self._knock, host, self.port, ssl=self._tls)
            self._servers.append(server)
            self.port = server.sockets[0].getsockname()[1]

    async def _knock(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.knocks += 1
        if self._says:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(self._says)
            await writer.drain()
        writer.close()

    async def close(self) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    it = Listener()
    await it.listen("127.0.0.1", *(["::1"] if socket.has_ipv6 and _has_v6() else []))
    yield it
    await it.close()


def _has_v6() -> bool:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


HOSTS = (
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0x7f.1", "0177.0.0.1", "017700000001", "0177.1", "0", "0.0.0.0", "00000.0.0.0", "localhost", "LOCALHOST",
    "localhost.", "LocalHost", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::1]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fec0::1]",
    "169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1",
    "ｌｏｃａｌｈｏｓｔ", "127%2e0%2e0%2e1", "127.0.0.1%00.shop.example",
)  # fmt: skip
FORMS = (
    *(f"https://{host}:{{port}}/hook" for host in HOSTS),
    "http://127.0.0.1:{port}/", "https://shop.example@127.0.0.1:{port}/", "https://127.0.0.1:{port}@shop.example/",
    "https://shop.example\\@127.0.0.1:{port}/", "https://shop.example#@127.0.0.1:{port}/", "//127.0.0.1:{port}/",
    "https://shop.example:{port} @127.0.0.1/", "https:///127.0.0.1:{port}/", "https:127.0.0.1:{port}",
    "ftp://127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_GET", "unix:///run/docker.sock",
    "https://rebound.example:{port}/", "https://mixed.example:{port}/", "https://mapped.example:{port}/",
)  # fmt: skip


async def leading_home(host: str, port: int) -> list[str]:
    """A resolver in the pay of the attacker; numbers are read as the system's own would read them."""
    named = {
        "mixed.example": ["93.184.216.34", "127.0.0.1"],
        "mapped.example": ["::ffff:127.0.0.1"],
        "shop.example": ["127.0.0.1"],
    }
    return named.get(host, ["127.0.0.1"])


async def test_row_21_no_form_of_an_address_reaches_a_port_of_this_machine(listener: Listener) -> None:
    assert len(FORMS) >= 60
    outgoing = Outgoing(Egress(ports=frozenset({443, listener.port})), resolve=leading_home)
    for form in FORMS:
        with pytest.raises(NotAllowed):
            await outgoing.post(form.replace("{port}", str(listener.port)), b"{}", deadline=SECOND)
    await outgoing.close()
    assert listener.knocks == 0


async def test_row_21_the_systems_own_resolver_opens_no_way_either(listener: Listener) -> None:
    outgoing = Outgoing(Egress(ports=frozenset({443, listener.port})))
    for host in ("localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "ip6-localhost"):
        with pytest.raises((NotAllowed, Unreachable)):
            await outgoing.post(f"https://{host}:{listener.port}/", b"{}", deadline=SECOND)
    await outgoing.close()
    assert listener.knocks == 0


async def test_row_21_the_last_gate_holds_when_all_before_it_are_fooled(listener: Listener) -> None:
    class Fooled(Egress):
        def _check_host(self, scheme: str, host: str, port: int) -> None:
            """Let everything pass."""

    outgoing = Outgoing(Fooled())
    with pytest.raises((NotAllowed, Unreachable)):
        await outgoing.post(f"http://127.0.0.1:{listener.port}/", b"{}", deadline=SECOND)
    await outgoing.close()
    assert listener.knocks == 0


async def test_row_21_what_was_checked_is_what_is_connected_to(tmp_path: Path, listener: Listener) -> None:
    """DNS rebinding: the name is resolved once, and its certificate is still checked under that name."""
    server, client = certificate_for("shop.example", tmp_path)
    public = Listener(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", tls=server)
    await public.listen("127.0.0.2")
    answers = iter((["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]))

    async def rebinding(host: str, port: int) -> list[str]:
        return next(answers)

    egress = Egress(ports=frozenset({public.port}), is_open=_as_if_open("127.0.0.2"))
    outgoing = Outgoing(egress, resolve=rebinding, tls=client)
    answer = await outgoing.request("GET", f"https://shop.example:{public.port}/", deadline=SECOND)
    assert (answer.status, answer.body) == (200, b"ok")
    with pytest.raises(NotAllowed, match=r"leads to 127\.0\.0\.1"):
        await outgoing.request("GET", f"https://shop.example:{public.port}/", deadline=SECOND)
    await outgoing.close()
    stranger = Outgoing(egress, resolve=_always("127.0.0.2"), tls=client)
    with pytest.raises(Unreachable, match="certificate"):
        await stranger.request("GET", f"https://other.example:{public.port}/", deadline=SECOND)
    await stranger.close()
    await public.close()
    assert listener.knocks == 0


async def test_row_21_a_chain_of_redirects_is_not_followed(listener: Listener) -> None:
    onward = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n"
    first = Listener(onward % listener.port)
    await first.listen("127.0.0.1")
    outgoing = Outgoing(Egress(private_hosts=frozenset({f"127.0.0.1:{first.port}"})))
    answer = await outgoing.post(f"http://127.0.0.1:{first.port}/", b"{}", deadline=SECOND)
    with pytest.raises(NotAllowed):  # naming one port of a host names no other
        await outgoing.post(f"http://127.0.0.1:{listener.port}/", b"{}", deadline=SECOND)
    await outgoing.close()
    await first.close()
    assert (answer.status, first.knocks, listener.knocks) == (302, 1, 0)


async def test_row_21_an_answer_without_end_is_cut_off() -> None:
    endless = Listener(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000)
    await endless.listen("127.0.0.1")
    outgoing = Outgoing(Egress(private_hosts=frozenset({"127.0.0.1"})))
    with pytest.raises(TooMuch):
        await outgoing.post(f"http://127.0.0.1:{endless.port}/", b"{}", most=100_000, deadline=SECOND)
    await outgoing.close()
    await endless.close()


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_row_21_the_open_network_is_open(address: str) -> None:
    assert is_open(address)


def _as_if_open(address: str) -> Callable[[str], bool]:
    def open_or(given: str) -> bool:
        return given == address or is_open(given)

    return open_or


def _always(address: str) -> Callable[[str, int], "asyncio.Future[list[str]]"]:
    def resolve(host: str, port: int) -> "asyncio.Future[list[str]]":
        future: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        future.set_result([address])
        return future

    return resolve
