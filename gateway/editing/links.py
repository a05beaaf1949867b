"""Ask the web addresses in answers whether they still answer: bounded, patient with busy sites, never into a private network."""

import asyncio
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.outgoing.egress import is_open
from gateway.errors import Said
from knowledge.entry import KnowledgeEntry
from knowledge.lint.finding import Finding, Level
from knowledge.lint.house import Case, House
from knowledge.lint.links import dead, links_in, sound
from knowledge.lint.places import Places

DEADLINE_S = 10.0
MOST_LINKS = 500
AT_ONCE, AT_ONE_HOST = 16, 2
REDIRECTS = 5
_AGENT = {"User-Agent": "intake-gateway (checks its own links)", "Accept": "*/*"}
_NO_HEAD = (400, 403, 404, 405, 501, 503)
_GUARDED = (401, 403, 405, 406, 407, 429)
"""Somebody is there and does not let a program in: no reason to call a link dead."""

_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""Of other failures to look a name up our own network may be the cause."""

Wrong = tuple[Level, Said]
IsPublic = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Say whether an IP address lies in the open network."""
    return is_open(address)


class _Public(AbstractResolver):
    """Resolves names, and finds nothing where a name leads into a private network."""

    def __init__(self, is_public: IsPublic) -> None:
        self._is_public = is_public
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``, if all of them are public."""
        found = await self._resolver.resolve(host, port, family)
        if not all(self._is_public(it["host"]) for it in found):
            raise _Private
        return found

    async def close(self) -> None:
        """Close the resolver."""
        await self._resolver.close()


class _Private(OSError):
    """A name or a redirect leads into a private network."""


def dead_links(entries: Sequence[KnowledgeEntry], house: House) -> list[Finding]:
    """Return a finding for each web address that does not answer; those that no network is needed for are left out."""
    case = Case(entries, house, Places())
    links = [link for link in links_in(case) if sound(link.url)]
    wrong = asyncio.run(ask(link.url for link in links))
    return [
        dead(
            case, link, level=wrong[link.url][0], zh=wrong[link.url][1].zh, en=wrong[link.url][1].en,
            remedy_zh="请在浏览器里打开看看，改正或删去。", remedy_en="Open it in a browser; mend it or take it out.",
        )
        for link in links
        if link.url in wrong
    ]  # fmt: skip


async def ask(
    urls: Iterable[str], *, deadline_s: float = DEADLINE_S, is_public: IsPublic = is_public
) -> Mapping[str, Wrong]:
    """Return what is wrong with those ``urls`` that do not answer; the first 500 are asked, each once."""
    wanted = list(dict.fromkeys(urls))[:MOST_LINKS]
    connector = aiohttp.TCPConnector(
        limit=AT_ONCE, limit_per_host=AT_ONE_HOST, resolver=_Public(is_public), use_dns_cache=False
    )
    async with aiohttp.ClientSession(
        connector=connector, headers=_AGENT, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    ) as session:
        limit = asyncio.Semaphore(AT_ONCE)  # the deadline counts from a link's own beginning

        async def one(url: str) -> Wrong | None:
            async with limit:
                return await _asked(session, url, deadline_s, is_public)

        answers = await asyncio.gather(*map(one, wanted))
    return {url: wrong for url, wrong in zip(wanted, answers, strict=True) if wrong is not None}


async def _asked(
    session: aiohttp.ClientSession, url: str, deadline_s: float, is_public: IsPublic
) -> Wrong | None:
    try:
        async with asyncio.timeout(deadline_s):
            status = await _status(session, url, is_public)
    except TimeoutError:
        return "warning", Said(
            f"在 {deadline_s:g} 秒内没有回应。", f"did not answer within {deadline_s:g} s."
        )
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return _failed(error)
    if status < 400 or status in _GUARDED:
        return None
    level: Level = "error" if status in (404, 410) else "warning"
    return level, Said(f"返回错误 {status}。", f"answers {status}.")


def _failed(error: Exception) -> Wrong:
    if isinstance(error, _Private) or isinstance(error.__cause__, _Private):
        return "error", Said("通向内部网络，没有访问。", "leads into a private network and was not followed.")
    if isinstance(error, aiohttp.ClientConnectorDNSError) and error.os_error.errno in _NO_SUCH_NAME:
        return "error", Said("的网站名查不到。", "names a site that cannot be found.")
    return "warning", Said("连接不上。", f"cannot be reached ({type(error).__name__}).")


async def _status(session: aiohttp.ClientSession, url: str, is_public: IsPublic) -> int:
    """Return the last status after at most five redirects, each of them looked at before it is followed."""
    for _ in range(REDIRECTS + 1):
        _refuse_private(url, is_public)
        status, onward = await _once(session, "HEAD", url)
        if status in _NO_HEAD:
            status, onward = await _once(session, "GET", url)
        if not (300 <= status < 400 and onward):
            return status
        url = urljoin(url, onward)
    return 310  # round in circles, as browsers call it; somebody answers


async def _once(session: aiohttp.ClientSession, method: str, url: str) -> tuple[int, str]:
    async with session.request(method, url, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", "")


def _refuse_private(url: str, is_public: IsPublic) -> None:
    """A literal address is never resolved, so it is looked at here; only http and https are followed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        raise ValueError(url)
    try:
        public = is_public(host)
    except ValueError:
        return  # a name: the resolver looks
    if not public:
        raise _Private
