"""Signing in and out, the first administrator, and oneself."""

from aiohttp import web

from gateway.desk.rights import Action, Who, rights_of
from gateway.web.api import models as m
from gateway.web.routes import Ask, Route, answer, nothing
from gateway.web.security import cookie_name, drop_cookie, set_cookie


async def see_me(ask: Ask) -> web.Response:
    """Return who is signed in; a program's token has no number."""
    return answer(_me(ask, ask.who))


async def sign_in(ask: Ask) -> web.Response:
    """Open a session and hand it over in a cookie."""
    asked: m.SignIn = ask.body(m.SignIn)
    cookie_name(ask.origin)  # refuses an open line before the password is looked at
    signed_in = await ask.parts.accounts.sign_in(asked.login, asked.password, ask.origin.address)
    response = answer(_me(ask, signed_in.who))
    set_cookie(response, ask.origin, signed_in.token)
    return response


async def sign_out(ask: Ask) -> web.Response:
    """End the session and its streams."""
    await ask.parts.accounts.sign_out(ask.who)
    if ask.who.session:
        ask.parts.hub.shut_out(ask.who.session)
    response = nothing()
    drop_cookie(response, ask.origin)
    return response


async def set_up(ask: Ask) -> web.Response:
    """Create the first administrator."""
    asked: m.SetUp = ask.body(m.SetUp)
    cookie_name(ask.origin)
    agent = await ask.parts.accounts.set_up(
        asked.token, login=asked.login, name=asked.name, number=asked.number, password=asked.password
    )
    return answer({"number": agent.number, "name": agent.name}, 201)


async def change_state(ask: Ask) -> web.Response:
    """Set oneself online, away or offline."""
    asked: m.State = ask.body(m.State)
    assert ask.who.agent_id is not None
    back_at = asked.back_at if asked.state == "away" else None
    await ask.parts.accounts.set_state(ask.who.agent_id, asked.state, "said so themselves", back_at)
    return answer({"state": asked.state, "back_at": back_at})


def _me(ask: Ask, who: Who) -> dict[str, object]:
    world = ask.parts.world
    agent: dict[str, object] = {"login": who.login, "name": who.name, "number": who.number, "role": who.role}
    agent |= {"roles": sorted(who.roles), "state": who.state}
    departments = [{"id": one.id, "label": dict(one.label.texts)} for one in world.policy.departments]
    return {
        "agent": agent,
        "rights": sorted(rights_of(who)),
        "csrf": who.csrf,
        "version": world.version,
        "languages": list(world.policy.languages),
        "departments": departments,
    }


ROUTES = (
    Route(
        method="GET",
        path="/me",
        action=Action.SEE_SELF,
        handler=see_me,
        summary="Who is signed in",
        gives=m.Me,
    ),
    Route(
        method="POST",
        path="/session",
        action=None,
        handler=sign_in,
        summary="Sign in",
        takes=m.SignIn,
        gives=m.Me,
        refusals=(401, 403, 429),
    ),
    Route(
        method="DELETE",
        path="/session",
        action=Action.SEE_SELF,
        handler=sign_out,
        summary="Sign out",
        status=204,
    ),
    Route(
        method="POST",
        path="/setup",
        action=None,
        handler=set_up,
        summary="Create the first administrator",
        takes=m.SetUp,
        gives=m.Person,
        status=201,
        refusals=(400, 403, 409),
    ),
    Route(
        method="PUT",
        path="/me/state",
        action=Action.CHANGE_STATE,
        handler=change_state,
        summary="Be online, away or offline",
        takes=m.State,
        gives=m.State,
    ),
)
