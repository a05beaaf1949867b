"""A supervisors' webhook (a group chat's robot, a pager): one signed request, no redirects, every answer understood."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

from adapters.contract import Refused, SendFailed
from gateway.clock import SystemClock

TIMEOUT = aiohttp.ClientTimeout(total=10)
_LATER = (408, 425, 429)


class AlarmHook:
    """Where alarms are posted, signed as Standard Webhooks defines it."""

    def __init__(self, url: str, secret: str, clock: SystemClock) -> None:
        self._url, self._key, self._clock = url, _key(secret), clock
        self._session: aiohttp.ClientSession | None = None

    async def post(self, name: str, body: Mapping[str, Any]) -> None:
        """Post once; the receiver knows a repeated one by ``webhook-id``.

        Raises:
            SendFailed: to be tried again.
            Refused: it will not be taken.
        """
        payload = orjson.dumps(body)
        stamp = str(int(self._clock.now().timestamp()))
        signed = b".".join((name.encode(), stamp.encode(), payload))
        mark = base64.b64encode(hmac.digest(self._key, signed, hashlib.sha256)).decode()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{mark}",
        }
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.post(
                self._url, data=payload, headers=headers, allow_redirects=False
            ) as response:
                status = response.status
        except (TimeoutError, aiohttp.ClientError) as error:
            raise SendFailed(
                f"the alarms' webhook cannot be reached: {error}; check alarms.webhook"
            ) from error
        if 400 <= status < 500 and status not in _LATER:
            raise Refused(f"the alarms' webhook answered {status}: check alarms.webhook and its secret")
        if not 200 <= status < 300:
            raise SendFailed(f"the alarms' webhook answered {status}")

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _key(secret: str) -> bytes:
    """Return the key: base64 after ``whsec_``, or the very characters of any other secret."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
