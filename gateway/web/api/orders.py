"""The customer panel's orders: those the ticket is about, and one that an agent types."""

from typing import Any

from aiohttp import web

from gateway.desk import orders
from gateway.desk.orders import OrderFace
from gateway.desk.rights import Action
from gateway.web.api import models_orders as m
from gateway.web.routes import Ask, Route, answer


async def see(ask: Ask) -> web.Response:
    """Return the orders a ticket's customer proved or named."""
    world = ask.parts.world
    found = await orders.of_ticket(world.database, world.directory, ask.path("number"), world.clock.now())
    return answer({"connected": world.directory.is_there, "orders": [_face(ask, one) for one in found]})


async def look_up(ask: Ask) -> web.Response:
    """Return the order an agent typed; the look is in the audit first."""
    asked: m.OrderAsked = ask.body(m.OrderAsked)
    world = ask.parts.world
    found = await orders.look_up(
        world.database, world.directory, ask.who, ask.path("number"), asked.order, world.clock.now()
    )
    return answer(_face(ask, found))


def _face(ask: Ask, one: OrderFace) -> dict[str, Any]:
    raw = one.fields.get("status")
    return {
        "order": one.order,
        "source": one.source,
        "state": one.state,
        "level": one.level,
        "status": ask.parts.world.policy.actions.status(raw, ask.lang) if raw else None,
        "fields": [{"name": name, "value": value} for name, value in one.fields.items()],
    }


ROUTES = (
    Route(
        method="GET",
        path="/tickets/{number}/orders",
        action=Action.SEE_TICKETS,
        handler=see,
        summary="The orders a ticket's customer proved or named, personal data covered",
        gives=m.OrdersSeen,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/orders",
        action=Action.LOOK_UP_ORDER,
        handler=look_up,
        summary="Look up any order for this ticket; it is written into the audit first",
        takes=m.OrderAsked,
        gives=m.OrderSeen,
        refusals=(403, 404, 422, 429),
    ),
)
