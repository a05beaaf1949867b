"""A whole correspondence over real servers: signed addresses come back, and two autoresponders fall silent at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from adapters.contract import AutomaticKind, Outbound
from adapters.mail.adapter import MailAdapter
from adapters.mail.settings import MailSettings
from adapters.testing import FakeClock, FakeContext
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.smtp import Relay, Taken, running_relay

VACATION = 'require ["vacation"];\nvacation :days 1 :addresses ["alice@shop.example"] "休假中 / away";\n'


class RealClock(FakeClock):
    """The wall's own time, for tests with real servers."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, span: timedelta) -> None:
        await asyncio.sleep(span.total_seconds())


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def relay(dovecot: Dovecot) -> Iterator[Relay]:
    """What we submit to, and what Dovecot's own autoresponder sends through: both ends meet in one Dovecot."""
    for user in ("support", "alice"):
        dovecot.empty(user)

    def hand_on(taken: Taken) -> None:
        for recipient in taken.recipients:
            dovecot.deliver(recipient, taken.content, taken.sender)

    with running_relay(dovecot.relay) as server:
        server.hand_on = hand_on
        yield server


@contextlib.asynccontextmanager
async def gateway(dovecot: Dovecot, context: FakeContext) -> AsyncIterator[MailAdapter]:
    values = {
        "address": "support@shop.example",
        "imap": {
            "host": "127.0.0.1",
            "port": dovecot.imaps,
            "login": "support",
            "password": PASSWORD,
            "ca_file": dovecot.ca_file,
            "start": "all",
        },
        "smtp": {
            "host": "127.0.0.1",
            "port": dovecot.submission,
            "security": "starttls",
            "login": "support",
            "password": PASSWORD,
            "ca_file": dovecot.ca_file,
        },
    }
    adapter = MailAdapter(MailSettings.model_validate(values), context)
    task = asyncio.create_task(adapter.run())
    try:
        yield adapter
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await adapter.close()


def a_mail(to: str = "support@shop.example", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "alice@shop.example"
    mail["To"] = to
    mail["Subject"] = "订单"
    mail["Message-ID"] = f"<{datetime.now(UTC).timestamp()}@alice.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("您好")
    return mail


def an_answer(**changes: Any) -> Outbound:
    values: dict[str, Any] = {
        "key": "k0001",
        "channel": "mail",
        "address": "alice@shop.example",
        "thread": "abcdefghij0123456789",
        "text": "您好，三天内送达。",
    }
    return Outbound(**(values | changes))


async def test_an_answer_to_our_answer_brings_thread_and_key_back(dovecot: Dovecot, relay: Relay) -> None:
    context = FakeContext(clock=RealClock())
    async with gateway(dovecot, context) as adapter:
        await adapter.send(an_answer())
        sent = relay.taken[0].mail
        reply = a_mail(str(sent["Reply-To"]), In_Reply_To=str(sent["Message-ID"]))
        address = sent["Reply-To"].addresses[0].addr_spec
        await asyncio.to_thread(dovecot.deliver, address, reply.as_bytes(), "alice@shop.example")
        (raw,) = await context.stored()
        inbound = await adapter.complete(raw)
    assert inbound.token == "abcdefghij0123456789"
    assert inbound.refs[0] == "k0001"
    assert inbound.automatic is None
    assert inbound.may_autorespond


async def test_an_autoresponder_does_not_answer_our_automatic_mail(dovecot: Dovecot, relay: Relay) -> None:
    dovecot.sieve("alice", VACATION)
    context = FakeContext(clock=RealClock())
    async with gateway(dovecot, context) as adapter:
        await adapter.send(an_answer())
        await adapter.send(an_answer(key="k0002", automatic=False, author="agent", agent_name="王芳"))
        (raw,) = await context.stored()  # to the agent's mail alone
        inbound = await adapter.complete(raw)
    assert inbound.automatic is AutomaticKind.AUTO_REPLY
    assert not inbound.may_autorespond
    assert inbound.refs[0] == "k0002"
    assert len(context.delivered) == 1
    assert [taken.sender.partition("@")[0].partition(".")[0] for taken in relay.taken] == [
        "",
        "support+b-k0002-0",
        "",
    ]


async def test_our_own_mail_that_comes_back_is_known(dovecot: Dovecot, relay: Relay) -> None:
    context = FakeContext(clock=RealClock())
    async with gateway(dovecot, context) as adapter:
        await adapter.send(an_answer())
        returned = relay.taken[0].content
        await asyncio.to_thread(dovecot.deliver, "support@shop.example", returned, "alice@shop.example")
        (raw,) = await context.stored()
        inbound = await adapter.complete(raw)
    assert inbound.automatic is AutomaticKind.OWN
    assert not inbound.may_autorespond


async def test_a_bounce_at_submission_is_a_refusal_with_the_servers_words(
    dovecot: Dovecot, relay: Relay
) -> None:
    relay.at["RCPT"] = ["550 5.1.1 no such user here"]
    context = FakeContext(clock=RealClock())
    async with gateway(dovecot, context) as adapter:
        with pytest.raises(Exception, match=r"5\.1\.1 no such user here") as caught:
            await adapter.send(an_answer())
    assert type(caught.value).__name__ == "Refused"


async def test_the_mail_is_there_within_three_seconds_of_being_accepted(
    dovecot: Dovecot, relay: Relay
) -> None:
    context = FakeContext(clock=RealClock())
    async with gateway(dovecot, context) as adapter:
        await asyncio.to_thread(dovecot.deliver, "support@shop.example", a_mail().as_bytes())
        await adapter.complete((await context.stored())[0])
        loop = asyncio.get_running_loop()
        for n in range(2, 5):
            await asyncio.to_thread(dovecot.deliver, "support@shop.example", a_mail().as_bytes())
            accepted_at = loop.time()
            await adapter.complete((await context.stored(n))[-1])
            assert loop.time() - accepted_at < 3
