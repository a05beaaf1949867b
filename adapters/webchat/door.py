"""What every request passes through: origin, cross-origin headers, bearer token, size of the body."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from adapters.contract import Context
from adapters.webchat.origins import Origins
from adapters.webchat.problems import Problem, answer
from adapters.webchat.settings import WebchatSettings
from adapters.webchat.tokens import BadToken, issue, verify

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept-Language",
    "Access-Control-Max-Age": "7200",
}


class Door:
    """Knows visitors by their tokens and pages by their origins."""

    def __init__(self, settings: WebchatSettings, context: Context) -> None:
        self._context = context
        self._ttl = settings.visitor_ttl
        self._secret = context.secret("visitor")
        self._origins = Origins(settings.origins, context.public_url)

    def new_visitor(self) -> tuple[str, str]:
        """Return a fresh visitor's token and id; nothing is stored anywhere."""
        visitor = self._context.chance(16)
        return issue(visitor, self._context.clock.now(), self._secret), visitor.hex()

    def visitor_of(self, token: str) -> str:
        """Return the visitor's id.

        Raises:
            BadToken: the visitor needs a new token.
        """
        return verify(token, self._context.clock.now(), self._ttl, self._secret)

    def visitor(self, request: web.Request) -> str:
        """Return who sends ``request``, by its bearer token.

        Raises:
            Problem: 401.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise BadToken("no bearer token")
            return self.visitor_of(token.strip())
        except BadToken:
            raise Problem("bad-token") from None

    def guarded(self, handler: Handler) -> Handler:
        """Return ``handler`` with refusals made readable and pages of other hosts let in or kept out."""

        async def guard(request: web.Request) -> web.StreamResponse:
            try:
                if not self.allows(request):
                    raise Problem("origin", "the operator can add this origin to the channel's `origins`")
                response = await handler(request)
            except Problem as problem:
                response = answer(request, problem)
            if not response.prepared:
                response.headers.update(self.cross_origin(request))
            return response

        return guard

    def allows(self, request: web.Request) -> bool:
        """Say whether the page that sends ``request`` may."""
        return self._origins.allows(request.headers.get("Origin"), request.host)

    async def preflight(self, request: web.Request) -> web.Response:
        """Answer a browser that asks before it sends."""
        if not self.allows(request):
            return answer(request, Problem("origin"))
        return web.Response(status=204, headers=self.cross_origin(request) | _PREFLIGHT)

    def cross_origin(self, request: web.Request) -> dict[str, str]:
        """Return the headers that let the page of ``request`` read the answer, if it may."""
        origin = request.headers.get("Origin")
        return {"Vary": "Origin"} | (
            {"Access-Control-Allow-Origin": origin} if origin and self.allows(request) else {}
        )


async def read_body(request: web.Request, limit: int) -> bytes:
    """Return the body of ``request``, counting for ourselves: aiohttp's own limit misses streamed bodies.

    Raises:
        Problem: 413 for more than ``limit`` bytes, 415 for a compressed one.
    """
    refuse_encoded(request)
    if (request.content_length or 0) > limit:
        raise Problem("too-big", f"at most {limit} bytes")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise Problem("too-big", f"at most {limit} bytes")
    return bytes(body)


def refuse_encoded(request: web.Request) -> None:
    """Refuse compressed bodies: nothing we take needs it, and bombs do."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("encoded")
