"""A shop's own app: posts messages of its customers, and receives ours at a webhook that checks the signature."""

import asyncio
import base64
import hashlib
import hmac
from collections import deque
from dataclasses import dataclass
from typing import Any, Literal, Self

import aiohttp
import orjson
from aiohttp import web

SECRET = "whsec_" + base64.b64encode(b"sample secret of the test app!").decode()
TOKEN = "sample-token-of-the-test-app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How the webhook answers once."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    kind: Literal["answer", "hang", "drop"] = "answer"


class ShopApp:
    """The webhook's server, and the client that posts; use it as ``async with``."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.script: deque[Reply] = deque()
        self.webhook_url = ""
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=100 * 1024 * 1024)
        app.router.add_post("/hook", self._hook)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.webhook_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Be gone."""
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        reply = self.script.popleft() if self.script else Reply()
        if reply.kind == "hang":
            await self._stopping.wait()
        if reply.kind == "drop" and request.transport is not None:
            request.transport.close()
            return web.Response()
        if not signed_by_us(request.headers, body):
            return web.Response(status=401)
        if 200 <= reply.status < 300:
            self.ids.append(request.headers["webhook-id"])
            self.received.append(orjson.loads(body)["data"])
        return web.Response(status=reply.status, headers=dict(reply.headers))


def signed_by_us(headers: Any, body: bytes) -> bool:
    """Return whether the signature is right, computed as the specification of Standard Webhooks says."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(it, f"v1,{expected}") for it in headers["webhook-signature"].split())


async def post(
    url: str, body: object, *, token: str = TOKEN, raw: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Post one message as the app does; return status, headers and JSON."""
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    data = orjson.dumps(body) if raw is None else raw
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=chunks(data), headers=sent) as response,
    ):
        return response.status, dict(response.headers), orjson.loads(await response.read())


async def chunks(data: bytes) -> Any:
    """Yield ``data`` in pieces, so that its length is not announced."""
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]
