"""The chat over plain HTTP: new visitors, messages in, history out."""

from typing import Any

import orjson
from aiohttp import web

from adapters.contract import Context, IdTaken, NotStored, Vouched
from adapters.webchat.door import Door, read_body
from adapters.webchat.frames import BadMessage, message, read_message, read_object
from adapters.webchat.problems import Problem
from adapters.webchat.settings import WebchatSettings
from adapters.webchat.site import NotVouched, Word, read_word, site_key
from adapters.webchat.talk import RETRY_NOT_STORED, Talk, TooFast
from adapters.webchat.words import preferred


class Rest:
    """Handlers of ``/chat/v1/visitors`` and ``/chat/v1/messages``."""

    def __init__(self, settings: WebchatSettings, context: Context, door: Door, talk: Talk) -> None:
        self._settings = settings
        self._context = context
        self._door = door
        self._talk = talk
        self._keys = {kid: site_key(text) for kid, text in settings.site_keys.items()}

    async def new_visitor(self, request: web.Request) -> web.Response:
        """Give a new visitor a token and the name of its thread."""
        word = self._word(await read_body(request, 8192))
        if word is None and self._settings.require_identity:
            raise Problem("identity-required")
        token, visitor = self._door.new_visitor()
        if word is not None:
            token, visitor = await self._vouched(visitor, word)
        return json_answer({"token": token, "conversation": visitor}, status=201)

    async def identify(self, request: web.Request) -> web.Response:
        """Take the site's word for who writes; somebody else than before gets a conversation of their own."""
        visitor = self._door.visitor(request)
        paced(self._talk.pace, visitor)
        word = self._word(await read_body(request, 8192))
        if word is None:
            raise Problem("bad-identity", "no token in `identity`")
        token, mine = await self._vouched(visitor, word)
        return json_answer({"token": token, "conversation": mine})

    def _word(self, body: bytes) -> Word | None:
        """Return what the site says in a body; None for an empty one, which claims nothing."""
        if not body.strip():
            return None
        try:
            data = read_object(body)
        except BadMessage as error:
            raise Problem(error.code, error.detail) from None
        if not data:
            return None
        if data.keys() != {"identity"}:
            raise Problem("bad-message", "only `identity`, a token signed by the site, is taken")
        settings = self._settings
        try:
            now = self._context.clock.now()
            return read_word(data["identity"], self._keys, settings.site_issuer, settings.site_audience, now)
        except NotVouched as error:
            raise Problem("bad-identity", str(error)) from None

    async def _vouched(self, visitor: str, word: Word) -> tuple[str, str]:
        """The one way in which anybody's identity on a thread changes."""
        who = Vouched(
            subject=word.subject, jti=word.jti, expires_at=word.expires_at, signed_in_at=word.signed_in_at
        )
        token, fresh = self._door.new_visitor()
        try:
            mine = await self._context.vouch(visitor, fresh, who)
        except NotStored:
            raise Problem("not-stored", retry_after=RETRY_NOT_STORED) from None
        if mine is None:
            raise Problem("bad-identity", "this token was used before")
        return (token if mine == fresh else self._door.token_of(mine)), mine

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
