"""Why: every automatic act on a ticket with its reason, the version of the rules, and what they went by."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aiohttp import web

from gateway.desk.rights import Action
from gateway.domain.rules_version import rules_version
from gateway.store.why import acts_on
from gateway.web.api.models import Model
from gateway.web.routes import Ask, Route, answer


class ActFace(Model):
    """One automatic act; ``inputs`` hold the classification, the entry, what was promised, as far as there was any."""

    at: datetime
    kind: str
    actor: str
    because: str
    rules: str
    inputs: dict[str, Any]


class Why(Model):
    """The acts, oldest first, and the version of the rules in force now."""

    acts: list[ActFace]
    rules_now: str


async def see(ask: Ask) -> web.Response:
    """Return what the house did about a ticket, and why."""
    number, world = ask.path("number"), ask.parts.world
    acts = await world.database.read(lambda tx: acts_on(tx, number))
    return answer({"acts": [asdict(act) for act in acts], "rules_now": rules_version(world.policy)})


ROUTES = (
    Route(
        method="GET",
        path="/tickets/{number}/why",
        action=Action.SEE_TICKETS,
        handler=see,
        summary="Every automatic act on a ticket, with its reason and the rules it followed",
        gives=Why,
        refusals=(404,),
        params={"number": "The ticket's number"},
    ),
)
