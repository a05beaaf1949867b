"""A mail's own formatting as a page that the desk frames: cleaned, without scripts, asking nobody else unasked."""

from typing import Literal

from aiohttp import hdrs, web

from gateway.desk.rights import Action
from gateway.desk.tickets import sight_of
from gateway.errors import NotFound
from gateway.store import visible
from gateway.web.api.models import Model
from gateway.web.mail_page import page_of, page_policy
from gateway.web.routes import BASE, Ask, Route


class FrameQuery(Model):
    """Whether images from elsewhere are fetched: their sender learns that the mail was looked at."""

    remote: Literal["block", "show"] = "block"


async def see_page(ask: Ask) -> web.Response:
    """Return a mail's formatting as a page; only our own pages may frame it."""
    asked: FrameQuery = ask.body(FrameQuery)
    number, sight, seq = ask.path("number"), sight_of(ask.who), ask.path("seq")
    place = int(seq) if seq.isdecimal() and len(seq) < 10 else 0
    found = await ask.parts.world.database.read(lambda tx: visible.message_body(tx, sight, number, place))
    if found is None or not found["html"]:
        raise NotFound(f"no formatted message {seq} on {number}")
    show = asked.remote == "show"
    return web.Response(
        text=page_of(found["html"], text=found["text"], files=f"{BASE}/attachments/", show_remote=show),
        content_type="text/html",
        charset="utf-8",
        headers={
            "Content-Security-Policy": page_policy(show_remote=show),
            "X-Frame-Options": "SAMEORIGIN",
            hdrs.CACHE_CONTROL: "private, no-store",
        },
    )


ROUTES = (
    Route(
        method="GET",
        path="/tickets/{number}/messages/{seq}/page",
        action=Action.SEE_TICKETS,
        handler=see_page,
        summary="A mail's own formatting, to be framed",
        takes=FrameQuery,
        refusals=(404,),
        streams=True,
    ),
)
