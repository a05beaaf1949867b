"""K6: identity numbers and cards sent by mail are covered on arrival, and the customer is asked to use the web chat."""

import asyncio
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.shop import Shop, open_shop
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.smtp import Relay, Taken, running_relay

MAILBOX = """
[channels.mail]
kind = "mail"
address = "support@shop.example"

[channels.mail.imap]
host = "127.0.0.1"
port = {imaps}
login = "support"
password = {{ file = "{secret}" }}
ca_file = "{ca}"
start = "all"

[channels.mail.smtp]
host = "127.0.0.1"
port = {submission}
security = "starttls"
login = "support"
password = {{ file = "{secret}" }}
ca_file = "{ca}"
"""
CARD, IDENTITY, PHONE = "4242 4242 4242 4242", "11010119050101001X", "13800000001"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def relay(dovecot: Dovecot) -> Iterator[Relay]:
    for user in ("support", "alice"):
        dovecot.empty(user)

    def hand_on(taken: Taken) -> None:
        for recipient in taken.recipients:
            dovecot.deliver(recipient, taken.content, taken.sender)

    with running_relay(dovecot.relay) as server:
        server.hand_on = hand_on
        yield server


def a_mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "alice@shop.example", "support@shop.example", f"退款 {PHONE}"
    mail["Message-ID"] = "<k6@alice.example>"
    mail.set_content(f"转人工，请退到我的卡 {CARD}，身份证 {IDENTITY}，谢谢")
    return mail.as_bytes()


async def answers(shop: Shop, relay: Relay) -> list[str]:
    """Return what was mailed to the customer."""
    await asyncio.sleep(0.02)
    return [
        message_from_bytes(one.content, policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr] # ours has one
        for one in relay.taken
    ]


async def test_k6_a_mail_with_a_card_and_an_identity_number_is_covered_and_answered(
    tmp_path: Path, dovecot: Dovecot, relay: Relay
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    config = MAILBOX.format(
        imaps=dovecot.imaps, submission=dovecot.submission, ca=dovecot.ca_file, secret=secret
    )
    async with open_shop(tmp_path, config) as shop:
        agent = await shop.agent("1001")
        dovecot.deliver("support", a_mail())
        (said,) = await shop.until(lambda: answers(shop, relay))
        assert "证件号、银行卡号或密码已由系统隐去" in said
        assert "在线客服" in said
        (listed,) = (await agent.get("/tickets"))["tickets"]
        page = await agent.get(f"/tickets/{listed['number']}")
        (message,) = [one for one in page["messages"] if one["author"] == "customer"]
        assert "**** 4242" in message["text"]
        assert "unsafe" in message["labels"]
        assert message["covered"]
        everywhere = str((page, await agent.get("/tickets?q=退款"), await rows(shop)))
        for value in (CARD, IDENTITY, PHONE):
            assert value not in everywhere


async def rows(shop: Shop) -> list[Any]:
    """Return all that lies in the clear columns of people's words."""
    found = [
        row for name in ("message", "ticket", "event", "note", "promise") for row in await shop.rows(name)
    ]
    return [{name: value for name, value in row.items() if name != "sealed"} for row in found]
