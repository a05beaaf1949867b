"""A supervisors' webhook (a group chat's robot, a pager): one signed request, every answer understood."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson

from adapters.contract import Refused, SendFailed
from adapters.outgoing import Outgoing, OutgoingFailed
from adapters.webhook_signing import headers
from gateway.clock import SystemClock

DEADLINE = timedelta(seconds=10)
_LATER = (408, 425, 429)


class AlarmHook:
    """Where alarms are posted, signed as Standard Webhooks defines it."""

    def __init__(self, url: str, keys: Sequence[bytes], outgoing: Outgoing, clock: SystemClock) -> None:
        self._url, self._keys, self._outgoing, self._clock = url, keys, outgoing, clock

    async def post(self, name: str, body: Mapping[str, Any]) -> None:
        """Post once; the receiver knows a repeated one by ``webhook-id``.

        Raises:
            SendFailed: to be tried again.
            Refused: it will not be taken.
        """
        payload = orjson.dumps(body)
        signed = headers(self._keys, name, self._clock.now(), payload)
        try:
            answer = await self._outgoing.post(self._url, payload, headers=signed, deadline=DEADLINE)
        except OutgoingFailed as error:
            raise SendFailed(
                f"the alarms' webhook cannot be reached: {error}; check alarms.webhook"
            ) from error
        status = answer.status
        if 400 <= status < 500 and status not in _LATER:
            raise Refused(f"the alarms' webhook answered {status}: check alarms.webhook and its secret")
        if not 200 <= status < 300:
            raise SendFailed(f"the alarms' webhook answered {status}")
