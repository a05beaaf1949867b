"""The mail channel keeps what every adapter promises, over a real Dovecot and a real SMTP conversation."""

import asyncio
import hashlib
import imaplib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.contract import Inbound, Outbound
from adapters.mail.adapter import MailAdapter, to_inbound
from adapters.mail.mime import read
from adapters.mail.quoting import MARKER
from adapters.mail.settings import MailSettings
from adapters.mail.spec import SPEC
from adapters.testing import FakeContext, SendingContract, SentMessage, Trouble
from adapters.testing.clock import breathe
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.smtp import Relay, running_relay


class PostOffice:
    """A mailbox customers write to, and the server our answers go to."""

    def __init__(self, dovecot: Dovecot, relay: Relay, context: FakeContext) -> None:
        self.dovecot = dovecot
        self.relay = relay
        self._context = context
        self._last = b""

    @property
    def acknowledged(self) -> int:
        """Mail is acknowledged by moving on: the place stored behind it."""
        return sum(inbound is not None for inbound, cursor in self._context.deliveries if cursor)

    @property
    def sent(self) -> Sequence[SentMessage]:
        return [SentMessage(text=plain_text(taken.mail)) for taken in self.relay.taken]

    async def offer(self, text: str) -> None:
        self._last = (
            "From: alice@cust.example\nTo: support@shop.example\nMessage-ID: <1@cust.example>\n"
            f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
        ).encode()
        await asyncio.to_thread(self._append)

    async def redeliver(self) -> None:
        await asyncio.to_thread(self._append)

    def _append(self) -> None:
        with imaplib.IMAP4("127.0.0.1", self.dovecot.imap) as client:
            client.login("support", PASSWORD)
            client.append("INBOX", "", "", self._last)

    async def until_acknowledged(self, count: int) -> None:
        while self.acknowledged < count:
            await breathe(1)

    def prepare(self, trouble: Trouble) -> None:
        match trouble:
            case "silence":
                self.relay.at["TAKEN"] = ["hang"]
            case "refused":
                self.relay.at["RCPT"] = ["550 5.1.1 no such user"]
            case "unreachable":
                self.relay.at["MAIL"] = self.relay.at["NULL"] = ["drop"]
            case "credentials":
                self.relay.at["MAIL"] = self.relay.at["NULL"] = ["530 5.7.0 authentication required"]
            case "busy":
                raise AssertionError("exempt")


def plain_text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text = str(part.get_content()).replace("\r\n", "\n")
    return text.removeprefix(f"-- {MARKER} --\n\n")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


SETTINGS: dict[str, Any] = {
    "address": "support@shop.example",
    "trusted_authserv_ids": ["mx.shop.example"],
    "imap": {"host": "127.0.0.1", "login": "support", "password": PASSWORD, "start": "all"},
}


class TestMail(SendingContract):
    spec = SPEC
    payloads = Path(__file__).parent / "payloads"
    stores_cursor = True
    exempt: ClassVar[Mapping[Trouble, str]] = {
        "busy": "SMTP does not say when to come back: a 4xx is tried again by the outbox's own back-off",
    }

    def parsed(self, payload: bytes) -> Inbound | None:
        raw = Inbound(
            channel="mail", external_id=hashlib.sha256(payload).hexdigest(), kind="raw", raw=payload
        )
        context = FakeContext()
        settings = MailSettings.model_validate(SETTINGS)
        return to_inbound(
            read(payload), raw, settings, context.secret("reply-token"), context.secret("loop-mark")
        )

    def outbound(self, **changes: Any) -> Outbound:
        return super().outbound(address="alice@cust.example", **changes)

    @pytest.fixture
    def far_side(self, dovecot: Dovecot, context: FakeContext) -> Iterator[PostOffice]:
        dovecot.empty("support")
        with running_relay() as relay:
            yield PostOffice(dovecot, relay, context)

    @pytest.fixture
    async def adapter(self, context: FakeContext, far_side: PostOffice) -> AsyncIterator[MailAdapter]:
        server = far_side.dovecot
        imap = SETTINGS["imap"] | {"port": server.imaps, "ca_file": str(server.ca_file), "timeout": "5s"}
        smtp = {"host": "127.0.0.1", "port": far_side.relay.port, "security": "none", "timeout": "500ms"}
        it = MailAdapter(MailSettings.model_validate(SETTINGS | {"imap": imap, "smtp": smtp}), context)
        yield it
        await it.close()
