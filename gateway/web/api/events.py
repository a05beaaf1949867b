"""The stream of live events."""

from contextlib import aclosing

from aiohttp import ClientConnectionResetError, web

from gateway.desk.rights import Action
from gateway.web.api import models as m
from gateway.web.problems import Invalid
from gateway.web.routes import Ask, Route


async def watch(ask: Ask) -> web.StreamResponse:
    """Send events as they happen, from the last one the client heard on."""
    since = _since(ask)
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # nginx would hold events back
        }
    )
    await response.prepare(ask.request)

    def cut() -> None:
        if ask.request.transport is not None:
            ask.request.transport.abort()

    async with aclosing(ask.parts.hub.watch(ask.who, since, cut)) as frames:
        try:
            async for frame in frames:
                await response.write(frame)
        except (ClientConnectionResetError, ConnectionResetError):
            pass  # they left: nothing is owed to a closed connection
    return response


def _since(ask: Ask) -> int | None:
    query: m.EventQuery = ask.body(m.EventQuery)
    # The header is newer: a browser that reconnects by itself keeps the address of its first request.
    said = ask.request.headers.get("Last-Event-ID") or query.since
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise Invalid([{"field": "since", "problem": "not an event of ours"}])
    return int(said)


ROUTES = (
    Route(
        method="GET",
        path="/events",
        action=Action.SEE_TICKETS,
        handler=watch,
        summary="Live events (server-sent, resumable by Last-Event-ID)",
        takes=m.EventQuery,
        streams=True,
    ),
)
