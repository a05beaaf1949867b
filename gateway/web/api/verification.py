"""Who a customer is, on a ticket: the level and its age, asking for proof, ending it, two people confirming."""

from collections.abc import Callable

from aiohttp import web

from gateway.desk import verification_verbs as verbs
from gateway.desk.actions import Case
from gateway.desk.rights import Action
from gateway.domain.identity import Level
from gateway.errors import NotFound
from gateway.pipeline.plan import Plan
from gateway.store.verification_shown import verification_face
from gateway.web.api import models_verification as m
from gateway.web.api.models_base import Model
from gateway.web.api.models_tasks import Nothing
from gateway.web.routes import Ask, Handler, Route, answer


async def see(ask: Ask) -> web.Response:
    """Return what is proven of a ticket's customer."""
    number, world = ask.path("number"), ask.parts.world
    now = world.clock.now()
    found = await world.database.read(lambda tx: verification_face(tx, number, now))
    if found is None:
        raise NotFound(f"no ticket {number}")
    return answer(found)


async def ask_customer(ask: Ask) -> web.Response:
    """Ask the customer to prove who they are."""
    asked: m.AskProof = ask.body(m.AskProof)
    ticket = ask.parts.world.clock.chance(32).hex()
    return await _act(ask, lambda case: verbs.ask_customer(case, Level(asked.level), ticket))


async def end(ask: Ask) -> web.Response:
    """End what was proven."""
    return await _act(ask, verbs.end_verification)


async def confirm(ask: Ask) -> web.Response:
    """Confirm one action that a second person approved."""
    asked: m.ConfirmBody = ask.body(m.ConfirmBody)
    return await _act(ask, lambda case: verbs.confirm(case, asked.action))


async def _act(ask: Ask, verb: Callable[[Case], Plan]) -> web.Response:
    await ask.parts.desk.act(ask.who, ask.path("number"), verb)
    return await see(ask)


def _verb(name: str, action: Action, handler: Handler, summary: str, takes: type[Model]) -> Route:
    return Route(
        method="POST",
        path=f"/tickets/{{number}}/verification/{name}",
        action=action,
        handler=handler,
        summary=summary,
        takes=takes,
        gives=m.VerificationFace,
        refusals=(400, 403, 404, 409),
    )


ROUTES = (
    Route(
        method="GET",
        path="/tickets/{number}/verification",
        action=Action.SEE_TICKETS,
        handler=see,
        summary="What is proven of a ticket's customer",
        gives=m.VerificationFace,
        refusals=(404,),
    ),
    _verb("ask", Action.REPLY, ask_customer, "Ask the customer to verify", m.AskProof),
    _verb("end", Action.REPLY, end, "End the verification", Nothing),
    _verb("confirm", Action.ASK_OVERRIDE, confirm, "Confirm an action, two people", m.ConfirmBody),
)
