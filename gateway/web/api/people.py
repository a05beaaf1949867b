"""People at work: what each can do, when each works, how much each has in hand; and whose customer a VIP is."""

from typing import Any

from aiohttp import web

from gateway.desk.rights import Action
from gateway.domain.people import checked_attributes
from gateway.domain.routing_route import has_people
from gateway.errors import NotFound
from gateway.store.feed import Committed
from gateway.store.roster import Profile, read_profiles, save_profile
from gateway.store.vip import read_vip, set_vip
from gateway.web.api import models_people as m
from gateway.web.routes import Ask, Route, answer


async def see_people(ask: Ask) -> web.Response:
    """Return everybody who handles tickets."""
    policy = ask.parts.world.policy
    found = await _profiles(ask)
    persons = [one.person for one in found]
    empty = [one.id for one in policy.departments if not has_people(one.id, persons)]
    return answer(
        {
            "people": [_face(ask, one) for one in found],
            "departments_without_people": empty,
            "capacity": dict(policy.dispatch.capacity),
        }
    )


async def see_person(ask: Ask) -> web.Response:
    """Return one of them."""
    return answer(_face(ask, await _one(ask)))


async def change_person(ask: Ask) -> web.Response:
    """Change attributes of one of them; the answer is the person as they are then."""
    asked: m.PersonBody = ask.body(m.PersonBody)
    world = ask.parts.world
    known = [one.id for one in world.policy.departments]
    changes = checked_attributes({name: getattr(asked, name) for name in asked.model_fields_set}, known)
    actor, number, now = f"agent:{ask.who.number}", ask.path("number"), world.clock.now()
    happened = await world.database.write(lambda tx: save_profile(tx, number, changes, now, actor))
    world.feed.publish(Committed(events=(happened,)))
    return answer(_face(ask, await _one(ask)))


async def see_vip(ask: Ask) -> web.Response:
    """Return whether a customer is a VIP, and whose."""
    number = ask.path("number")
    found = await ask.parts.world.database.read(lambda tx: read_vip(tx, number))
    if found is None:
        raise NotFound(f"no contact {number}")
    return answer(found)


async def change_vip(ask: Ask) -> web.Response:
    """Make a customer a VIP with an agent of their own, or no VIP any more."""
    asked: m.VipBody = ask.body(m.VipBody)
    world, number = ask.parts.world, ask.path("number")
    agent_id = None if asked.agent is None else await ask.parts.desk.agent_id(asked.agent)
    actor, now, rules = f"agent:{ask.who.number}", world.clock.now(), world.policy.dispatch

    happened = await world.database.write(
        lambda tx: set_vip(tx, number, asked.vip, agent_id, rules, now=now, actor=actor)
    )
    world.feed.publish(Committed(events=(happened,)))
    return await see_vip(ask)


async def _profiles(ask: Ask) -> list[Profile]:
    world = ask.parts.world
    return await world.database.read(
        lambda tx: read_profiles(tx, world.policy.dispatch, world.policy.hours, world.kind)
    )


async def _one(ask: Ask) -> Profile:
    number = ask.path("number")
    for one in await _profiles(ask):
        if one.person.number == number:
            return one
    raise NotFound(f"no agent {number}")


def _face(ask: Ask, one: Profile) -> dict[str, Any]:
    person, policy = one.person, ask.parts.world.policy
    capacity = {**policy.dispatch.capacity, **person.capacity}
    at_work = person.hours is None and person.state == "online"
    return {
        "number": person.number,
        "name": one.name,
        "role": person.role,
        "state": person.state,
        "back_at": one.back_at,
        "departments": sorted(person.departments),
        "skills": sorted(person.skills),
        "languages": list(person.languages),
        "capacity": capacity,
        "hours": one.hours,
        "line": person.line,
        "supervises": sorted(person.supervises),
        "in_hand": dict(one.in_hand),
        "load": round(person.load, 3),
        "at_work": at_work or (person.hours is not None and person.is_due_now(ask.parts.world.clock.now())),
        "notes": notes_of(one, capacity, {each.id for each in policy.departments}),
    }


def notes_of(one: Profile, capacity: dict[str, int], departments: set[str]) -> list[str]:
    """Return what limits somebody, by a word for each."""
    holds = {
        "no_skills": not one.person.skills,
        "no_capacity": not any(capacity.values()),
        "unknown_department": bool((one.person.departments | one.person.supervises) - departments),
    }
    return [word for word, so in holds.items() if so]


ROUTES = (
    Route(
        method="GET",
        path="/people",
        action=Action.SEE_PEOPLE,
        handler=see_people,
        summary="Everybody who handles tickets: skills, hours, load",
        gives=m.People,
    ),
    Route(
        method="GET",
        path="/people/{number}",
        action=Action.SEE_PEOPLE,
        handler=see_person,
        summary="One person at work",
        gives=m.PersonFace,
        refusals=(404,),
    ),
    Route(
        method="PATCH",
        path="/people/{number}",
        action=Action.CHANGE_PEOPLE,
        handler=change_person,
        summary="Change what somebody can do and when they work",
        takes=m.PersonBody,
        gives=m.PersonFace,
        refusals=(400, 404),
    ),
    Route(
        method="GET",
        path="/contacts/{number}/vip",
        action=Action.SEE_TICKETS,
        handler=see_vip,
        summary="Whether a customer is a VIP, and whose",
        gives=m.VipFace,
        refusals=(404,),
    ),
    Route(
        method="PUT",
        path="/contacts/{number}/vip",
        action=Action.CHANGE_VIP,
        handler=change_vip,
        summary="Make a customer a VIP with an agent of their own",
        takes=m.VipBody,
        gives=m.VipFace,
        refusals=(404,),
    ),
)
