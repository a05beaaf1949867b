"""Row 32: whatever goes through the house at the chattiest level, its log holds nobody's words, numbers or secrets."""

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from gateway import logs
from tests.servers.gateway import Gateway, prepared, running

PHONE, PAPER, MAIL, CARD = (
    "13912345678",
    "11010519491231002X",
    "canary.person@cust.example",
    "6222021234567890128",
)
SECRETS = {
    "APP_TOKEN": "canary-app-token-0123456789abcdef",
    "APP_SECRET": "whsec_Y2FuYXJ5LXNlY3JldC1vZi10aGUtYXBwLTEyMzQ1",
    "BOT_TOKEN": "123456:canary-bot-token-AAAAAAAAAAAAAAAAAAAAAA",
    "MAIL_PASSWORD": "canary-mail-password",
}
CHANNELS = """
[logs]
level = "debug"
[channels.web]
kind = "webchat"
[channels.app]
kind = "api"
token = {env = "APP_TOKEN"}
webhook_url = "http://localhost:9/canary-path-of-the-hook"
webhook_secret = {env = "APP_SECRET"}
[channels.bot]
kind = "telegram"
token = {env = "BOT_TOKEN"}
BASE
[channels.post]
kind = "mail"
address = "support@shop.example"
imap = { host = "127.0.0.1", port = 9, login = "support", password = { env = "MAIL_PASSWORD" } }
"""
WORDS = f"我叫王金丝雀，手机 {PHONE}，身份证 {PAPER}，邮箱 {MAIL}，卡号 {CARD}，密码是 canary-password-of-mine，转人工"
CANARIES = (
    PHONE, PAPER, MAIL, CARD, "王金丝雀", "canary-password", *SECRETS.values(), SECRETS["APP_SECRET"].removeprefix("whsec_"),
    SECRETS["BOT_TOKEN"].partition(":")[2], "canary-path-of-the-hook",
)  # fmt: skip


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    house = prepared(
        tmp_path / "house", channels=CHANNELS.replace("BASE", 'base_url = "http://127.0.0.1:9/bot"')
    )
    house.environ = SECRETS
    with running(house) as one:
        yield one


async def test_row_32_canaries_through_every_channel_are_in_no_line_of_the_log(gateway: Gateway) -> None:
    async with aiohttp.ClientSession(gateway.url) as http:
        async with http.post("/chat/v1/visitors") as answer:
            token = (await answer.json())["token"]
        visitor = {"Authorization": f"Bearer {token}"}
        for body in (
            {"id": str(uuid4()), "text": WORDS},
            {"id": WORDS, "text": 3},
            {"text": WORDS, WORDS: PHONE},
        ):
            async with http.post("/chat/v1/messages", json=body, headers=visitor) as answer:
                assert answer.status in (202, 422)
        app = {"Authorization": f"Bearer {SECRETS['APP_TOKEN']}"}
        message = {"id": "m1", "thread": PHONE, "from": {"id": MAIL, "name": "王金丝雀"}, "text": WORDS}
        for posted in (message, message | {"text": PHONE}, message | {"id": 7}):
            async with http.post("/api/v1/channels/app/messages", json=posted, headers=app) as answer:
                assert answer.status in (202, 409, 422)
        async with http.post(
            "/api/v1/session", json={"login": MAIL, "password": "canary-password-of-mine"}
        ) as answer:
            assert answer.status in (401, 403)
        async with http.get(
            f"/api/v1/tickets?q={PHONE}", headers={"Authorization": "Bearer canary-password-x"}
        ) as answer:
            assert answer.status == 401
        line = await http.ws_connect("/chat/v1/socket")
        await line.send_json({"type": "hello", "token": token, "since": 0})
        await line.send_json({"type": "message", "id": str(uuid4()), "text": WORDS})
        heard = [await line.receive_json() for _ in range(4)]
        assert heard
        await line.close()
    gateway.stop()
    log = gateway.log
    assert '"level":"debug"' in log or '"level":"info"' in log
    assert len(log.splitlines()) > 5
    found = {one: re.findall(rf".{{0,80}}{re.escape(one)}.{{0,40}}", log) for one in (*CANARIES, token)}
    assert {one: lines[:2] for one, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "name", ["telegram", "httpx", "httpcore", "aiosmtplib", "aioimaplib", "sqlalchemy", "asyncio"]
)
def test_row_32_libraries_that_say_too_much_are_kept_quiet_at_any_level(name: str) -> None:
    assert logs.QUIET[name] >= logging.INFO
