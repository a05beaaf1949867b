"""One's second factors: authenticator apps, passkeys, recovery codes."""

from aiohttp import web

from gateway.desk.accounts_errors import NoPasskeys
from gateway.desk.factors import Made
from gateway.desk.rights import Action, Stage
from gateway.web.api import models_access as m
from gateway.web.api.session import can_have_passkeys, hand_over, me, site_of
from gateway.web.routes import Ask, Route, answer, nothing
from gateway.web.security import browser_of

SETTING_UP = frozenset({Stage.ENROL})


async def begin_totp(ask: Ask) -> web.Response:
    """Make a secret for an authenticator app."""
    asked: m.NamedFactor = ask.body(m.NamedFactor)
    begun = await ask.parts.factors.begin_totp(ask.who, asked.name)
    face = {"id": begun.id, "secret": begun.secret, "address": begun.address}
    return answer(face | {"width": begun.width, "path": begun.path}, 201)


async def confirm_totp(ask: Ask) -> web.Response:
    """Let it hold by its first code."""
    asked: m.TotpCode = ask.body(m.TotpCode)
    browser = browser_of(ask.request, ask.origin)
    return await _made(ask, await ask.parts.factors.confirm_totp(ask.who, asked.code, browser), "totp")


async def begin_passkey(ask: Ask) -> web.Response:
    """Return what the browser is asked, to make a passkey."""
    if not can_have_passkeys(ask):
        raise NoPasskeys(f"passkeys at {ask.origin.host}")
    flow, options = await ask.parts.factors.begin_passkey(ask.who, site_of(ask))
    return answer({"flow": flow, "options": options})


async def confirm_passkey(ask: Ask) -> web.Response:
    """Keep the passkey that was made."""
    asked: m.NewPasskey = ask.body(m.NewPasskey)
    made = await ask.parts.factors.confirm_passkey(
        ask.who, asked.flow, asked.credential, asked.name, site_of(ask), browser_of(ask.request, ask.origin)
    )
    return await _made(ask, made, "passkey")


async def remove(ask: Ask) -> web.Response:
    """Forget one of one's factors."""
    await ask.parts.factors.remove(ask.who, ask.number("id"))
    await _tell(ask, "account.factor_removed")
    return nothing()


async def new_codes(ask: Ask) -> web.Response:
    """Return new recovery codes; the old ones are void."""
    codes = await ask.parts.factors.new_codes(ask.who)
    await _tell(ask, "account.codes_renewed")
    return answer({"codes": codes}, 201)


async def _made(ask: Ask, made: Made, kind: str) -> web.Response:
    who = ask.who if made.signed_in is None else made.signed_in.who
    body = {"codes": list(made.codes), "me": None if made.signed_in is None else await me(ask, who)}
    response = answer(body, 201)
    if made.signed_in is not None:
        hand_over(ask, made.signed_in, response)
    await _tell(ask, "account.factor_added")
    return response


async def _tell(ask: Ask, news: str) -> None:
    ask.parts.invitations.tell(await ask.parts.accounts.person(ask.who), news)


ROUTES = (
    Route(
        method="POST",
        path="/me/factors/totp",
        action=Action.OWN_ACCOUNT,
        handler=begin_totp,
        summary="Begin to set up an authenticator app",
        takes=m.NamedFactor,
        gives=m.TotpBegun,
        status=201,
        fresh=True,
        stages=SETTING_UP,
    ),
    Route(
        method="POST",
        path="/me/factors/totp/confirm",
        action=Action.OWN_ACCOUNT,
        handler=confirm_totp,
        summary="Set it up by its first code",
        takes=m.TotpCode,
        gives=m.FactorMade,
        status=201,
        refusals=(400, 403, 429),
        fresh=True,
        stages=SETTING_UP,
    ),
    Route(
        method="POST",
        path="/me/factors/passkey/options",
        action=Action.OWN_ACCOUNT,
        handler=begin_passkey,
        summary="What to ask a browser that makes a passkey",
        gives=m.Asked,
        refusals=(409,),
        fresh=True,
        stages=SETTING_UP,
    ),
    Route(
        method="POST",
        path="/me/factors/passkey",
        action=Action.OWN_ACCOUNT,
        handler=confirm_passkey,
        summary="Keep a passkey",
        takes=m.NewPasskey,
        gives=m.FactorMade,
        status=201,
        refusals=(403, 409),
        fresh=True,
        stages=SETTING_UP,
    ),
    Route(
        method="DELETE",
        path="/me/factors/{id}",
        action=Action.OWN_ACCOUNT,
        handler=remove,
        summary="Forget a second factor",
        status=204,
        refusals=(400, 404),
        fresh=True,
    ),
    Route(
        method="POST",
        path="/me/recovery-codes",
        action=Action.OWN_ACCOUNT,
        handler=new_codes,
        summary="Make new recovery codes; the old ones are void",
        gives=m.Codes,
        status=201,
        fresh=True,
    ),
)
