"""The chat over plain HTTP: new visitors, messages in, history out."""

from typing import Any

import orjson
from aiohttp import web

from adapters.contract import Context, IdTaken, NotStored
from adapters.webchat.door import Door, read_body
from adapters.webchat.frames import BadMessage, message, read_message, read_object
from adapters.webchat.problems import Problem
from adapters.webchat.settings import WebchatSettings
from adapters.webchat.talk import RETRY_NOT_STORED, Talk, TooFast
from adapters.webchat.words import preferred


class Rest:
    """Handlers of ``/chat/v1/visitors`` and ``/chat/v1/messages``."""

    def __init__(self, settings: WebchatSettings, context: Context, door: Door, talk: Talk) -> None:
        self._settings = settings
        self._context = context
        self._door = door
        self._talk = talk

    async def new_visitor(self, request: web.Request) -> web.Response:
        """Give a new visitor a token and the name of its thread."""
        await read_body(request, 1024)
        token, visitor = self._door.new_visitor()
        return json_answer({"token": token, "conversation": visitor}, status=201)

    async def post_message(self, request: web.Request) -> web.Response:
        """Store a message, and only then say so."""
        visitor = self._door.visitor(request)
        paced(self._talk.pace, visitor)
        body = await read_body(request, self._settings.max_frame)
        lang = preferred(request.headers.get("Accept-Language", ""))
        try:
            data = read_object(body)
            if "type" in data:
                raise BadMessage("bad-message", "unknown key: type")
            said = read_message(data, self._settings.max_text, self._settings.attachments.max_files)
            accepted = await self._talk.take(visitor, said, lang)
        except BadMessage as error:
            raise Problem(error.code, error.detail) from None
        except IdTaken:
            raise Problem("id-taken") from None
        except NotStored:
            raise Problem("not-stored", retry_after=RETRY_NOT_STORED) from None
        return json_answer({"id": said.id, "seq": accepted.seq}, status=202)

    async def get_messages(self, request: web.Request) -> web.Response:
        """Return a stretch of the thread; a client asks again with the last ``seq`` it got until it has all."""
        visitor = self._door.visitor(request)
        paced(self._talk.pace, visitor)
        since = request.query.get("since", "0")
        if not since.isascii() or not since.isdigit() or len(since) > 15:
            raise Problem("bad-since")
        history = await self._context.history(visitor, int(since))
        shown = [message(it) for it in history.messages]
        return json_answer({"messages": shown, "last_seq": history.last_seq})


def paced(pace: Any, visitor: str) -> None:
    """Count one request of ``visitor``, refusing one too many.

    Raises:
        Problem: 429 with the seconds to wait.
    """
    try:
        pace(visitor)
    except TooFast as error:
        raise Problem("flood", retry_after=error.retry_after) from None


def json_answer(data: dict[str, Any], status: int = 200) -> web.Response:
    """Return ``data`` as JSON that no cache keeps."""
    return web.Response(
        status=status,
        body=orjson.dumps(data, option=orjson.OPT_UTC_Z),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
