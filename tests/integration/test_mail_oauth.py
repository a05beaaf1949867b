"""OAuth2 against a scripted token endpoint and Dovecot, which asks the same endpoint whether a token is good."""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.contract import BadCredentials, SendFailed
from adapters.mail.adapter import MailAdapter
from adapters.mail.oauth import Tokens
from adapters.mail.session import ConnectionLost
from adapters.mail.settings import MailSettings, OAuthSettings
from adapters.testing import FakeClock, FakeContext
from tests.servers.dovecot import Dovecot, free_port, running_dovecot
from tests.servers.imap import ScriptedImap, running_imap


@dataclass
class Endpoint:
    """Gives ``token 1``, ``token 2`` …; only those in ``good`` let anybody in."""

    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    renews: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        if self.answers:
            status, body = self.answers.pop(0)
            return web.json_response(body, status=status)
        token = f"access-token-{len(self.asked)}"
        self.good.add(token)
        body = {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}
        return web.json_response(body | ({"refresh_token": self.renews} if self.renews else {}))

    async def tokeninfo(self, request: web.Request) -> web.Response:
        if request.query.get("access_token") in self.good:
            return web.json_response({"email": "support", "active": True})
        return web.json_response({"error": "invalid_token"}, status=401)


@contextlib.asynccontextmanager
async def serving(endpoint: Endpoint, port: int | None = None) -> AsyncIterator[Endpoint]:
    app = web.Application()
    app.router.add_post("/token", endpoint.token)
    app.router.add_get("/tokeninfo", endpoint.tokeninfo)
    async with TestServer(app, port=port) as server:
        endpoint.port = server.port or 0
        yield endpoint


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with serving(Endpoint()) as it:
        yield it


def tokens(endpoint: Endpoint, context: FakeContext, refresh: str = "configured") -> Tokens:
    values = {"token_url": endpoint.url, "client_id": "app", "client_secret": "s", "refresh_token": refresh}
    return Tokens(OAuthSettings.model_validate(values), context)


async def test_a_token_is_asked_for_once_and_renewed_before_it_ends(endpoint: Endpoint) -> None:
    clock = FakeClock()
    it = tokens(endpoint, FakeContext(clock=clock))
    assert await it.token() == await it.token() == "access-token-1"
    await clock.advance(timedelta(minutes=54))
    assert await it.token() == "access-token-1"
    await clock.advance(timedelta(minutes=2))
    assert await it.token() == "access-token-2"
    assert endpoint.asked[0] == {
        "grant_type": "refresh_token",
        "client_id": "app",
        "client_secret": "s",
        "refresh_token": "configured",
    }


async def test_many_at_once_ask_once(endpoint: Endpoint) -> None:
    it = tokens(endpoint, FakeContext())
    assert set(await asyncio.gather(*(it.token() for _ in range(10)))) == {"access-token-1"}
    assert len(endpoint.asked) == 1


async def test_a_renewed_refresh_token_outlives_the_process_and_is_kept_sealed(endpoint: Endpoint) -> None:
    context = FakeContext()
    endpoint.renews = "second-refresh"
    await tokens(endpoint, context).token()
    await tokens(endpoint, context).token()
    assert [one["refresh_token"] for one in endpoint.asked] == ["configured", "second-refresh"]
    assert "second-refresh" not in str(context.remembered)


async def test_a_newly_configured_refresh_token_wins_over_the_kept_one(endpoint: Endpoint) -> None:
    context = FakeContext()
    endpoint.renews = "second-refresh"
    await tokens(endpoint, context).token()
    await tokens(endpoint, context, "put in by hand").token()
    assert endpoint.asked[-1]["refresh_token"] == "put in by hand"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant"}, BadCredentials),
        (401, {"error": "invalid_client"}, BadCredentials),
        (400, {"error": "temporarily_unavailable"}, SendFailed),
        (503, {}, SendFailed),
        (200, {"nothing": 1}, SendFailed),
    ],
)
async def test_what_the_endpoint_refuses_is_told_apart(
    endpoint: Endpoint, status: int, body: dict[str, Any], error: type[Exception]
) -> None:
    endpoint.answers = [(status, body)]
    with pytest.raises(error) as caught:
        await tokens(endpoint, FakeContext()).token()
    assert "configured" not in str(caught.value)


async def test_an_endpoint_that_is_gone_is_tried_again() -> None:
    gone = Endpoint(port=free_port())
    with pytest.raises(SendFailed, match="gives no answer"):
        await tokens(gone, FakeContext()).token()


DOVECOT = """
auth_mechanisms = plain xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Dovecot, int]]:
    """A Dovecot that asks an endpoint on a port reserved for it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/tokeninfo?access_token="
    with tempfile.TemporaryDirectory(prefix="oauth") as folder:
        Path(folder).chmod(0o755)  # Dovecot is another user, and pytest's own folders are closed to it
        file = Path(folder) / "oauth2.conf.ext"
        file.write_text(
            f"tokeninfo_url = {url}\nintrospection_mode = auth\nusername_attribute = email\nusername_format = %u\n"
        )
        with running_dovecot(DOVECOT.format(file=file)) as server:
            yield server, port


@pytest.fixture
async def issuer(place: tuple[Dovecot, int]) -> AsyncIterator[Endpoint]:
    async with serving(Endpoint(), place[1]) as it:
        yield it


def adapter(server: Dovecot, endpoint: Endpoint, context: FakeContext) -> MailAdapter:
    imap = {"host": "127.0.0.1", "port": server.imaps, "ca_file": server.ca_file, "start": "all"}
    smtp = {"host": "127.0.0.1", "port": server.submission, "security": "starttls", "ca_file": server.ca_file}
    oauth2 = {"token_url": endpoint.url, "client_id": "app", "refresh_token": "configured"}
    values = {"address": "support@shop.example", "login": "support", "oauth2": oauth2}
    return MailAdapter(MailSettings.model_validate(values | {"imap": imap, "smtp": smtp}), context)


async def test_dovecot_lets_a_good_token_in_for_imap_and_smtp(
    place: tuple[Dovecot, int], issuer: Endpoint
) -> None:
    it = adapter(place[0], issuer, FakeContext())
    assert await it.probe() == []
    assert len(issuer.asked) == 1
    await it.close()


async def test_mail_is_fetched_with_a_token_and_a_dead_one_is_renewed_once(
    place: tuple[Dovecot, int], issuer: Endpoint
) -> None:
    context = FakeContext()
    it = adapter(place[0], issuer, context)
    assert await it.probe() == []
    issuer.good.clear()  # withdrawn before its time
    task = asyncio.create_task(it.run())
    await asyncio.to_thread(place[0].deliver, "support@shop.example", b"Subject: hello\n\nhi")
    await context.stored(1)
    assert len(issuer.asked) == 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await it.close()


async def test_a_token_refused_twice_is_an_error_at_once_and_never_in_a_log(
    place: tuple[Dovecot, int], issuer: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bad = {"access_token": "very-secret-token", "expires_in": 3600}
    issuer.answers = [(200, bad), (200, bad)]
    it = adapter(place[0], issuer, FakeContext())
    async with asyncio.timeout(8):  # the library alone would wait for its timeout
        with pytest.raises(BadCredentials, match=r"imap\.login and oauth2"):
            await it.run()
    await it.close()
    assert len(issuer.asked) == 2
    ours = "".join(
        one.getMessage() for one in caplog.records if one.name != "aiohttp.access"
    )  # the endpoint's
    assert "very-secret" not in ours
    assert "dmVyeS1zZWNyZXQ" not in ours  # nor in base64


async def test_three_refused_logins_are_the_last_for_an_hour() -> None:
    clock = FakeClock()
    context = FakeContext(clock=clock)
    async with running_imap(ScriptedImap(at={"LOGIN": ["no"] * 4})) as server:
        imap = {"host": "127.0.0.1", "port": server.port, "tls": False, "login": "a", "password": "b"}
        settings = MailSettings.model_validate({"address": "support@shop.example", "imap": imap})
        for _ in range(6):  # as the keeper, or somebody who restarts again and again, would
            it = MailAdapter(settings, context)
            with pytest.raises(BadCredentials):
                await it.run()
            await it.close()
        assert server.connections == 3
        await clock.advance(timedelta(hours=1))
        with pytest.raises((BadCredentials, ConnectionLost)):
            await MailAdapter(settings, context).run()
        assert server.connections == 4
