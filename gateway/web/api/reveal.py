"""Covered values shown to a person for a minute: each with a reason, each in the audit before it is sent."""

from dataclasses import asdict

from aiohttp import hdrs, web

from gateway.desk.rights import Action
from gateway.errors import NotFound
from gateway.store.reveals import Wanted
from gateway.web.api import models as common
from gateway.web.api import models_reveal as m
from gateway.web.routes import Ask, Handler, Route, answer

_LONGEST = 18


async def show_message(ask: Ask) -> web.Response:
    """Return a message as it was written."""
    return await _show(ask, "message", "seq")


async def show_note(ask: Ask) -> web.Response:
    """Return a note as it was written."""
    return await _show(ask, "note", "id")


async def show_task(ask: Ask) -> web.Response:
    """Return a department task and its answer as they were written."""
    return await _show(ask, "task", "id")


async def show_promise(ask: Ask) -> web.Response:
    """Return a promise as it was put into words."""
    return await _show(ask, "promise", "id")


async def show_handover(ask: Ask) -> web.Response:
    """Return the note of a hand-over as it was written."""
    return await _show(ask, "handover", "id")


async def show_complaint(ask: Ask) -> web.Response:
    """Return what was written into a complaint's record."""
    return await _show(ask, "complaint")


async def show_contact(ask: Ask) -> web.Response:
    """Return where the customer is reached."""
    return await _show(ask, "contact")


async def _show(ask: Ask, what: str, name: str | None = None) -> web.Response:
    asked: common.Reason = ask.body(common.Reason)
    given = ask.path(name) if name else "0"
    if not (given.isascii() and given.isdigit() and len(given) <= _LONGEST):
        raise NotFound(f"no {what} of this name")
    wanted = Wanted(what=what, id=int(given))
    shown = await ask.parts.reveals.show(ask.who, ask.path("number"), wanted, asked.reason)
    response = answer(asdict(shown))
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    return response


def _route(path: str, handler: Handler, summary: str) -> Route:
    return Route(
        method="POST",
        path=f"/tickets/{{number}}/{path}reveal",
        action=Action.REVEAL,
        handler=handler,
        summary=summary,
        takes=common.Reason,
        gives=m.Revealed,
        refusals=(403, 404, 429, 503),
    )


ROUTES = (
    _route("messages/{seq}/", show_message, "Show a message as it was written"),
    _route("notes/{id}/", show_note, "Show a note as it was written"),
    _route("tasks/{id}/", show_task, "Show a department task as it was written"),
    _route("promises/{id}/", show_promise, "Show a promise as it was put into words"),
    _route("handovers/{id}/", show_handover, "Show the note of a hand-over as it was written"),
    _route("complaint/", show_complaint, "Show what was written into a complaint's record"),
    _route("contact/", show_contact, "Show where the customer is reached"),
)
