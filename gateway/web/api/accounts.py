"""Other people's accounts, for administrators."""

from typing import Any

from aiohttp import web

from gateway.desk.accounts_own import age_of
from gateway.desk.rights import Action, Role, Who
from gateway.store.factor_resets import Reset
from gateway.store.links import INVITE, RESET
from gateway.store.staff import AccountRow
from gateway.web.api import models_access as m
from gateway.web.api.account import base_of
from gateway.web.routes import Ask, Route, answer, nothing

NUMBER = "/accounts/{number}"


async def see_accounts(ask: Ask) -> web.Response:
    """Return every account."""
    found, resets = await ask.parts.staff.everybody(), await ask.parts.staff.resets()
    return answer(
        {
            "accounts": [_face(ask, one, {each.number for each in resets}) for one in found],
            "resets": [_reset_face(one, ask.who) for one in resets],
            "roles": [role.value for role in Role],
            "mail": ask.parts.world.post.can_send(),
        }
    )


async def add_account(ask: Ask) -> web.Response:
    """Add somebody and send them an invitation, where one can be sent."""
    asked: m.NewAccount = ask.body(m.NewAccount)
    agent = await ask.parts.staff.add(
        ask.who,
        login=asked.login,
        number=asked.number,
        name=asked.name,
        roles=[role.value for role in asked.roles],
        mail=asked.mail or None,
    )
    if ask.parts.world.post.can_send() and agent.mail:
        await ask.parts.invitations.invite(agent, INVITE, base_of(ask), f"agent:{ask.who.number}")
    return answer(await _one(ask, agent.number), 201)


async def change_account(ask: Ask) -> web.Response:
    """Change somebody's roles or address; new roles end their sessions at once."""
    asked: m.AccountChange = ask.body(m.AccountChange)
    number, staff = ask.path("number"), ask.parts.staff
    await staff.find(number)
    if "mail" in asked.model_fields_set:
        await staff.set_mail(ask.who, number, asked.mail or None)
    if asked.roles is not None:
        await staff.set_roles(ask.who, number, [role.value for role in asked.roles])
        await ask.parts.hub.recheck()
    return answer(await _one(ask, number))


async def invite(ask: Ask) -> web.Response:
    """Send somebody a link to choose their first password by."""
    return await _send(ask, INVITE)


async def send_reset(ask: Ask) -> web.Response:
    """Send somebody a link to choose a new password by."""
    return await _send(ask, RESET)


async def disable(ask: Ask) -> web.Response:
    """Shut somebody out at once."""
    await ask.parts.staff.disable(ask.who, ask.path("number"))
    await ask.parts.hub.recheck()
    return answer(await _one(ask, ask.path("number")))


async def enable(ask: Ask) -> web.Response:
    """Let somebody come in again."""
    await ask.parts.staff.enable(ask.who, ask.path("number"))
    return answer(await _one(ask, ask.path("number")))


async def sign_out(ask: Ask) -> web.Response:
    """End all of somebody's sessions at once."""
    ended = await ask.parts.staff.sign_out(ask.who, ask.path("number"))
    await ask.parts.hub.recheck()
    return answer({"ended": ended})


async def ask_reset(ask: Ask) -> web.Response:
    """Wish for somebody's second factors to be forgotten."""
    asked: m.WithReason = ask.body(m.WithReason)
    await ask.parts.staff.ask_reset(ask.who, ask.path("number"), asked.reason)
    return answer(await _one(ask, ask.path("number")))


async def decide_reset(ask: Ask) -> web.Response:
    """Decide about a colleague's wish; if it is granted, the person signs in anew and sets up new ones."""
    asked: m.Decision = ask.body(m.Decision)
    agent = await ask.parts.staff.decide_reset(ask.who, ask.number("id"), approve=asked.approve)
    if asked.approve:
        await ask.parts.hub.recheck()
        ask.parts.invitations.tell(agent, "account.factors_reset")
    return answer(await _one(ask, agent.number))


async def _send(ask: Ask, purpose: str) -> web.Response:
    agent = await ask.parts.staff.find(ask.path("number"))
    await ask.parts.invitations.invite(agent, purpose, base_of(ask), f"agent:{ask.who.number}")
    return nothing()


async def _one(ask: Ask, number: str) -> dict[str, Any]:
    await ask.parts.staff.find(number)
    wished = {one.number for one in await ask.parts.staff.resets()}
    return next(
        _face(ask, one, wished) for one in await ask.parts.staff.everybody() if one.agent.number == number
    )


def _reset_face(one: Reset, who: Who) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "name": one.name,
        "reason": one.reason,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "expires_at": one.expires_at,
        "is_mine": who.agent_id in (one.asked_by_id, one.agent_id),
    }


def _face(ask: Ask, one: AccountRow, wished: set[str]) -> dict[str, Any]:
    world, agent = ask.parts.world, one.agent
    return {
        "number": agent.number,
        "login": agent.login,
        "name": agent.name,
        "roles": list(agent.roles),
        "mail": agent.mail,
        "disabled_at": agent.disabled_at,
        "factors": list(one.factors),
        "has_password": one.has_password,
        "password_age_days": age_of(agent.password_at, world.accounts, world.clock.now()).days,
        "sign_on": one.is_linked,
        "sessions": one.sessions,
        "seen_at": one.seen_at,
        "reset_asked": agent.number in wished,
    }


def _act(path: str, handler: Any, summary: str, **more: Any) -> Route:
    given = {"gives": m.AccountFace} | more
    return Route(
        method="POST",
        path=NUMBER + path,
        action=Action.CHANGE_ACCOUNTS,
        handler=handler,
        summary=summary,
        refusals=(400, 403, 404, 409),
        fresh=True,
        **given,
    )


ROUTES = (
    Route(
        method="GET",
        path="/accounts",
        action=Action.SEE_ACCOUNTS,
        handler=see_accounts,
        summary="Every account: roles, second factors, sessions",
        gives=m.Accounts,
    ),
    Route(
        method="POST",
        path="/accounts",
        action=Action.CHANGE_ACCOUNTS,
        handler=add_account,
        summary="Add somebody and invite them",
        takes=m.NewAccount,
        gives=m.AccountFace,
        status=201,
        refusals=(400, 409),
        fresh=True,
    ),
    Route(
        method="PATCH",
        path=NUMBER,
        action=Action.CHANGE_ACCOUNTS,
        handler=change_account,
        summary="Change somebody's roles or mail address",
        takes=m.AccountChange,
        gives=m.AccountFace,
        refusals=(400, 403, 404),
        fresh=True,
    ),
    _act("/invite", invite, "Send somebody an invitation", gives=None, status=204),
    _act("/reset", send_reset, "Send somebody a link to set a new password by", gives=None, status=204),
    _act("/disable", disable, "Shut somebody out at once"),
    _act("/enable", enable, "Let somebody come in again"),
    _act(
        "/factors/reset", ask_reset, "Wish for somebody's second factors to be forgotten", takes=m.WithReason
    ),
    Route(
        method="POST",
        path="/factor-resets/{id}",
        action=Action.CHANGE_ACCOUNTS,
        handler=decide_reset,
        summary="Decide, as a second administrator, about such a wish",
        takes=m.Decision,
        gives=m.AccountFace,
        refusals=(403, 404),
        fresh=True,
    ),
    _act("/sign-out", sign_out, "End all of somebody's sessions at once", gives=m.Ended),
)
