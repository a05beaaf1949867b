"""The round trip to the house's single sign-on."""

from aiohttp import web

from gateway.desk.accounts_errors import NotSignedIn
from gateway.errors import OutsideFailure
from gateway.web.api.account import base_of
from gateway.web.api.session import hand_over
from gateway.web.routes import BASE, Ask, Route
from gateway.web.security import FLOW_COOKIE, browser_of, cookie_name, named_cookie, set_named_cookie

BACK = "/session/sign-on/back"
FLOW_KEPT = 600


async def begin(ask: Ask) -> web.Response:
    """Send the browser to the single sign-on."""
    cookie_name(ask.origin)
    try:
        address, flow = await ask.parts.sign_on.begin(redirect_of(ask))
    except OutsideFailure:
        return _to("/desk?sign-on=unavailable")
    response = _to(address)
    set_named_cookie(response, ask.origin, FLOW_COOKIE, flow, FLOW_KEPT)
    return response


async def finish(ask: Ask) -> web.Response:
    """Take the browser back: signed in, or told in the desk's own words that it did not work."""
    cookie_name(ask.origin)
    flow = named_cookie(ask.request, ask.origin, FLOW_COOKIE)
    asked = {name: value[:4096] for name, value in ask.request.query.items()}
    try:
        signed_in = await ask.parts.sign_on.finish(flow, asked, browser_of(ask.request, ask.origin))
    except NotSignedIn:
        return _to("/desk?sign-on=refused")
    response = _to("/desk")
    hand_over(ask, signed_in, response)
    set_named_cookie(response, ask.origin, FLOW_COOKIE, "", 0)
    return response


def redirect_of(ask: Ask) -> str:
    """Return the one address the single sign-on may send browsers back to; it is registered there."""
    return f"{base_of(ask)}{BASE}{BACK}"


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


ROUTES = (
    Route(
        method="GET",
        path="/session/sign-on",
        action=None,
        handler=begin,
        summary="Go to the single sign-on",
        status=303,
        refusals=(403, 404),
    ),
    Route(
        method="GET",
        path=BACK,
        action=None,
        handler=finish,
        summary="Come back from it",
        status=303,
        refusals=(403,),
    ),
)
