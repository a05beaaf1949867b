"""A shop's own small service with its customer records, as docs/howto/customer-directory.md asks for one; and its faults."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.domain.claims import OrderForm, agrees
from gateway.domain.records import Claims

Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Crm:
    """The running service: what it was asked, and what it does wrong."""

    records: Mapping[str, Mapping[str, str]]
    order: str
    secret: str
    url: str = ""
    asked: list[dict[str, object]] = field(default_factory=list)
    fault: Fault | None = None
    unsigned: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one question, or go wrong as told."""
        body = await request.read()
        if not self._is_signed(request, body):
            self.unsigned += 1
            return web.Response(status=401)
        question = json.loads(body)
        self.asked.append(question)
        if self.fault is not None:
            return await self.fault(request)
        record = self.records.get(question["order"])
        if question["ask"] == "find":
            return web.json_response(
                {"found": False} if record is None else {"found": True, "record": record}
            )
        attrs = (
            None
            if record is None
            else {"phone": record["tel"], "name": record["to"], "email": record["mail"]}
        )
        is_so = agrees(Claims(**question["claims"]), attrs, key=b"crm", chance=lambda n: b"\0" * n)
        if not is_so or record is None:
            return web.json_response({"match": False})
        return web.json_response({"match": True, "order": record[self.order], "customer": record["cust"]})

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        id, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]  # noqa: A001
        signed = b".".join((id.encode(), at.encode(), body))
        mark = base64.b64encode(hmac.digest(self.secret.encode(), signed, hashlib.sha256)).decode()
        return hmac.compare_digest(request.headers["webhook-signature"], f"v1,{mark}")


@asynccontextmanager
async def running_crm(records: Sequence[Mapping[str, str]], *, order: str, secret: str) -> AsyncIterator[Crm]:
    """Start the service on a free port of this machine and stop it again."""
    form = OrderForm()
    crm = Crm({form.key(one[order]) or "": one for one in records}, order, secret)
    app = web.Application()
    app.router.add_post("/orders", crm.answer)
    server = TestServer(app)
    await server.start_server()
    crm.url = str(server.make_url("/orders"))
    try:
        yield crm
    finally:
        await server.close()


def status(code: int) -> Fault:
    """Answer with a status and the body of a match."""

    async def go_wrong(request: web.Request) -> web.StreamResponse:
        return web.json_response({"match": True, "order": "CG2026112001", "customer": "K1"}, status=code)

    return go_wrong


def body(content: bytes) -> Fault:
    """Answer 200 with these bytes."""

    async def go_wrong(request: web.Request) -> web.StreamResponse:
        return web.Response(body=content, content_type="application/json")

    return go_wrong


async def silence(request: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection before the answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def half(request: web.Request) -> web.StreamResponse:
    """Say how long the answer is, give half of it and close."""
    response = web.StreamResponse(headers={"Content-Length": "60", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"match": true, "order": "CG20')
    assert request.transport is not None
    request.transport.close()
    return response


async def elsewhere(request: web.Request) -> web.StreamResponse:
    """Send the asker to another address."""
    raise web.HTTPTemporaryRedirect("/orders")
