"""One's own account: password, factors, browsers; and links that set a password."""

from datetime import timedelta

from aiohttp import web

from gateway.desk import accounts_own as own
from gateway.desk.accounts_errors import BadLink
from gateway.desk.rights import Action, Stage
from gateway.web.api import models_access as m
from gateway.web.api.models import Me
from gateway.web.api.session import proved, welcome
from gateway.web.routes import Ask, Route, answer, nothing
from gateway.web.security import browser_of, cookie_name

DAY = timedelta(days=1)


async def see_account(ask: Ask) -> web.Response:
    """Return one's own account."""
    found, rules, now = (
        await own.see(ask.parts.accounts, ask.who),
        ask.parts.world.accounts,
        ask.parts.world.clock.now(),
    )
    age = own.age_of(found.agent.password_at, rules, now)
    longest = rules.password_max_age
    proof = ask.who.proved_at
    return answer(
        {
            "login": found.agent.login,
            "name": found.agent.name,
            "number": found.agent.number,
            "roles": list(found.agent.roles),
            "mail": found.agent.mail,
            "password": {
                "is_set": found.has_password,
                "age_days": age.days,
                "is_due": age.is_due,
                "max_age_days": None if longest is None else longest // DAY,
            },
            "factors": [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "name": one.name,
                    "created_at": one.created_at,
                    "used_at": one.used_at,
                    "is_synced": one.is_synced,
                }
                for one in found.factors
            ],
            "factor_required": rules.second_factor,
            "recovery_codes": found.codes_left,
            "sessions": [
                {
                    "id": one.handle,
                    "browser": one.browser,
                    "address": one.address,
                    "factor": one.factor,
                    "created_at": one.created_at,
                    "seen_at": one.seen_at,
                    "expires_at": one.expires_at,
                    "is_this": one.token_hash == ask.who.session,
                }
                for one in found.sessions
            ],
            "sign_on": found.is_linked,
            "fresh_until": None if proof is None or proof + rules.fresh <= now else proof + rules.fresh,
        }
    )


async def change_password(ask: Ask) -> web.Response:
    """Change one's password; every other browser is signed out."""
    asked: m.PasswordChange = ask.body(m.PasswordChange)
    browser = browser_of(ask.request, ask.origin)
    agent, signed_in = await own.change_password(
        ask.parts.accounts, ask.who, asked.present, asked.wanted, browser
    )
    await ask.parts.hub.recheck()
    ask.parts.invitations.tell(agent, "account.password_set")
    return proved(ask, signed_in)


async def change_old_password(ask: Ask) -> web.Response:
    """Change a password that is older than the house allows, and so finish signing in."""
    asked: m.PasswordChange = ask.body(m.PasswordChange)
    browser = browser_of(ask.request, ask.origin)
    agent, signed_in = await own.change_password(
        ask.parts.accounts, ask.who, asked.present, asked.wanted, browser
    )
    ask.parts.invitations.tell(agent, "account.password_set")
    return await welcome(ask, signed_in)


async def end_session(ask: Ask) -> web.Response:
    """Sign one browser out, at once."""
    ask.parts.hub.shut_out(await own.end_session(ask.parts.accounts, ask.who, ask.path("id")))
    return nothing()


async def end_others(ask: Ask) -> web.Response:
    """Sign every other browser out, at once."""
    ended = await own.end_others(ask.parts.accounts, ask.who)
    await ask.parts.hub.recheck()
    return answer({"ended": ended})


async def forgot(ask: Ask) -> web.Response:
    """Note that a password is forgotten; the answer is the same for everybody."""
    asked: m.Forgotten = ask.body(m.Forgotten)
    cookie_name(ask.origin)
    ask.parts.invitations.forgot(asked.login, base_of(ask), ask.origin.address)
    return web.Response(status=202, body=b"{}", content_type="application/json")


async def see_link(ask: Ask) -> web.Response:
    """Return whose link it is."""
    asked: m.LinkAsked = ask.body(m.LinkAsked)
    agent = await ask.parts.invitations.holds(asked.token, asked.purpose, ask.origin.address)
    if agent is None:
        raise BadLink("a link that does not hold")
    return answer({"login": agent.login, "name": agent.name})


async def redeem(ask: Ask) -> web.Response:
    """Set a password by a link."""
    asked: m.LinkPassword = ask.body(m.LinkPassword)
    cookie_name(ask.origin)
    agent = await ask.parts.invitations.redeem(asked.token, asked.purpose, asked.password, ask.origin.address)
    await ask.parts.hub.recheck()
    return answer({"login": agent.login, "name": agent.name})


def base_of(ask: Ask) -> str:
    """Return the address that links begin with: the configured one; else the one this machine was asked by."""
    return ask.parts.world.public_url or ask.parts.world.local_url


ROUTES = (
    Route(
        method="GET",
        path="/me/account",
        action=Action.OWN_ACCOUNT,
        handler=see_account,
        summary="One's own account: password, second factors, browsers",
        gives=m.Account,
    ),
    Route(
        method="PUT",
        path="/me/password",
        action=Action.OWN_ACCOUNT,
        handler=change_password,
        summary="Change one's password",
        takes=m.PasswordChange,
        gives=m.Proved,
        refusals=(400, 403, 429),
        fresh=True,
    ),
    Route(
        method="POST",
        path="/session/password",
        action=Action.OWN_ACCOUNT,
        handler=change_old_password,
        summary="Change a password that is too old, and finish signing in",
        takes=m.PasswordChange,
        gives=Me,
        refusals=(400, 403, 429),
        stages=frozenset({Stage.PASSWORD}),
    ),
    Route(
        method="DELETE",
        path="/me/sessions/{id}",
        action=Action.OWN_ACCOUNT,
        handler=end_session,
        summary="Sign one of one's browsers out",
        status=204,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/me/sessions/end-others",
        action=Action.OWN_ACCOUNT,
        handler=end_others,
        summary="Sign every other browser of one's own out",
        gives=m.Ended,
    ),
    Route(
        method="POST",
        path="/session/forgot",
        action=None,
        handler=forgot,
        summary="Have a link sent to set a new password by",
        takes=m.Forgotten,
        status=202,
        refusals=(400, 403, 429),
    ),
    Route(
        method="POST",
        path="/links",
        action=None,
        handler=see_link,
        summary="Whose a one-time link is",
        takes=m.LinkAsked,
        gives=m.LinkFace,
        refusals=(400, 429),
    ),
    Route(
        method="POST",
        path="/links/password",
        action=None,
        handler=redeem,
        summary="Set a password by a one-time link",
        takes=m.LinkPassword,
        gives=m.LinkFace,
        refusals=(400, 403, 429),
    ),
)
