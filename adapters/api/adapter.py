"""The routes an app posts to and reads from, and the way replies leave."""

import hmac
from collections.abc import Awaitable, Callable, Sequence

import orjson
from aiohttp import web
from pydantic import ValidationError

from adapters.api.model import Posted, to_inbound
from adapters.api.problems import Problem, answer
from adapters.api.settings import ApiSettings
from adapters.api.signing import body_of, shown
from adapters.api.webhook import Webhook
from adapters.contract import Context, IdTaken, NotStored, Outbound, Receipt, Rendered
from adapters.reading import BodyPacked, BodyTooBig, BodyTooSlow, read_body
from adapters.webhook_signing import BadSignature, check

Handler = Callable[[web.Request], Awaitable[web.Response]]


class ApiAdapter:
    """One app as one Channel."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._token = settings.token.get_secret_value().encode()
        self._post_keys = settings.post_keys
        self._webhook = Webhook(settings, context)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the two routes of this channel."""
        path = f"/api/v1/channels/{self._context.channel}/messages"
        return [web.post(path, self._guarded(self._post)), web.get(path, self._guarded(self._get))]

    async def run(self) -> None:
        """Return at once: messages are posted to us."""

    async def send(self, outbound: Outbound) -> Receipt:
        """Post one message to the app's webhook."""
        return await self._webhook.post(outbound)

    def render(self, outbound: Outbound) -> Sequence[Rendered]:
        """Return what would be posted to the app."""
        body = orjson.loads(body_of(outbound, ()))
        return [Rendered(form="json", content=orjson.dumps(body, option=orjson.OPT_INDENT_2).decode())]

    async def close(self) -> None:
        """Close the connection to the app."""
        await self._webhook.close()

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            try:
                self._check_token(request)
                return await handler(request)
            except Problem as problem:
                return answer(request, problem)

        return guarded

    def _check_token(self, request: web.Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        is_right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token)
        if scheme.lower() != "bearer" or not is_right:
            raise Problem("bad-token")

    async def _post(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        signed_as = self._signed_as(request, body)
        posted = self._read(request, body)
        if signed_as not in (None, posted.id):
            raise Problem("bad-signature")  # else an old delivery could be played again under a new id
        try:
            accepted = await self._context.deliver(to_inbound(self._context.channel, posted))
        except IdTaken as error:
            raise Problem("id-taken") from error
        except NotStored as error:
            raise Problem("not-stored") from error
        assert accepted is not None
        return _json(202, {"id": posted.id, "seq": accepted.seq})

    async def _get(self, request: web.Request) -> web.Response:
        thread, since = request.query.get("thread", ""), request.query.get("since", "0")
        if not thread or not (since.isascii() and since.isdigit()) or len(since) > 18:
            raise Problem("bad-since")
        try:
            history = await self._context.history(thread, int(since))
        except NotStored as error:  # the store cannot be read just now
            raise Problem("not-stored") from error
        messages = [shown(message) for message in history.messages]
        return _json(200, {"messages": messages, "last_seq": history.last_seq})

    def _signed_as(self, request: web.Request, body: bytes) -> str | None:
        """Return the id the app signed with; None where its signature is not asked for."""
        if not self._post_keys:
            return None
        try:
            return check(self._post_keys, request.headers, body, self._context.clock.now())
        except BadSignature as error:
            raise Problem("bad-signature") from error

    def _read(self, request: web.Request, body: bytes) -> Posted:
        if request.content_type != "application/json":
            raise Problem("media-type")
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Problem("bad-json") from error
        if not isinstance(given, dict):
            raise Problem("bad-json")
        try:
            posted = Posted.model_validate(given)
        except ValidationError as error:
            raise Problem("bad-message", explained(error)) from error
        self._check_size(posted)
        return posted

    async def _body(self, request: web.Request) -> bytes:
        try:
            return await read_body(request, self._largest_body())
        except BodyPacked as error:
            raise Problem("encoded") from error
        except BodyTooSlow as error:
            raise Problem("too-slow") from error
        except BodyTooBig as error:
            raise Problem("too-big") from error

    def _largest_body(self) -> int:
        """Base64 makes four bytes of three, a character of text at most twelve (``\\ud83d\\ude00``)."""
        files = self._settings.max_attachment_bytes * 4 // 3 + 1024 * self._settings.max_attachments
        return files + self._settings.max_text * 12 + 16 * 1024

    def _check_size(self, posted: Posted) -> None:
        size = sum(len(it.content) for it in posted.attachments)
        if (
            len(posted.text) > self._settings.max_text
            or len(posted.attachments) > self._settings.max_attachments
            or size > self._settings.max_attachment_bytes
        ):
            raise Problem("too-big")


def explained(error: ValidationError) -> list[dict[str, str]]:
    """Return what is wrong, by JSON pointer; never the values themselves, which are a customer's."""
    return [
        {"pointer": "/" + "/".join(map(str, it["loc"])), "detail": it["msg"]}
        for it in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def _json(status: int, body: object) -> web.Response:
    return web.Response(
        status=status,
        body=orjson.dumps(body),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
