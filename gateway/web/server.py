"""The web application: middlewares, our own routes, and those that adapters bring."""

from collections.abc import AsyncIterator, Sequence

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from gateway.desk.accounts import Accounts
from gateway.desk.accounts_staff import Staff
from gateway.desk.factors import Factors
from gateway.desk.files import Files
from gateway.desk.invitations import Invitations
from gateway.desk.logging_calls import CallLog
from gateway.desk.oidc import SignOn
from gateway.desk.reveal import Reveals
from gateway.desk.senders import Senders
from gateway.desk.tickets import Desk
from gateway.editing.workshop import Workshop
from gateway.errors import GatewayError, OutsideFailure
from gateway.web import health, pages, verify_page
from gateway.web.api import (
    account,
    accounts,
    alarms,
    approvals,
    complaints,
    customers,
    drafts,
    emergencies,
    enquiries,
    events,
    factors,
    gaps,
    handovers,
    house,
    knowledge,
    logged,
    mail_frames,
    merge,
    orders,
    people,
    person,
    quarantine,
    reveal,
    session,
    sign_on,
    spam,
    tasks,
    tickets,
    tokens,
    triage,
    verification,
    why,
)
from gateway.web.api import (
    promises as owed,
)
from gateway.web.denials import Denials
from gateway.web.encode import encode
from gateway.web.limits import Paces
from gateway.web.live import Hub
from gateway.web.openapi import describe
from gateway.web.problems import answer, answer_http, language
from gateway.web.published import Published
from gateway.web.routes import BASE, BODY_LIMIT, Route, mount
from gateway.web.security import add_headers, is_public, origin_of
from gateway.web.statics import read_statics
from gateway.web.typing import Typing
from gateway.web.world import PARTS, REQUEST_ID, WHO, Parts, World

STOP_WITHIN = 5.0
"""What a runner may wait for requests in hand (``shutdown_timeout``); streams are ended before."""

API_ROUTES: tuple[Route, ...] = (
    *session.ROUTES,
    *sign_on.ROUTES,
    *factors.ROUTES,
    *account.ROUTES,
    *accounts.ROUTES,
    *tokens.ROUTES,
    *tickets.ROUTES,
    *spam.ROUTES,
    *reveal.ROUTES,
    *complaints.ROUTES,
    *owed.ROUTES,
    *tasks.ROUTES,
    *verification.ROUTES,
    *logged.ROUTES,
    *customers.ROUTES,
    *enquiries.ROUTES,
    *merge.ROUTES,
    *drafts.ROUTES,
    *triage.ROUTES,
    *orders.ROUTES,
    *house.ROUTES,
    *people.ROUTES,
    *person.ROUTES,
    *handovers.ROUTES,
    *alarms.ROUTES,
    *approvals.ROUTES,
    *emergencies.ROUTES,
    *knowledge.ROUTES,
    *gaps.ROUTES,
    *quarantine.ROUTES,
    *mail_frames.ROUTES,
    *why.ROUTES,
    *events.ROUTES,
)

_log = structlog.get_logger(__name__)
VISITORS = "/chat/v1/visitors"
_OURS = ("/api/", "/desk", "/promises", "/metrics", "/readyz")


def build_app(world: World, routes_of_adapters: Sequence[web.AbstractRouteDef] = ()) -> web.Application:
    """Return the application; it starts its live hub with itself and ends every stream when it is stopped."""
    app = web.Application(middlewares=[_each_request], client_max_size=BODY_LIMIT)
    app[PARTS] = _parts(world)
    app.router.add_routes(pages.ROUTES)
    app.router.add_routes(verify_page.ROUTES)
    app.router.add_routes(health.ROUTES)
    mount(app, API_ROUTES)
    document = encode(describe(API_ROUTES, world.version))

    async def openapi(request: web.Request) -> web.Response:
        return web.Response(body=document, content_type="application/json")

    app.router.add_get(f"{BASE}/openapi.json", openapi)
    app.router.add_routes(routes_of_adapters)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_live)
    app.on_shutdown.append(_end_streams)
    return app


def _parts(world: World) -> Parts:
    doorkeeper = Accounts(
        world.database,
        world.clock,
        world.feed,
        world.accounts,
        lambda way, outcome: world.metrics.sign_ins.labels(way, outcome).inc(),
    )
    desk = Desk(
        database=world.database,
        clock=world.clock,
        feed=world.feed,
        policy=world.policy,
        texts=world.texts,
        is_served=world.is_served,
        kind=world.kind,
    )
    hub = Hub(
        database=world.database,
        feed=world.feed,
        clock=world.clock,
        accounts=doorkeeper,
        count=world.metrics.desks.set,
        channels=lambda: [one.face() for one in world.channels()],
    )
    return Parts(
        world=world,
        accounts=doorkeeper,
        factors=Factors(doorkeeper),
        invitations=Invitations(doorkeeper, world.post, world.texts),
        staff=Staff(doorkeeper),
        sign_on=SignOn(doorkeeper, world.outgoing),
        desk=desk,
        calls=CallLog(
            database=world.database,
            clock=world.clock,
            feed=world.feed,
            policy=world.policy,
            texts=world.texts,
            knowledge=world.library,
            kind=world.kind,
        ),
        files=Files(database=world.database, blobs=world.blobs, clock=world.clock, uploads=world.uploads),
        senders=Senders(world.database, world.clock),
        reveals=Reveals(
            database=world.database,
            clock=world.clock,
            feed=world.feed,
            policy=world.policy,
            metrics=world.metrics,
        ),
        workshop=Workshop(
            library=world.library, database=world.database, clock=world.clock, policy=world.policy
        ),
        hub=hub,
        typing=Typing(database=world.database, clock=world.clock, hub=hub),
        statics=read_statics(world.static),
        denials=Denials(world.database, world.clock, world.metrics),
        paces=Paces(world.limits),
        published=Published(database=world.database, clock=world.clock, policy=world.policy),
    )


async def _live(app: web.Application) -> AsyncIterator[None]:
    await app[PARTS].hub.start()
    await app[PARTS].invitations.start()
    yield
    await app[PARTS].hub.close()
    await app[PARTS].invitations.close()
    await app[PARTS].typing.close()
    app[PARTS].accounts.close()


async def _end_streams(app: web.Application) -> None:
    await app[PARTS].hub.close()


@web.middleware
async def _each_request(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, turn what is raised into an answer, and write one line about it."""
    if not request.path.startswith(_OURS):
        # Customers' path: as little as possible in between.
        return await _answered(request, _counted(handler) if request.path == VISITORS else handler)
    world = request.app[PARTS].world
    request[REQUEST_ID] = world.clock.chance(8).hex()
    began = world.clock.monotonic()
    response = await _answered(request, handler)
    seconds = world.clock.monotonic() - began
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "none"
    if not response.prepared:
        response.headers["X-Request-Id"] = request[REQUEST_ID]
    if response.content_type != "text/event-stream":  # a stream lasts as long as somebody watches
        world.metrics.requests_seconds.labels(route, f"{response.status // 100}xx").observe(seconds)
    _log.info(
        "request",
        id=request[REQUEST_ID],
        method=request.method,
        route=route,  # never the path itself: it holds numbers and file ids
        status=response.status,
        ms=round(seconds * 1000, 1),
        by=request.get(WHO),
    )
    return response


def _counted(handler: Handler) -> Handler:
    """A new visitor has all permits anew, so it is new visitors that are counted, by the address they come from.

    Addresses of private networks are not: behind a proxy nobody told us of, that would be all customers together.
    """

    async def count(request: web.Request) -> web.StreamResponse:
        parts = request.app[PARTS]
        address = origin_of(request, parts.world).address
        if request.method == "POST" and is_public(address):
            pace, now = parts.paces.limits.visitors, parts.world.clock.monotonic()
            parts.paces.take(("visitors", address), pace, now)
        return await handler(request)

    return count


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    lang = language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
    try:
        return await handler(request)
    except OutsideFailure as error:
        _log.error("request.failed", id=request.get(REQUEST_ID), error=str(error), kind=error.kind)
        return answer(error, lang)
    except GatewayError as error:
        _log.info(
            "request.refused",
            id=request.get(REQUEST_ID),
            error=str(error),
            kind=error.kind,
            about=error.fields,
        )
        return answer(error, lang)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return answer_http(error, lang)
    except Exception:  # one of the four homes of it: a request must end in an answer
        _log.exception("request.broke", id=request.get(REQUEST_ID))
        return answer(GatewayError("unexpected"), lang)
