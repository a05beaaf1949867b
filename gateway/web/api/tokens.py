"""Programs' tokens: made, listed, ended."""

from typing import Any

from aiohttp import web

from gateway.desk.rights import MATRIX, PERSONAL, Action, Role
from gateway.store.api_tokens import TokenRow
from gateway.web.api import models_access as m
from gateway.web.routes import Ask, Route, answer, nothing


async def see_tokens(ask: Ask) -> web.Response:
    """Return every token."""
    found = await ask.parts.staff.tokens()
    # What only a person may do is no use in a token.
    actions = {role.value: sorted(set(MATRIX[role]) - PERSONAL) for role in Role}
    return answer({"tokens": [face_of(one) for one in found], "actions": actions})


async def add_token(ask: Ask) -> web.Response:
    """Make a token; it is shown this once."""
    asked: m.NewToken = ask.body(m.NewToken)
    made = await ask.parts.staff.add_token(
        ask.who, name=asked.name, role=asked.role, actions=asked.actions, days=asked.days or None
    )
    return answer({"token": made.token, "made": face_of(made.row)}, 201)


async def end_token(ask: Ask) -> web.Response:
    """End a token, and its streams, at once."""
    await ask.parts.staff.end_token(ask.who, ask.path("id"))
    await ask.parts.hub.recheck()
    return nothing()


def face_of(one: TokenRow) -> dict[str, Any]:
    """Return a token as it is sent."""
    return {
        "id": one.handle,
        "name": one.name,
        "role": one.role,
        "actions": None if one.actions is None else list(one.actions),
        "made_by": one.made_by,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
        "used_at": one.used_at,
        "revoked_at": one.revoked_at,
    }


ROUTES = (
    Route(
        method="GET",
        path="/tokens",
        action=Action.MANAGE_TOKENS,
        handler=see_tokens,
        summary="Programs' tokens",
        gives=m.Tokens,
    ),
    Route(
        method="POST",
        path="/tokens",
        action=Action.MANAGE_TOKENS,
        handler=add_token,
        summary="Make a token; it is shown this once",
        takes=m.NewToken,
        gives=m.TokenMade,
        status=201,
        refusals=(400,),
        fresh=True,
    ),
    Route(
        method="DELETE",
        path="/tokens/{id}",
        action=Action.MANAGE_TOKENS,
        handler=end_token,
        summary="End a token at once",
        status=204,
        refusals=(404,),
    ),
)
