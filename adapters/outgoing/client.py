"""Asking other people's servers: checked addresses only, no redirects, a deadline, and no more than was asked for."""

import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from adapters.outgoing.egress import BadAddress, Egress

MOST = 1024 * 1024
"""Bytes of an answer, unless the asker wants fewer."""
DEADLINE = timedelta(seconds=5)
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""From a host name and port to IP addresses; tests hand in their own."""
_HEADERS = {"User-Agent": "intake-gateway", "Accept-Encoding": "identity"}


class OutgoingFailed(Exception):
    """There is no answer; ``str`` of it is for the operator and holds neither body nor query."""


class NotAllowed(OutgoingFailed):
    """The address, or one its name leads to, may not be asked: nothing was sent."""


class Unreachable(OutgoingFailed):
    """No connection came about: nothing was sent."""


class Silent(OutgoingFailed):
    """The request may have been taken, but no whole answer came in time."""


class TooMuch(OutgoingFailed):
    """The answer is longer than was asked for; the request was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whatever its status; redirects too, for they are not followed."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Outgoing:
    """One client for the whole process, its connections kept between requests."""

    def __init__(
        self,
        egress: Egress | None = None,
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.egress = egress or Egress()
        self._resolver = _Checked(self.egress, resolve or _by_system)
        self._tls: ssl.SSLContext | bool = tls or True
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        deadline: timedelta = DEADLINE,
        most: int = MOST,
        tls: ssl.SSLContext | None = None,
    ) -> Answer:
        """Ask once and return the answer; ``tls`` is for a certificate of our own (mTLS) or of a private authority.

        Raises:
            NotAllowed, Unreachable, Silent, TooMuch: see there.
        """
        seconds = deadline.total_seconds()
        try:
            checked = self.egress.check(url)
            async with self._opened().request(
                method,
                checked,
                data=body or None,
                headers=headers,
                allow_redirects=False,
                ssl=tls or self._tls,
                timeout=aiohttp.ClientTimeout(total=seconds, connect=seconds / 2),
            ) as response:
                return Answer(
                    status=response.status,
                    body=await _read(response, most),
                    headers={name.lower(): value for name, value in response.headers.items()},
                )
        except BadAddress as error:
            raise NotAllowed(str(error)) from error
        except aiohttp.InvalidURL as error:
            raise NotAllowed("this is no web address") from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _not_connected(error, url) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Silent(f"{shown(url)} gave no whole answer ({_said(error)})") from error

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: timedelta = DEADLINE,
        most: int = MOST,
        tls: ssl.SSLContext | None = None,
    ) -> Answer:
        """Post once; see ``request``."""
        return await self.request(
            "POST", url, body=body, headers=headers, deadline=deadline, most=most, tls=tls
        )

    async def close(self) -> None:
        """Close the connections; asking again opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=self._resolver,
                    use_dns_cache=False,  # what is connected to is what was just checked
                    socket_factory=self._resolver.dial,
                    limit=32,
                    limit_per_host=8,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_HEADERS,
                auto_decompress=False,  # a packed answer could unpack to anything
                trust_env=False,
            )
        return self._session


class _Checked(AbstractResolver):
    """Names to addresses: all of them open, or the name one that the operator has named."""

    def __init__(self, egress: Egress, resolve: Resolve) -> None:
        self._egress, self._resolve = egress, resolve
        self._meant: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``, if it may be asked."""
        addresses = await self._resolve(host, port)
        if not addresses:
            raise OSError(f"{host} has no address")
        if self._egress.is_private(host, port):
            self._meant.update(addresses)
        elif closed := [each for each in addresses if not self._egress.is_open(each)]:
            raise _Closed(f"{host} leads to {closed[0]}: name it in outgoing.private_hosts if it is meant")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
            if family in (socket.AF_UNSPEC, socket.AF_INET6 if ":" in address else socket.AF_INET)
        ]

    def dial(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """Open the socket for one address: the last place to say no, whichever way it came here."""
        kind, type_, proto, _, where = info
        address, port = str(where[0]), int(where[1])
        if not (
            address in self._meant or self._egress.is_private(address, port) or self._egress.is_open(address)
        ):
            raise _Closed(f"{address} is in a private network")
        return socket.socket(kind, type_, proto)

    async def close(self) -> None:
        """There is nothing to close."""


class _Closed(OSError):
    """A name leads into a private network."""


async def _by_system(host: str, port: int) -> list[str]:
    results = await aiohttp.ThreadedResolver().resolve(host, port, socket.AF_UNSPEC)
    return [each["host"] for each in results]


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            response.close()
            raise TooMuch(f"{response.url.host} answered more than {most} bytes")
    return bytes(body)


def _not_connected(error: aiohttp.ClientError, url: str) -> OutgoingFailed:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, _Closed):
        return NotAllowed(str(cause))
    return Unreachable(f"{shown(url)} cannot be reached ({_said(error)})")


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def shown(url: str) -> str:
    """Return an address as it may be logged: paths and queries of webhooks are often secrets."""
    try:
        it = URL(url)
        return f"{it.scheme}://{it.host}"
    except ValueError:
        return "an address"
