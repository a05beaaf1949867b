"""The channel as the gateway sees it: routes to mount, a loop that keeps house, nothing to send."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web

from adapters.contract import Context, Outbound, Receipt, Rendered
from adapters.text import to_html
from adapters.webchat.door import Door
from adapters.webchat.files import Files
from adapters.webchat.rest import Rest
from adapters.webchat.settings import WebchatSettings
from adapters.webchat.sockets import Sockets
from adapters.webchat.talk import Talk

ROUND = timedelta(seconds=5)
"""How often sockets are looked after."""

FAREWELL = timedelta(seconds=2)
"""How long clients may take to leave when the gateway stops."""


class WebchatAdapter:
    """One web chat."""

    def __init__(self, settings: WebchatSettings, context: Context) -> None:
        self._context = context
        self._talk = Talk(settings, context)
        self._door = Door(settings, context)
        self._rest = Rest(settings, context, self._door, self._talk)
        self._files = Files(settings, context, self._door, self._talk)
        self.sockets = Sockets(settings, context, self._door, self._talk)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the routes of the chat protocol (docs/reference/chat-protocol.md)."""
        guarded, preflight = self._door.guarded, self._door.preflight
        served = (
            ("POST", "/chat/v1/visitors", self._rest.new_visitor),
            ("POST", "/chat/v1/identity", self._rest.identify),
            ("POST", "/chat/v1/messages", self._rest.post_message),
            ("GET", "/chat/v1/messages", self._rest.get_messages),
            ("POST", "/chat/v1/attachments", self._files.upload),
            ("GET", "/chat/v1/attachments/{id}", self._files.download),
            ("GET", "/chat/v1/socket", self.sockets.serve),
        )
        asked_before = dict.fromkeys(path for _, path, _ in served)
        return [
            *(web.route(method, path, guarded(handler)) for method, path, handler in served),
            *(web.route("OPTIONS", path, preflight) for path in asked_before),
        ]

    async def run(self) -> None:
        """Look after the sockets until cancelled; there is nothing to fetch."""
        while True:
            self.sockets.sweep()
            self._talk.forget()
            self._context.progress(f"{len(self.sockets)} sockets")
            await self._context.clock.wait(ROUND)

    async def send(self, outbound: Outbound) -> Receipt:
        """Say that it is done: what is committed is with the clients already, by history and by push."""
        return Receipt(detail="served: clients fetch it")

    def render(self, outbound: Outbound) -> Sequence[Rendered]:
        """Return the message as clients are given it."""
        buttons = tuple(choice.label for choice in outbound.choices)
        return [Rendered(form="html", content=to_html(outbound.text), buttons=buttons)]

    async def close(self) -> None:
        """Send all clients away with 1001 and take no new ones."""
        self.sockets.close()
        tasks = {
            asyncio.create_task(self.sockets.emptied()),
            asyncio.create_task(self._farewell()),
        }
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        self.sockets.abort()

    async def _farewell(self) -> None:
        await self._context.clock.wait(FAREWELL)


def create(settings: WebchatSettings, context: Context) -> WebchatAdapter:
    """Return the adapter; nothing is opened."""
    return WebchatAdapter(settings, context)
