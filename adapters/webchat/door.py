"""What every request passes through: origin, cross-origin headers, bearer token, size of the body."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from adapters import reading
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

    def token_of(self, visitor: str) -> str:
        """Return a new token of a visitor whose old one was right."""
        return issue(bytes.fromhex(visitor), self._context.clock.now(), self._secret)

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
    """Return the body of ``request``.

    Raises:
        Problem: 413 for more than ``limit`` bytes, 415 for a compressed one, 408 for a slow one.
    """
    with refusing():
        return await reading.read_body(request, limit)


@contextmanager
def refusing(too_big: str = "too-big") -> Iterator[None]:
    """Turn what the counting reader refuses into the problem a client is told."""
    try:
        yield
    except reading.BodyPacked:
        raise Problem("encoded") from None
    except reading.BodyTooSlow:
        raise Problem("too-slow") from None
    except reading.BodyTooBig as error:
        raise Problem(too_big, str(error)) from None
