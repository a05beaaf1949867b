"""Customers' cards, and tags on customers and tickets."""

from typing import Any

from aiohttp import web

from gateway.desk.life.tags import change_tags
from gateway.desk.rights import Action
from gateway.desk.tickets import sight_of
from gateway.errors import NotFound
from gateway.store.customers import card_of, change_card
from gateway.store.tags import tags_of
from gateway.web.api import models_customers as m
from gateway.web.api.models import Customer
from gateway.web.problems import Invalid
from gateway.web.routes import Ask, Route, answer


async def see_card(ask: Ask) -> web.Response:
    """Return the card."""
    return answer(await _card(ask))


async def edit_card(ask: Ask) -> web.Response:
    """Write preferences and the preferred channel; what is not named stays as it is."""
    asked: m.CustomerBody = ask.body(m.CustomerBody)
    world, who, number = ask.parts.world, ask.who, ask.path("number")
    now, actor = world.clock.now(), f"agent:{who.number}"
    changes: dict[str, Any] = {}
    if "preferences" in asked.model_fields_set:
        rows = [one.model_dump(mode="json") for one in asked.preferences]
        changes["preferences"] = [
            {**row, "by": row["by"] or actor, "at": row["at"] or now.isoformat()} for row in rows
        ]
    if "preferred_channel" in asked.model_fields_set:
        known = {one.name for one in world.channels()} | set(world.policy.life.logged)
        if asked.preferred_channel is not None and asked.preferred_channel not in known:
            raise Invalid([{"field": "preferred_channel", "problem": "unknown"}])
        changes["preferred_channel"] = asked.preferred_channel
    done = await world.database.write(lambda tx: change_card(tx, number, changes, actor=actor, now=now))
    if not done:
        raise _nobody(number)
    return answer(await _card(ask))


async def tag(ask: Ask) -> web.Response:
    """Give and take tags."""
    asked: m.TagsBody = ask.body(m.TagsBody)
    done = await ask.parts.desk.act(
        ask.who,
        ask.path("number"),
        lambda case: change_tags(case, on=asked.on, add=tuple(asked.add), remove=tuple(asked.remove)),
    )
    number = done.ticket["number"]

    return answer(await ask.parts.world.database.read(lambda tx: tags_of(tx, number)))


async def _card(ask: Ask) -> dict[str, Any]:
    number, sight = ask.path("number"), sight_of(ask.who)
    found = await ask.parts.world.database.read(lambda tx: card_of(tx, sight, number))
    if found is None:
        raise _nobody(number)
    return found


def _nobody(number: str) -> NotFound:
    return NotFound(f"no contact {number}", code="no_contact")


ROUTES = (
    Route(
        method="GET",
        path="/contacts/{number}",
        action=Action.SEE_TICKETS,
        handler=see_card,
        summary="A customer's card",
        gives=Customer,
        refusals=(404,),
    ),
    Route(
        method="PATCH",
        path="/contacts/{number}",
        action=Action.TAG,
        handler=edit_card,
        summary="Write how a customer likes to be reached",
        takes=m.CustomerBody,
        gives=Customer,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/tags",
        action=Action.TAG,
        handler=tag,
        summary="Give and take tags",
        takes=m.TagsBody,
        gives=m.Tags,
        refusals=(404, 409),
    ),
)
