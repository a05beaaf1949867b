"""Merging tickets, taking them apart again, and saying that two are two."""

from aiohttp import web

from gateway.desk.life import merging as verbs
from gateway.desk.rights import Action
from gateway.desk.tickets import must_see, sight_of
from gateway.errors import NotFound
from gateway.store.duplicates import dismiss
from gateway.web.api import models as common
from gateway.web.api import models_merging as m
from gateway.web.routes import Ask, Route, answer, nothing


async def merge(ask: Ask) -> web.Response:
    """Put a ticket into another; the answer is the one that is gone from the lists."""
    asked: m.MergeBody = ask.body(m.MergeBody)
    await ask.parts.world.database.read(lambda tx: must_see(tx, ask.who, asked.into))
    done = await ask.parts.desk.act(
        ask.who, ask.path("number"), lambda case: verbs.merge(case, into=asked.into, reason=asked.reason)
    )
    return answer(done.ticket)


async def unmerge(ask: Ask) -> web.Response:
    """Take it out again."""
    asked: common.Reason = ask.body(common.Reason)
    done = await ask.parts.desk.act(
        ask.who, ask.path("number"), lambda case: verbs.unmerge(case, reason=asked.reason)
    )
    return answer(done.ticket)


async def dismiss_suggestion(ask: Ask) -> web.Response:
    """Say that two tickets are two matters."""
    number, other, agent_id = ask.path("number"), ask.path("other"), ask.who.agent_id
    assert agent_id is not None
    now, sight = ask.parts.world.clock.now(), sight_of(ask.who)
    done = await ask.parts.world.database.write(
        lambda tx: dismiss(tx, sight, number, other, agent_id=agent_id, now=now)
    )
    if not done or number == other:
        raise NotFound(f"no ticket {number} or {other}")
    return nothing()


ROUTES = (
    Route(
        method="POST",
        path="/tickets/{number}/merge",
        action=Action.MERGE,
        handler=merge,
        summary="Put a ticket into another",
        takes=m.MergeBody,
        gives=common.Ticket,
        refusals=(400, 403, 404, 409),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/unmerge",
        action=Action.MERGE,
        handler=unmerge,
        summary="Take a ticket out of another again",
        takes=common.Reason,
        gives=common.Ticket,
        refusals=(403, 404, 409),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/suggestions/{other}/dismiss",
        action=Action.MERGE,
        handler=dismiss_suggestion,
        summary="Say that two tickets are two matters",
        status=204,
        refusals=(404,),
    ),
)
