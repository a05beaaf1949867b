"""The address Telegram calls: nothing is read before the secret is right, nothing answered before it is stored."""

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from adapters.contract import NotStored
from adapters.reading import BodyPacked, BodyRefused, read_body

MAX_BYTES = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name

Take = Callable[[dict[str, Any]], Awaitable[bool]]


class Webhook:
    """One channel's route; ``take`` stores an update or raises NotStored."""

    def __init__(self, channel: str, secret: str, take: Take) -> None:
        self._channel = channel
        self._secret = secret.encode()
        self._take = take

    @staticmethod
    def path(channel: str) -> str:
        """Return the route's path."""
        return f"/telegram/{channel}/webhook"

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the one route."""
        return [web.post(self.path(self._channel), self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """Store one update and say so."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        try:
            body = await read_body(request, MAX_BYTES)
        except BodyPacked:
            return web.Response(status=415)
        except BodyRefused:
            return web.Response(status=413)
        try:
            update = json.loads(body)  # orjson would refuse half a surrogate pair, and Telegram repeat it
            is_update = isinstance(update["update_id"], int)
        except (ValueError, RecursionError, TypeError, KeyError):
            is_update = False
        if not is_update:
            return web.Response(status=400)
        try:
            await self._take(update)
        except NotStored:
            return web.Response(status=503, headers={"Retry-After": "5"})
        return web.json_response(said_back(update))


def said_back(update: dict[str, Any]) -> dict[str, Any]:
    """Return the call Telegram may make for us out of our answer: a tapped button stops spinning."""
    query = update.get("callback_query")
    if isinstance(query, dict) and "id" in query:
        return {"method": "answerCallbackQuery", "callback_query_id": query["id"]}
    return {}
