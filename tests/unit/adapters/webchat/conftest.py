"""A web chat on a local port, its context in the test's hands."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.testing import FakeClock, FakeContext
from adapters.webchat.adapter import create
from adapters.webchat.settings import WebchatSettings
from tests.unit.adapters.webchat.client import Chat, Open


@pytest.fixture
async def open_chat() -> AsyncIterator[Open]:
    """Return a function that starts a chat with the settings given."""
    begun: list[TestClient[web.Request, web.Application]] = []

    async def start(*, consent: str = "", **settings: Any) -> Chat:
        clock = FakeClock()
        context = FakeContext(clock=clock, consent=consent)
        adapter = create(WebchatSettings.model_validate(settings), context)
        app = web.Application()
        app.add_routes(adapter.routes())
        client = TestClient(TestServer(app))
        await client.start_server()
        begun.append(client)
        return Chat(adapter=adapter, context=context, clock=clock, http=client)

    yield start
    for client in begun:
        await client.close()


@pytest.fixture
async def chat(open_chat: Open) -> Chat:
    """Return a chat with default settings."""
    return await open_chat()
