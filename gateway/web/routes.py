"""A route as we write it: method, path, the right it needs, the models at its door, and one handler."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import hdrs, web
from pydantic import BaseModel, ValidationError

from adapters.reading import BodyPacked, BodyTooBig, BodyTooSlow, read_body
from gateway.desk.accounts_errors import ProofWanted
from gateway.desk.files import TooLarge
from gateway.desk.rights import Action, Stage, Unseen, Who, authorize
from gateway.errors import Forbidden, NotFound
from gateway.web.encode import encode
from gateway.web.limits import Pace
from gateway.web.policy import ANYBODY, Rule, rule_of
from gateway.web.problems import BadJson, Invalid, TooSlow, WrongMedia, from_validation, language
from gateway.web.security import Origin, check_origin, identify, origin_of
from gateway.web.world import PARTS, WHO, Parts

NUL = "\x00"
BODY_LIMIT = 1024 * 1024
BASE = "/api/v1"

PASSIVE = frozenset({Action.SEE_CHANNELS, Action.SEE_AGENTS})
"""What a desk asks for by itself: that alone does not keep a session from idling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request past the door: who asks, and what was checked of what they sent."""

    request: web.Request
    parts: Parts
    origin: Origin
    lang: str
    caller: Who | None = None
    checked: BaseModel | None = None

    @property
    def who(self) -> Who:
        """Who asks; only routes that need a right have anybody."""
        assert self.caller is not None
        return self.caller

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return self.request.match_info[name]

    def number(self, name: str) -> int:
        """Return a part of the path that is a row's id.

        Raises:
            NotFound: it is no such id.
        """
        text = self.path(name)
        if not text.isascii() or not text.isdecimal() or len(text) > 15:
            raise NotFound(f"no {name} {text[:20]}")
        return int(text)

    def body(self, model: type[BaseModel]) -> Any:
        """Return the checked body or query."""
        assert isinstance(self.checked, model)
        return self.checked


Handler = Callable[[Ask], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One entry of the interface; ``action`` None means that anybody may ask."""

    method: str
    path: str
    action: Action | None
    handler: Handler
    summary: str
    takes: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None
    status: int = 200
    refusals: tuple[int, ...] = ()
    takes_file: bool = False
    streams: bool = False
    max_body: int = 256 * 1024
    """Bytes of JSON this route takes."""
    pace: Pace | None = None
    """How often one asker may ask here; by default as ``limits`` of the settings says for its kind."""
    fresh: bool = False
    """Asks for a proof of a few minutes ago; a token has none to show."""
    stages: frozenset[Stage] = frozenset()
    """Sessions that are not whole yet and may ask it all the same."""
    params: dict[str, str] = field(default_factory=dict)

    @property
    def is_query(self) -> bool:
        """Whether ``takes`` is read from the query."""
        return self.method == "GET"


def mount(app: web.Application, routes: Sequence[Route]) -> None:
    """Add the routes below ``/api/v1``, each behind its door."""
    for route in routes:
        app.router.add_route(route.method, BASE + route.path, _door(route))


def answer(value: Any, status: int = 200) -> web.Response:
    """Return JSON."""
    return web.Response(status=status, body=encode(value), content_type="application/json")


def nothing() -> web.Response:
    """Return 204."""
    return web.Response(status=204)


def _door(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    named = rule_of(route.path)

    async def enter(request: web.Request) -> web.StreamResponse:
        parts = request.app[PARTS]
        origin = origin_of(request, parts.world)
        if route.action is None:
            _pace(parts, route, f"address:{origin.address}")
            if request.method != "GET":
                check_origin(request, origin)
        else:
            caller = await identify(
                request, origin, is_active=route.action not in PASSIVE, stages=route.stages
            )
            request[WHO] = caller.number or f"token:{caller.name}"
            _pace(parts, route, request[WHO])
            return await _asked(request, parts, origin, caller, route.action)
        return await _handled(request, parts, origin, None)

    async def _asked(
        request: web.Request, parts: Parts, origin: Origin, caller: Who, action: Action
    ) -> web.StreamResponse:
        try:
            authorize(caller, action)
            if route.fresh:
                check_fresh(caller, parts)
            if named is not None:
                await _ask(parts, named, request, caller, action)
            return await _handled(request, parts, origin, caller)
        except (Forbidden, ProofWanted, Unseen) as error:
            await parts.denials.note(caller, action, error)
            raise

    async def _handled(
        request: web.Request, parts: Parts, origin: Origin, caller: Who | None
    ) -> web.StreamResponse:
        checked = await _checked(request, route) if route.takes is not None else None
        lang = language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        return await route.handler(
            Ask(request=request, parts=parts, origin=origin, lang=lang, caller=caller, checked=checked)
        )

    return enter


def check_fresh(who: Who, parts: Parts) -> None:
    """Return if somebody proved themselves a few minutes ago, or is just about to finish signing in.

    Raises:
        ProofWanted: they did not, or are a program.
    """
    if who.session is not None and who.stage is not Stage.IN:
        return
    age = None if who.proved_at is None else parts.world.clock.now() - who.proved_at
    if age is None or age > parts.world.accounts.fresh:
        raise ProofWanted("the last proof is too old")


async def _ask(parts: Parts, named: tuple[str, Rule], request: web.Request, who: Who, action: Action) -> None:
    """Before a body is looked at: whether it fits must tell nothing about what is not for them."""
    name, rule = named
    if rule is ANYBODY:
        return
    try:
        if NUL in request.match_info[name]:
            raise NotFound("a name with a NUL in it")
        await parts.world.database.read(lambda tx: rule(tx, request.match_info[name], who, action))
    except Unseen:
        raise
    except NotFound:
        parts.denials.unknown(action)
        raise


def _pace(parts: Parts, route: Route, asker: str) -> None:
    """Count the request before anything is looked up for it."""
    limits = parts.paces.limits
    usual = limits.strangers if route.action is None else limits.reads if route.is_query else limits.writes
    parts.paces.take((route.method, route.path, asker), route.pace or usual, parts.world.clock.monotonic())


async def _checked(request: web.Request, route: Route) -> BaseModel:
    assert route.takes is not None
    given: Any = _query(request) if route.is_query else await _json(request, route.max_body)
    try:
        return route.takes.model_validate(given)
    except ValidationError as error:
        raise from_validation(error) from error


def _query(request: web.Request) -> dict[str, str]:
    """A NUL ends a text for one database and is refused by the other: no filter means one."""
    given = dict(request.query)
    cut = [{"field": name, "problem": "nul"} for name, value in given.items() if NUL in value]
    if cut:
        raise Invalid(cut)
    return given


async def _json(request: web.Request, most: int) -> Any:
    # Another site's form can send neither this type nor the session's token.
    if request.content_type != "application/json":
        raise WrongMedia(f"a body of type {request.content_type}")
    try:
        return orjson.loads(await read_body(request, most))
    except BodyPacked as error:
        raise WrongMedia("a packed body") from error
    except BodyTooBig as error:
        raise TooLarge(str(error)) from error
    except BodyTooSlow as error:
        raise TooSlow(str(error)) from error
    except orjson.JSONDecodeError as error:
        raise BadJson("the body is not JSON") from error
