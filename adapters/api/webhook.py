"""Posting to the app's webhook: one request, no redirects, public addresses only, every answer understood."""

import ipaddress
import socket
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.api.settings import ApiSettings, signing_key
from adapters.api.signing import body_of, headers
from adapters.contract import BadCredentials, Context, Outbound, Receipt, Refused, SendFailed

LONGEST_WISH = timedelta(hours=24)
_LATER = (408, 425, 429)


class PublicOnly(AbstractResolver):
    """Resolves names, and finds nothing where a name leads into a private network."""

    def __init__(self) -> None:
        self._resolver = aiohttp.DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``, if all of them are public."""
        found = await self._resolver.resolve(host, port, family)
        private = [it["host"] for it in found if not ipaddress.ip_address(it["host"]).is_global]
        if private:
            raise OSError(
                f"{host} leads to the private address {private[0]}: set allow_private = true if meant"
            )
        return found

    async def close(self) -> None:
        """Close the resolver."""
        await self._resolver.close()


class Webhook:
    """The app's address, with a connection kept between messages."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._key = signing_key(settings.webhook_secret)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, outbound: Outbound) -> Receipt:
        """Post one message; the app knows a repeated one by ``webhook-id``."""
        body = body_of(outbound, [await it.read() for it in outbound.attachments])
        signed = headers(self._key, outbound.key, self._context.clock.now(), body)
        try:
            async with self._opened().post(
                self._settings.webhook_url, data=body, headers=signed, allow_redirects=False
            ) as response:
                return self._judged(response, outbound)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendFailed(f"the app's webhook cannot be reached: {error}; check webhook_url") from error
        except (TimeoutError, aiohttp.ClientError) as error:
            says = str(error) or type(error).__name__
            raise SendFailed(
                f"the app's webhook took the request and fell silent ({says})", maybe_sent=True
            ) from error

    def _judged(self, response: aiohttp.ClientResponse, outbound: Outbound) -> Receipt:
        status = response.status
        if 200 <= status < 300:
            return Receipt(provider_ids=(outbound.key,), detail=f"{status}")
        if status in (401, 403):
            raise BadCredentials(
                f"the app answered {status}: see that it checks signatures with the webhook_secret of "
                f"channels.{self._context.channel}"
            )
        if 300 <= status < 400:
            raise SendFailed(
                f"the app answered {status}: redirects are not followed, set webhook_url to the end of them"
            )
        if 400 <= status < 500 and status not in _LATER:
            raise Refused(f"the app answered {status} and will not take it")
        raise SendFailed(f"the app answered {status}", retry_after=self._wish(response))

    def _wish(self, response: aiohttp.ClientResponse) -> timedelta | None:
        return parse_retry_after(response.headers.get("Retry-After", ""), self._context.clock.now())

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = None if self._settings.may_go_anywhere else PublicOnly()
            seconds = self._settings.timeout.total_seconds()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, limit=8),
                timeout=aiohttp.ClientTimeout(total=seconds, connect=seconds / 2),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "intake-gateway"},
            )
        return self._session

    async def close(self) -> None:
        """Close the connection; posting again opens a new one."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def parse_retry_after(value: str, now: datetime) -> timedelta | None:
    """Return a ``Retry-After`` header (RFC 9110 §10.2.3) as a span of at most a day; None when it says nothing."""
    if value.isascii() and value.isdigit():
        span = timedelta(seconds=min(int(value[:9]), 86_400))
    else:
        try:
            span = parsedate_to_datetime(value) - now
        except (ValueError, TypeError):
            return None
    return min(max(span, timedelta()), LONGEST_WISH)
