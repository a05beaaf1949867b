"""Signing in and out, the second step, the fresh proof, the first administrator, and oneself."""

from urllib.parse import urlsplit

from aiohttp import web

from gateway.desk.accounts import SignedIn
from gateway.desk.accounts_own import age_of
from gateway.desk.factors_passkey import Site
from gateway.desk.rights import Action, Stage, Who, rights_of
from gateway.web.api import models as m
from gateway.web.api import models_access as ma
from gateway.web.routes import Ask, Route, answer, nothing
from gateway.web.security import (
    DEVICE_COOKIE,
    browser_of,
    cookie_name,
    drop_cookie,
    is_ip,
    set_cookie,
    set_named_cookie,
)

UNDER_WAY = frozenset({Stage.SECOND, Stage.ENROL, Stage.PASSWORD})
DEVICE_KEPT = 400 * 24 * 3600


async def see_me(ask: Ask) -> web.Response:
    """Return who is signed in; a program's token has no number."""
    return answer(await me(ask, ask.who))


async def see_ways(ask: Ask) -> web.Response:
    """Return by what one may come in."""
    world, rules = ask.parts.world, ask.parts.world.accounts
    return answer(
        {
            "password": rules.local_sign_in or bool(rules.break_glass),
            "passkey": can_have_passkeys(ask),
            "sign_on": rules.sign_on.label if rules.sign_on.is_on else None,
            "second_factor": "required" if rules.second_factor else "optional",
            "mail": world.post.can_send(),
        }
    )


async def sign_in(ask: Ask) -> web.Response:
    """Open a session and hand it over in a cookie."""
    asked: m.SignIn = ask.body(m.SignIn)
    cookie_name(ask.origin)  # refuses an open line before the password is looked at
    browser = browser_of(ask.request, ask.origin)
    signed_in = await ask.parts.accounts.sign_in(asked.login, asked.password, browser)
    return await welcome(ask, signed_in)


async def sign_out(ask: Ask) -> web.Response:
    """End the session and its streams."""
    await ask.parts.accounts.sign_out(ask.who)
    if ask.who.session:
        ask.parts.hub.shut_out(ask.who.session)
    response = nothing()
    drop_cookie(response, ask.origin)
    return response


async def take_second_step(ask: Ask) -> web.Response:
    """Finish signing in by a second factor."""
    asked: ma.SecondStep = ask.body(ma.SecondStep)
    signed_in = await ask.parts.factors.second(
        ask.who,
        browser_of(ask.request, ask.origin),
        code=asked.code,
        flow=asked.flow,
        credential=asked.credential,
        site=site_of(ask),
    )
    return await welcome(ask, signed_in)


async def put_off(ask: Ask) -> web.Response:
    """Set no second factor up yet; only on the gateway's own machine."""
    browser = browser_of(ask.request, ask.origin)
    return await welcome(ask, await ask.parts.accounts.put_off(ask.who, browser))


async def ask_passkey(ask: Ask) -> web.Response:
    """Begin to show a passkey: to come in, as the second step, or as a proof."""
    cookie_name(ask.origin)
    flow, options = await ask.parts.factors.begin_showing(site_of(ask))
    return answer({"flow": flow, "options": options})


async def come_in_by_passkey(ask: Ask) -> web.Response:
    """Sign in by a passkey alone."""
    asked: ma.PasskeyAnswer = ask.body(ma.PasskeyAnswer)
    cookie_name(ask.origin)
    browser = browser_of(ask.request, ask.origin)
    signed_in = await ask.parts.factors.come_in(asked.flow, asked.credential, site_of(ask), browser)
    return await welcome(ask, signed_in)


async def prove(ask: Ask) -> web.Response:
    """Prove oneself anew, for the acts that ask for it."""
    asked: ma.Proof = ask.body(ma.Proof)
    signed_in = await ask.parts.factors.prove(
        ask.who,
        browser_of(ask.request, ask.origin),
        password=asked.password,
        code=asked.code,
        flow=asked.flow,
        credential=asked.credential,
        site=site_of(ask),
    )
    return proved(ask, signed_in)


async def set_up(ask: Ask) -> web.Response:
    """Create the first administrator."""
    asked: m.SetUp = ask.body(m.SetUp)
    cookie_name(ask.origin)
    agent = await ask.parts.invitations.set_up(
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


async def welcome(ask: Ask, signed_in: SignedIn, body: dict[str, object] | None = None) -> web.Response:
    """Hand a session over: the cookie, what the desk needs to begin, and a letter if the browser is new."""
    response = answer(await me(ask, signed_in.who) if body is None else body)
    hand_over(ask, signed_in, response)
    if signed_in.is_new_device:
        agent = await ask.parts.accounts.person(signed_in.who)
        browser = browser_of(ask.request, ask.origin)
        ask.parts.invitations.tell(agent, "account.new_device", browser=browser.name or "?")
    return response


def hand_over(ask: Ask, signed_in: SignedIn, response: web.StreamResponse) -> None:
    """Put the session's cookie, and the device's, on an answer."""
    set_cookie(response, ask.origin, signed_in.token)
    if signed_in.device:
        set_named_cookie(response, ask.origin, DEVICE_COOKIE, signed_in.device, DEVICE_KEPT)


def proved(ask: Ask, signed_in: SignedIn) -> web.Response:
    """Answer a fresh proof; the session has a new id, the page's token stays."""
    who = signed_in.who
    assert who.proved_at is not None
    until = who.proved_at + ask.parts.world.accounts.fresh
    response = answer({"csrf": who.csrf, "proved_at": who.proved_at, "fresh_until": until})
    hand_over(ask, signed_in, response)
    return response


def site_of(ask: Ask) -> Site:
    """Return the desk as passkeys know it."""
    return Site(name=urlsplit(f"//{ask.origin.host}").hostname or "", origin=ask.origin.text)


def can_have_passkeys(ask: Ask) -> bool:
    """Return whether a browser would make a passkey for this address: it must be a name, not a number."""
    return not is_ip(site_of(ask).name) and (ask.origin.scheme == "https" or ask.origin.is_local)


async def me(ask: Ask, who: Who) -> dict[str, object]:
    """Return who somebody is, and what the desk needs to begin; little where the sign-in is not whole."""
    world = ask.parts.world
    is_whole = who.stage is Stage.IN
    agent: dict[str, object] = {"login": who.login, "name": who.name, "number": who.number, "role": who.role}
    agent |= {"roles": sorted(who.roles), "state": who.state}
    departments = [{"id": one.id, "label": dict(one.label.texts)} for one in world.policy.departments]
    kinds: frozenset[str] = frozenset()
    is_due = False
    if who.agent_id is not None:
        kinds = await ask.parts.factors.kinds(who)
        person = await ask.parts.accounts.person(who)
        is_due = age_of(person.password_at, world.accounts, world.clock.now()).is_due
    return {
        "agent": agent,
        "stage": who.stage,
        "factors": sorted(kinds),
        "may_put_off": who.stage is Stage.ENROL and browser_of(ask.request, ask.origin).is_here,
        "password_is_due": is_due,
        "rights": sorted(rights_of(who)) if is_whole else [],
        "csrf": who.csrf,
        "version": world.version,
        "languages": list(world.policy.languages),
        "departments": departments if is_whole else [],
    }


ROUTES = (
    Route(
        method="GET",
        path="/me",
        action=Action.SEE_SELF,
        handler=see_me,
        summary="Who is signed in",
        gives=m.Me,
        stages=UNDER_WAY,
    ),
    Route(
        method="GET",
        path="/session/ways",
        action=None,
        handler=see_ways,
        summary="By what one may sign in",
        gives=ma.Ways,
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
        stages=UNDER_WAY,
    ),
    Route(
        method="POST",
        path="/session/second",
        action=Action.OWN_ACCOUNT,
        handler=take_second_step,
        summary="Finish signing in by a second factor",
        takes=ma.SecondStep,
        gives=m.Me,
        refusals=(400, 403, 429),
        stages=frozenset({Stage.SECOND}),
    ),
    Route(
        method="POST",
        path="/session/later",
        action=Action.OWN_ACCOUNT,
        handler=put_off,
        summary="Put the second factor off; on the gateway's own machine only",
        gives=m.Me,
        refusals=(400,),
        stages=frozenset({Stage.ENROL}),
    ),
    Route(
        method="POST",
        path="/session/passkey/options",
        action=None,
        handler=ask_passkey,
        summary="What to ask a passkey",
        gives=ma.Asked,
        refusals=(403,),
    ),
    Route(
        method="POST",
        path="/session/passkey",
        action=None,
        handler=come_in_by_passkey,
        summary="Sign in by a passkey",
        takes=ma.PasskeyAnswer,
        gives=m.Me,
        refusals=(401, 403, 429),
    ),
    Route(
        method="POST",
        path="/session/proof",
        action=Action.OWN_ACCOUNT,
        handler=prove,
        summary="Prove oneself anew",
        takes=ma.Proof,
        gives=ma.Proved,
        refusals=(400, 403, 429),
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
