"""What machines ask: whether we live, whether we can work, and the numbers."""

from aiohttp import hdrs, web

from gateway.desk.accounts_errors import NotSignedIn
from gateway.desk.rights import Action, authorize
from gateway.errors import GatewayError
from gateway.knowledge_gauges import knowledge_state
from gateway.store.alive import prove_writable
from gateway.web.encode import encode
from gateway.web.security import identify, is_loopback, origin_of
from gateway.web.world import PARTS


async def healthz(request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(body=encode({"status": "ok"}), content_type="application/json")


async def readyz(request: web.Request) -> web.Response:
    """The database takes a write, and each channel's state; 503 when something does not work.

    A channel that is only starting does not count against us: its back-off is its keeper's business.
    """
    world = request.app[PARTS].world
    database = "ok"
    try:
        await world.database.write(prove_writable)
    except GatewayError as error:
        database = error.kind
    channels = [
        {"name": one.name, "kind": one.kind, "state": one.state, "progress_at": one.progress_at}
        for one in world.channels()
    ]
    is_ready = database == "ok" and all(one["state"] in ("up", "starting") for one in channels)
    body = {
        "status": "ready" if is_ready else "not ready",
        "database": database,
        "knowledge": knowledge_state(world.library),
        "channels": channels,
    }
    return web.Response(body=encode(body), content_type="application/json", status=200 if is_ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """The numbers, for this machine itself and for tokens with the right to see them."""
    parts = request.app[PARTS]
    origin = origin_of(request, parts.world)
    is_here = origin.is_direct and is_loopback(origin.address)
    if not is_here:
        if hdrs.AUTHORIZATION not in request.headers:
            raise NotSignedIn("metrics from elsewhere need a token: gateway token create --role auditor")
        authorize(await identify(request, origin, is_active=False), Action.SEE_METRICS)
    body, kind = parts.world.metrics.page(request.headers.get(hdrs.ACCEPT, ""))
    return web.Response(body=body, headers={hdrs.CONTENT_TYPE: kind})


ROUTES = (web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics))
