"""Two providers of short messages on localhost: they check what the real ones check, as their documentation says."""

import hmac
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs, quote

import orjson
from aiohttp import web

from tests.servers.dovecot import free_port

SECRET = "sms-secret-of-a-test"


@dataclass
class SmsServer:
    """What it was handed, and what it is to answer."""

    port: int
    sent: list[dict[str, str]] = field(default_factory=list)
    refused: int = 0
    answers: str = "yes"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def twilio(self, request: web.Request) -> web.Response:
        """POST /2010-04-01/Accounts/{sid}/Messages.json."""
        kind, _, login = request.headers.get("Authorization", "").partition(" ")
        if kind != "Basic" or b64decode(login).decode() != f"{request.match_info['sid']}:{SECRET}":
            self.refused += 1
            return web.json_response({"code": 20003}, status=401)
        form = {name: values[0] for name, values in parse_qs((await request.read()).decode()).items()}
        if self.answers == "busy":
            return web.json_response({"code": 20429}, status=429)
        self.sent.append({"to": form["To"], "text": form["Body"], "from": form.get("From", "")})
        return web.json_response({"sid": "SM1", "status": "queued"}, status=201)

    async def aliyun(self, request: web.Request) -> web.Response:
        """POST / with everything in the query, signed by ACS3-HMAC-SHA256."""
        line = request.headers["Authorization"]
        names = line.partition("SignedHeaders=")[2].partition(",")[0]
        signed = "".join(f"{name}:{request.headers[name]}\n" for name in names.split(";"))
        body = sha256(await request.read()).hexdigest()
        asked = sorted(request.query.items())
        canonical = "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in asked
        )
        text = f"POST\n/\n{canonical}\n{signed}\n{names}\n{body}"
        wanted = hmac.digest(
            SECRET.encode(), f"ACS3-HMAC-SHA256\n{sha256(text.encode()).hexdigest()}".encode(), "sha256"
        ).hex()
        if not line.endswith(f"Signature={wanted}"):
            self.refused += 1
            return web.json_response({"Code": "SignatureDoesNotMatch"}, status=400)
        query = request.query
        if self.answers == "busy":
            return web.json_response({"Code": "isv.BUSINESS_LIMIT_CONTROL"})
        if self.answers == "no":
            return web.json_response({"Code": "isv.MOBILE_NUMBER_ILLEGAL"})
        filled = orjson.loads(query["TemplateParam"])
        self.sent.append({"to": query["PhoneNumbers"], "template": query["TemplateCode"], **filled})
        return web.json_response({"Code": "OK", "BizId": "1"})


@asynccontextmanager
async def sms_server() -> AsyncIterator[SmsServer]:
    """Serve both on a free port."""
    server = SmsServer(port=free_port())
    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/{sid}/Messages.json", server.twilio)
    app.router.add_post("/", server.aliyun)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", server.port).start()
    try:
        yield server
    finally:
        await runner.cleanup()
