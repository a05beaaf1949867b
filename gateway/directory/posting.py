"""The way to the shop's own service: one session, no redirects, no proxies of the environment, nothing unpacked."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from gateway.directory.contract import Trouble
from gateway.directory.http_source import DEADLINE, MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Poster:
    """Posts to the one configured address."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

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
        """Post once.

        Raises:
            Trouble: there is no whole answer in time, or it is longer than ``most``.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False
            )
        timeout = aiohttp.ClientTimeout(total=deadline.total_seconds())
        try:
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False, timeout=timeout, ssl=tls or True
            ) as response:
                content = await response.content.read(most + 1)
                while len(content) <= most and not response.content.at_eof():
                    content += await response.content.read(most + 1 - len(content))
        except TimeoutError as error:
            raise Trouble("timeout", "the service gave no whole answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Trouble("unreachable", f"the service cannot be asked ({type(error).__name__})") from error
        if len(content) > most:
            raise Trouble("too_big", f"the service's answer is longer than {most} bytes")
        return Answer(status=response.status, body=content)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
